"""`standby restore --strategy import` on twins."""

from __future__ import annotations

from pathlib import Path

import pytest

from cognito_standby.cli import transfers
from cognito_standby.cli.commands import restore as command
from tests.unit.cli.test_restore import run
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER
from tests.unit.recovery.test_restore_importing import NEW, Importing
from tests.unit.recovery.test_restoring import names
from tests.unit.recovery.transfer_world import ROLE

pytestmark = pytest.mark.usefixtures("socket_disabled")
HERE = ("--region", OTHER)
BY_JOBS = ("--strategy", "import", "--role", ROLE)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Importing:
    made = Importing()
    standby_finds(lambda _: None, tmp_path, monkeypatch)
    monkeypatch.setattr(transfers, "opened", lambda *_: made.context)
    monkeypatch.setattr(command, "opened_by", lambda *_: made.at.desk)
    monkeypatch.setattr(command, "_compared", lambda *_: 0)
    return made


def test_the_look_says_what_jobs_would_do_and_then_they_do(here: Importing) -> None:
    looked = run(*HERE, "--dry-run")
    assert looked.exit_code == 0 and "by import jobs: at least" in looked.output, looked.output
    assert "--strategy import: 3 by jobs, who are RESET_REQUIRED until" in looked.output
    done = run(*HERE, *BY_JOBS, "--yes")
    assert done.exit_code == 0, done.output
    assert "3 made by import jobs, 0 passed over" in done.output
    assert "whoever came by a job is RESET_REQUIRED" in done.output
    assert names(here.side) == ["ann", *NEW]
    assert "@example.org" not in done.output
    again = run(*HERE, *BY_JOBS, "--yes")
    assert again.exit_code == 0 and "nobody has to be restored" in again.output


def test_where_a_job_can_make_nobody_all_go_by_calls(here: Importing) -> None:
    for name in NEW:
        here.saga.there.run({"origin_sub": here.subs[name]})
    done = run(*HERE, *BY_JOBS, "--yes")
    assert "nobody can be made by an import job" in done.output
    assert done.exit_code == 0 and not here.jobs.jobs
    assert names(here.side) == ["ann", *NEW]


def test_jobs_that_stop_are_gone_on_with_by_the_words_that_are_told(here: Importing) -> None:
    here.jobs.busy = 10_000
    stopped = run(*HERE, *BY_JOBS, "--yes")
    assert stopped.exit_code == 1, stopped.output
    assert "another import job of this account is still active" in stopped.output
    assert names(here.side) == []
    [onward] = [line for line in stopped.output.splitlines() if "once the cause" in line]
    words = onward.partition("standby ")[2].split()
    assert (words[0], words[3], words[-4:]) == ("restore", "--resume", list(BY_JOBS))
    here.jobs.busy = 0
    here.saga.pass_leases()
    done = run(*HERE, *words[3:], "--yes")
    assert done.exit_code == 0, done.output
    assert names(here.side) == ["ann", *NEW]
