"""`standby user show` on twins of both Regions: what is shown, masked, and the exit codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.cli.main import app
from cognito_standby.core.domain.recoverability import Reason
from cognito_standby.operator.domain.person import Doubt, SeenUser
from cognito_standby.operator.domain.person_search import Verdict
from tests.cli_runner import CliRunner
from tests.twins.operator.operations import Switch
from tests.twins.operator.people import InMemoryPeople
from tests.unit.cli.where import standby_finds
from tests.unit.operator.two_regions import TwoRegions
from tests.unit.world import BACKUP, PRIMARY

pytestmark = pytest.mark.usefixtures("socket_disabled")
NARROW = 80


@pytest.fixture
def regions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TwoRegions:
    made = TwoRegions()
    standby_finds(made.open, tmp_path, monkeypatch)
    outputs = tmp_path / ".local" / "outputs.json"
    told = json.loads(outputs.read_text())
    told["primary"]["region"], told["backup"]["region"] = PRIMARY, BACKUP
    outputs.write_text(json.dumps(told))
    return made


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ("user", "show", *arguments), env={"COLUMNS": str(NARROW)})


def parsed(*arguments: str) -> Any:
    return json.loads(run("--json", *arguments).stdout)


def test_a_person_is_shown_with_both_subs_and_no_value(regions: TwoRegions) -> None:
    ann = regions.sign_up("annabel")
    result = run("annabel@example.org")
    assert result.exit_code == 0, result.output
    for told in (ann, regions.local_sub(ann), "verified_email", "record and pools agree"):
        assert told in result.output, result.output
    assert "annabel" not in result.output
    assert "active" in result.output
    assert max(map(len, result.output.splitlines())) <= NARROW


def test_values_are_shown_on_request(regions: TwoRegions) -> None:
    regions.sign_up("annabel")
    masked = run("annabel", "--attributes")
    assert "attr:email" in masked.output
    assert "annabel" not in masked.output
    clear = run("annabel", "--attributes", "--clear")
    assert "annabel" in clear.output
    assert "annabel" not in json.dumps(parsed("annabel"))
    assert "annabel@example.org" in json.dumps(parsed("annabel", "--clear"))


def test_each_outcome_has_a_code_of_its_own(regions: TwoRegions) -> None:
    for name in ("ann", "ben"):
        regions.sign_up(name, email="team@example.org")
    assert run("ann").exit_code == 0
    absent = run("nobody")
    assert absent.exit_code == 1
    assert "try the address" in " ".join(absent.output.split()), "what to do is said, too"
    assert run("team@example.org").exit_code == 3
    assert run("  ").exit_code == 2
    regions.dark = {PRIMARY}
    assert run("ann").exit_code == 0, "the other Region knows them"
    absent = run("nobody")
    assert absent.exit_code == 4
    assert "ask again when it does" in " ".join(absent.output.split())
    assert "no answer" not in run("ann").output
    assert "ConnectTimeoutError" in run("ann").output
    regions.dark = {PRIMARY, BACKUP}
    assert run("ann").exit_code == 2


def test_who_else_says_to_be_them_is_shown_with_the_reason(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    told = {"email": "ann@example.org", "custom:origin_sub": ann}
    other = regions.world.backup.pool.admin_create_user("mallory", told)
    result = run("ann")
    assert result.exit_code == 3
    assert "claimed_twice" in result.output
    for sub in (regions.local_sub(ann), other.sub):
        assert sub in result.output
    (person,) = parsed("ann")["people"]
    assert person["contested"]
    (claimant,) = person["sides"][1]["claimants"]
    assert (claimant["sub"], claimant["doubt"]) == (other.sub, "claimed_twice")


def test_the_shape_for_programs(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    report = parsed("ann")
    assert set(report) == {"verdict", "not_asked", "people"}
    (person,) = report["people"]
    assert (report["verdict"], person["origin_sub"]) == ("found", ann)
    assert set(person) == {
        *("origin_sub", "found_by", "contested", "winner", "sides", "differences"),
    }
    active, standby = person["sides"]
    assert active["record"] == person["winner"]
    assert standby["record"] is None
    assert standby["ledger"]["state"] == "in_sync"
    assert standby["ledger"]["local_sub"] == standby["user"]["sub"] != active["user"]["sub"]
    assert standby["sign_in"] == {"way": "password_reset", "reason": "verified_email"}


def test_markup_in_a_name_is_text(regions: TwoRegions) -> None:
    regions.sign_up("ann", email="ann@example.org", nickname="[bold]x[/nonsense]")
    result = run("ann", "--attributes", "--clear")
    assert result.exit_code == 0, result.output
    assert "[/nonsen" in result.output


def test_the_runbook_explains_every_reason_and_doubt() -> None:
    page = (Path(__file__).parents[3] / "docs/runbooks/user.md").read_text(encoding="utf-8")
    told = {*Reason, *Doubt, *Verdict}
    assert {each.value for each in told if f"`{each.value}`" not in page} == set()


def test_somebody_found_who_cannot_be_looked_at_is_not_nobody(regions: TwoRegions) -> None:
    regions.world.sign_up("ann", {"email": "ann@example.org"})  # captured nowhere
    regions.people[PRIMARY] = EndingPeople(regions.world.primary.pool, Switch())
    result = run("ann")
    assert result.exit_code == 4, result.output
    assert "UNKNOWN" in result.output
    assert f"{PRIMARY} unknown: pool: AWS is not available" in result.output


class EndingPeople(InMemoryPeople):
    """A pool that answers one search, and nothing after it."""

    def named(self, name: str) -> Sequence[SeenUser]:
        """As ever."""
        found = super().named(name)
        self._switch.dark = True
        return found
