"""`python -m local fault`, as a person types it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from local.__main__ import app
from local.emulator import LocalAws
from tests.local.conftest import OTHER_REGION, REGION

pytestmark = pytest.mark.local_aws
RUNNER = CliRunner(env={"COLUMNS": "200"})


@pytest.fixture
def outputs(aws: LocalAws, tmp_path: Path) -> str:
    parts = {"user_pool_id": "", "client_id": "", "state_machines": {}, "bus": ""}
    parts |= {"dead_letter_queue_url": "", "ledger_table": ""}
    whole = {
        "endpoint": aws.endpoint,
        "account": aws.account,
        "records_table": "",
        "primary": {**parts, "region": REGION},
        "backup": {**parts, "region": OTHER_REGION},
    }
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps(whole))
    return str(path)


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
