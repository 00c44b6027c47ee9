"""`standby accept-table` on twins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.cli.main import app
from cognito_standby.operator.services.accept_table import accept, tables_of
from cognito_standby.operator.services.context import Unreachable
from tests.cli_runner import CliRunner
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER, REGION, OperatorWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OperatorWorld]:
    """The primary Region, which has confirmed its table; the other one does not answer."""
    made = OperatorWorld()
    made.ledger.note_table("", made.records.table_id())

    def open_region(region: str) -> Any:
        return made.context if region == REGION else Unreachable(region, "dark")

    standby_finds(open_region, tmp_path, monkeypatch)
    yield made


def invoked(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, ["accept-table", *arguments], input=answer)


def test_the_confirmed_table_needs_no_answer(world: OperatorWorld) -> None:
    result = invoked("--region", REGION)
    assert result.exit_code == 0
    assert f"{world.records.table_id()} is confirmed" in result.output


def test_another_table_is_accepted_by_a_yes(world: OperatorWorld) -> None:
    world.table.ids[REGION] = "restored"
    refused = invoked("--region", REGION, answer="n\n")
    assert refused.exit_code == 1
    assert tables_of(world.context).differ
    accepted = invoked("--region", REGION, answer="y\n")
    assert accepted.exit_code == 0
    assert "standby reconcile" in accepted.output
    assert not tables_of(world.context).differ


def test_a_dark_region_is_told_of(world: OperatorWorld) -> None:
    result = invoked("--yes")
    assert result.exit_code == 2
    assert "could not be reached" in result.output
    assert f"{OTHER}" in result.output
    assert world.ledger.noted.table_id


def test_what_was_shown_is_what_is_accepted(world: OperatorWorld) -> None:
    world.table.ids[REGION] = "restored"
    shown = tables_of(world.context)
    world.ledger.note_table(shown.known, "a third one")
    assert not accept(world.context, shown)
    assert world.ledger.noted.table_id == "a third one"
