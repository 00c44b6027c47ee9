"""`standby undelete` on twins: an active Region with its Admin API's machine, and a standby."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from typer.testing import Result

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.services.submit import ApiContext
from cognito_standby.cli.main import app
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from tests.cli_runner import CliRunner
from tests.saga.world import Saga
from tests.twins.operator.operations import Switch
from tests.twins.operator.people import InMemoryPeople
from tests.twins.stores.names import InMemoryNames
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER, OperatorWorld
from tests.unit.world import PRIMARY

pytestmark = pytest.mark.usefixtures("socket_disabled")


class Two:
    """Both Regions; the machine runs while the command waits. `dark`: Regions that do not
    answer."""

    def __init__(self) -> None:
        self.saga, self.dark = Saga(), set[str]()
        self.sides = {PRIMARY: self.saga.here, OTHER: self.saga.there}
        self._numbers = count(1)

    def open(self, region: str) -> OperatorContext | Unreachable:
        if region in self.dark:
            return Unreachable(region, "ServiceUnavailableError: ConnectTimeoutError")
        side = self.sides[region]
        region = side.region
        api = replace(self.saga.api, region=region, records=side.context.records)
        return replace(
            OperatorWorld().context,
            region=region,
            records=side.context.records,
            ledger=side.ledger,
            people=InMemoryPeople(side.pool, Switch()),
            names=InMemoryNames(self.saga.world.table, region),
            admin=replace(api, pause=self._running(api), new_id=self._id),
        )

    def _id(self) -> str:
        return f"00000000-0000-4000-9000-{next(self._numbers):012d}"

    def _running(self, api: ApiContext) -> Callable[[float], None]:
        def pause(seconds: float) -> None:
            api.pause(seconds)
            while self.saga.bus.waiting:
                change = self.saga.changes.read(self.saga.bus.take())
                assert change is not None
                self.saga.execution(change).run(self.saga.context())
                self.saga.settle()

        return pause

    def gone(self, name: str = "ann", **attributes: str) -> str:
        """Somebody who deleted themselves; the origin sub."""
        sub = self.saga.person(name, **attributes)
        self.saga.here.pool.admin_delete_user(name)
        self.saga.hint(sub)
        self.saga.settle()
        return sub


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Two:
    made = Two()
    standby_finds(made.open, tmp_path, monkeypatch)
    return made


def run(*arguments: str, answer: str = "") -> Result:
    given = ("undelete", *arguments)
    return CliRunner().invoke(app, given, input=answer or None, env={"COLUMNS": "80"})


def text(result: Result) -> str:
    return " ".join(result.output.split())


def test_somebody_deleted_is_found_by_name_and_comes_back(two: Two) -> None:
    sub = two.gone()
    result = run("ann", answer="y\n")
    assert result.exit_code == 0, result.output
    assert sub in text(result) and f"undeleted in {PRIMARY}" in text(result)
    assert "forgot password" in text(result) and "ann@example.org" not in result.output
    assert two.saga.state("ann")["enabled"] == "true" == two.saga.twin(sub)["enabled"]
    assert two.saga.here.ledger.origin_of(two.saga.here.pool.admin_get_user("ann").sub) == sub


def test_without_a_yes_nothing_is_asked_for(two: Two) -> None:
    two.gone()
    assert run("ann").exit_code == 2
    assert not two.saga.state("ann") and not two.saga.bus.waiting


def test_the_region_that_stands_by_says_where_to_ask(two: Two) -> None:
    two.gone()
    refused = run("ann", "--region", OTHER, "--yes")
    assert refused.exit_code == 2
    assert "stands by; without --region the other one is asked, too" in text(refused)


def test_a_second_time_is_success_and_does_nothing(two: Two) -> None:
    sub = two.gone()
    assert run(sub, "--yes").exit_code == 0
    made = two.saga.here.pool.admin_get_user("ann").sub
    again = run(sub, "--yes")
    assert again.exit_code == 0 and "not deleted" in text(again)
    assert two.saga.here.pool.admin_get_user("ann").sub == made


def test_a_name_that_somebody_new_has_is_told(two: Two) -> None:
    sub = two.gone()
    other = two.saga.person("ann", email="other@example.org")
    result = run(sub, "--yes")
    assert result.exit_code == 1
    assert "belongs to another user" in text(result)
    assert two.saga.here.pool.admin_get_user("ann").sub == other


def test_who_of_two_deleted_ones_is_meant_has_to_be_said(two: Two) -> None:
    first = two.gone()
    second = two.gone("ann", email="other@example.org")
    result = run("ann", "--yes")
    assert result.exit_code == 2
    assert first in text(result).replace(" ", "") and second in text(result).replace(" ", "")
    assert run(second, "--yes").exit_code == 0
    assert two.saga.state("ann")["attr:email"] == "other@example.org"


def test_nobody_erased_comes_back(two: Two) -> None:
    sub = two.gone()
    two.saga.make(ChangeRequest(ChangeKind.ERASE, origin_sub=sub))
    two.saga.settle()
    result = run(sub, "--yes")
    assert result.exit_code == 1 and "was erased" in text(result)


def test_somebody_without_a_verified_address_needs_a_hand(two: Two) -> None:
    two.gone(email_verified="false")
    result = run("ann", "--yes")
    assert result.exit_code == 0 and "AdminSetUserPassword" in text(result)


def test_a_group_that_is_gone_is_named(two: Two) -> None:
    two.gone()
    two.saga.here.pool.delete_group("staff")
    result = run("ann", "--yes")
    assert result.exit_code == 0 and "these groups are gone: staff" in text(result)


def test_where_the_active_region_is_dark_nothing_is_done(two: Two) -> None:
    two.gone()
    two.dark.add(PRIMARY)
    result = run("ann", "--yes")
    assert result.exit_code == 2 and "the active Region was not reached" in text(result)
    assert run("ann", "--yes", "--region", OTHER).exit_code == 2
    assert run("nobody").exit_code == 2 and run("  ").exit_code == 2
