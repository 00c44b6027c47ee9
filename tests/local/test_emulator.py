"""Starting the local AWS."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.emulator import LocalAws, LocalAwsError
from local.patching import EmulatorChangedError, replace, require
from tests.local import assemblies
from tests.local.conftest import REGION

pytestmark = pytest.mark.local_aws


def test_a_second_start_in_a_process_is_refused(aws: LocalAws) -> None:
    with pytest.raises(LocalAwsError, match="new process"):
        LocalAws().start()


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assembly = str(assemblies.write(tmp_path))
        command = [sys.executable, "-m", "local", "up", "--assembly", assembly, "--port", port]
        command += ["--outputs", str(tmp_path / "outputs.json")]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert ended.returncode == 1
    assert f"port {port} of 127.0.0.1 is in use" in ended.stdout


def test_it_listens_on_loopback_only(aws: LocalAws) -> None:
    host = socket.gethostbyname(socket.gethostname())
    if host.startswith("127."):
        host = "127.0.0.2"
    with socket.socket() as probe:
        probe.settimeout(1)
        assert probe.connect_ex((host, aws.port)) != 0


def test_it_is_the_account_it_says(aws: LocalAws) -> None:
    identity = aws.client("sts", REGION).get_caller_identity()
    assert identity["Account"] == aws.account == "111111111111"


def test_a_patch_that_no_longer_fits_says_so() -> None:
    with pytest.raises(EmulatorChangedError, match=r"socket\.nothing is gone"):
        replace(socket, "nothing", lambda original: original)
    with pytest.raises(EmulatorChangedError, match="why"):
        require(False, "why")
