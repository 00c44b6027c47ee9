"""`standby restore` on twins of both Regions and of the machine."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import Result

from cognito_standby.cli.commands import restore as command
from cognito_standby.cli.main import app
from cognito_standby.cli.views.restore import command_of
from cognito_standby.recovery.domain.restore_request import RestoreOrder, RestoreRequest
from cognito_standby.recovery.services.restore_desk import RestoreDesk, progress
from tests.cli_runner import CliRunner
from tests.saga.world import Saga
from tests.unit.cli.test_undelete import Two
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER
from tests.unit.recovery.restore_world import RestoreMachine, Restores
from tests.unit.recovery.test_restoring import names, wiped

pytestmark = pytest.mark.usefixtures("socket_disabled")
HERE = ("--region", OTHER)


TEXTS = ("user", "group", "deleted-since", "as-of", "resume")


class Desks:
    """The desk of the standby, and what the command compares afterwards."""

    def __init__(self) -> None:
        self.two = Two()
        self.saga: Saga = self.two.saga
        self.restores = Restores(self.saga, self.saga.there)
        self.desk: RestoreDesk = self.restores.desk
        self.compared = 0

    def compare(self, *_: object) -> int:
        self.compared += 1
        return 0


@pytest.fixture
def desks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desks:
    made = Desks()
    standby_finds(made.two.open, tmp_path, monkeypatch)
    monkeypatch.setattr(command, "opened_by", lambda *_: made.desk)
    monkeypatch.setattr(command, "_compared", made.compare)
    return made


def run(*arguments: str, answer: str = "") -> Result:
    given = ("restore", *arguments)
    done = CliRunner().invoke(app, given, input=answer or None, env={"COLUMNS": "200"})
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_on_demand_it_only_looks_and_says_how(desks: Desks) -> None:
    desks.saga.person("ann")
    wiped(desks.saga.there)
    told = run(*HERE, "--strategy", "on-demand", "--yes")
    assert told.exit_code == 0 and "create: 4" in told.output, told.output
    assert "on_demand" in told.output and "make deploy" in told.output
    assert names(desks.saga.there) == [], "nobody is made before they come"
    read = run(*HERE, "--strategy", "on-demand", "--json")
    assert json.loads(read.stdout)["plan"]["actions"]["create"] == 4
    for refused in (("--as-of", "2026-11-29T18:00:00Z"), ("--resume", "r"), ("--into", "p")):
        assert run(*HERE, "--strategy", "on-demand", *refused).exit_code == 2


def test_it_shows_what_it_will_do_and_asks(desks: Desks) -> None:
    desks.saga.person("ann")
    wiped(desks.saga.there)
    looked = run(*HERE, "--dry-run")
    assert looked.exit_code == 0 and "create: 4" in looked.output, looked.output
    assert "UserCreation: 1" in looked.output and "USD for monthly active users" in looked.output
    assert "nothing was changed; to do it: standby restore --region" in looked.output
    refused = run(*HERE, answer="n\n")
    assert refused.exit_code == 1 and "nothing was changed" in refused.output
    assert names(desks.saga.there) == []
    done = run(*HERE, answer="y\n")
    assert done.exit_code == 0 and "4 restored" in done.output, done.output
    assert names(desks.saga.there) == ["ann"] and desks.compared == 1
    assert "ann@example.org" not in done.output
    assert "no password came back" in done.output
    again = run(*HERE)
    assert again.exit_code == 0 and "nobody has to be restored" in again.output
    assert "--deleted-since" not in again.output, "that is the active Region's"


def test_the_lines_of_a_look_say_what_would_become_of_each(desks: Desks) -> None:
    desks.saga.person("ann")
    wiped(desks.saga.there)
    planned = json.loads(run(*HERE, "--dry-run", "--json").output)
    name = f"reports/{planned['started_at'][:10]}/{planned['restore']}.outcomes"
    lines = [json.loads(line) for line in (desks.desk.files.read(name) or b"").splitlines()]
    assert {(line["action"], line["outcome"]) for line in lines} == {("create", "planned")}
    assert len(lines) == 4 and planned["outcomes"] == {}
    assert progress(desks.desk, planned["restore"]) == "looked at everybody: 4 to restore"
    assert run(*HERE, "--resume", planned["restore"], "--yes").exit_code == 0
    lines = [json.loads(line) for line in (desks.desk.files.read(name) or b"").splitlines()]
    assert {line["outcome"] for line in lines} == {"restored"}


def test_who_is_left_is_asked_for_again_by_the_same_words() -> None:
    asked = RestoreRequest(
        group="the staff", as_of="2026-11-29T18:00:00+00:00", also_changed_since=True
    )
    assert command_of(OTHER, replace(asked, clear_ids=True)) == (
        f"standby restore --region {OTHER} --group 'the staff' "
        "--as-of 2026-11-29T18:00:00+00:00 --also-changed-since --names"
    )
    assert command_of(OTHER, RestoreRequest()) == f"standby restore --region {OTHER}"


def test_deleted_people_are_not_passed_over_in_silence(desks: Desks) -> None:
    desks.two.gone()
    active = Restores(desks.saga, desks.saga.here)
    desks.desk = active.desk
    done = run("--region", desks.saga.here.region, "--yes")
    assert done.exit_code == 0 and "nobody has to be restored" in done.output
    assert "add --deleted-since TIME" in done.output


def test_another_one_under_way_is_waited_for_or_rejected(desks: Desks) -> None:
    desks.saga.person("ann")
    wiped(desks.saga.there)
    desks.restores.opened(desks.restores.new("first"), RestoreOrder(run=True))
    done = run(*HERE, "--yes")
    assert done.exit_code == 2 and "first is under way in this pool" in done.output
    assert "wait until it has ended" in done.output and "standby reject RUN" in done.output


def test_one_user_is_named_as_a_person_knows_them(desks: Desks) -> None:
    desks.saga.person("ann")
    desks.saga.person("ben")
    wiped(desks.saga.there)
    done = run(*HERE, "--user", "ann", "--yes")
    assert done.exit_code == 0, done.output
    assert names(desks.saga.there) == ["ann"]
    assert run(*HERE, "--user", "nobody", "--yes").exit_code == 2


def test_a_group_that_no_record_knows_is_refused(desks: Desks) -> None:
    result = run(*HERE, "--group", "nothing", "--yes")
    assert result.exit_code == 2 and "no record is about a group nothing" in result.stderr


def test_the_brake_is_passed_by_its_own_word_only(desks: Desks) -> None:
    for number in range(7):
        desks.saga.person(f"p{number}")
        desks.saga.there.pool.admin_update_user_attributes(f"p{number}", {"name": "strange"})
    stopped = run(*HERE, "--yes")
    assert stopped.exit_code == 1 and "the brake asks" in stopped.output
    assert "would be overwritten" in stopped.output
    assert "--accept-brake" in stopped.output and "--resume restore-" in stopped.output
    assert run(*HERE, "--yes", "--accept-brake").exit_code == 0


def test_what_failed_is_resumed_by_its_id(desks: Desks) -> None:
    desks.saga.person("ann")
    wiped(desks.saga.there)
    planned = json.loads(run(*HERE, "--dry-run", "--json").output)
    restore = planned["restore"]
    broken = RestoreMachine(desks.restores, fails=1)
    desks.desk = replace(desks.desk, machine=broken)
    failed = run(*HERE, "--resume", restore, "--yes")
    assert failed.exit_code == 2 and "MisconfiguredError" in failed.output
    done = run(*HERE, "--resume", restore, "--yes", "--json")
    assert json.loads(done.output)["outcomes"] == {"restored": 4}
    unknown = run(*HERE, "--resume", "nothing", "--yes")
    assert unknown.exit_code == 2


def test_deleted_people_and_times_are_of_the_active_region(desks: Desks) -> None:
    for options in (("--deleted-since", "2026-11-29T10:00"), ("--as-of", "2026-11-29T10:00Z")):
        result = run(*HERE, *options, "--yes")
        assert result.exit_code == 2 and "in the active Region" in result.output, options


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "say whose pool"),
        (("--region", "eu-west-1"), "is not one of"),
        (("--region", "[/]"), "[/] is not one of"),
        ((*HERE, "--user", "\udcff", "--yes"), "--user is not in UTF-8"),
        ((*HERE, "--user", "a", "--group", "b"), "not both"),
        *(((*HERE, f"--{name}", " ", "--yes"), f"--{name} is blank") for name in TEXTS),
        ((*HERE, "--as-of", "noon"), "is no time"),
        ((*HERE, "--as-of", "2026-01-01", "--deleted-since", "2026-01-01"), "not --deleted-since"),
        ((*HERE, "--also-changed-since"), "since when"),
        ((*HERE, "--resume", "x", "--group", "b"), "as it was"),
        ((*HERE, "--json"), "asks nobody"),
        ((*HERE, "--strategy", "import", "--yes"), "belong together"),
        ((*HERE, "--role", "arn:aws:iam::1:role/x", "--yes"), "belong together"),
        ((*HERE, "--strategy", "fast"), "'fast' is not one of"),
    ],
)
def test_what_does_not_go_together_is_refused(
    desks: Desks, arguments: tuple[str, ...], why: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())
    assert not desks.restores.files.bodies, "nothing was begun"
