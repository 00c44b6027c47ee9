"""`python -m local fault`, as a person types it."""

from pathlib import Path

import pytest

from local.__main__ import app
from local.emulator import LocalAws
from tests.cli_runner import CliRunner
from tests.local.conftest import OTHER_REGION
from tests.local.installation_file import outputs_file

pytestmark = pytest.mark.local_aws
RUNNER = CliRunner(env={"COLUMNS": "200"})


@pytest.fixture
def outputs(aws: LocalAws, tmp_path: Path) -> str:
    return outputs_file(aws, tmp_path)


def fault(outputs: str, *words: str) -> tuple[int, str]:
    done = RUNNER.invoke(app, ["fault", *words, "--outputs", outputs])
    return done.exit_code, done.output


def test_add_list_and_clear(aws: LocalAws, outputs: str) -> None:
    code, told = fault(outputs, "add", "dark", "--region", OTHER_REGION, "--how", "hang")
    assert code == 0
    assert f"dark region={OTHER_REGION} how=hang" in told
    assert aws.faults.dark(OTHER_REGION)
    number = str(aws.faults.state()["faults"][0]["id"])
    code, told = fault(outputs, "list")
    assert code == 0
    assert number in told
    assert OTHER_REGION in told
    assert fault(outputs, "clear", number)[0] == 0
    assert not aws.faults.dark(OTHER_REGION)
    assert fault(outputs, "clear", number)[0] == 1, "it is gone"
    assert fault(outputs, "clear", "--all") == (0, "0 ended\n")
    assert "no fault is active" in fault(outputs, "list")[1]


def test_what_cannot_be_done_is_told(outputs: str, tmp_path: Path) -> None:
    assert fault(outputs, "clear")[0] == 1
    code, told = fault(outputs, "add", "latency")
    assert (code, "latency needs seconds" in told) == (1, True)
    code, told = fault(str(tmp_path / "none.json"), "list")
    assert code == 1
    assert "is `python -m local up` running?" in told.replace("\n", " ")
