"""`standby accept-pool` on twins."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cognito_standby.cli import regions as cli_regions
from cognito_standby.cli.main import app
from cognito_standby.operator.services.accept_pool import accept_pool, pools_of
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from tests.cli_runner import CliRunner
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OTHER, REGION
from tests.unit.operator.run_world import RunWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")
FORMER = f"{REGION}_Former"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunWorld:
    """The active Region, whose pool was replaced by config; the other one does not answer."""
    made = RunWorld(REGION, users=0)
    made.register.pool_of_record(FORMER)

    def open_region(region: str) -> Any:
        return made.context if region == REGION else Unreachable(region, "dark")

    standby_finds(open_region, tmp_path, monkeypatch)
    return made


def invoked(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(app, ["accept-pool", *arguments], input=answer)


def test_another_pool_is_accepted_by_a_yes(here: RunWorld) -> None:
    refused = invoked("--region", REGION, answer="n\n")
    assert refused.exit_code == 1
    assert FORMER in refused.output
    assert "neither deleted nor made: this Region is active" in refused.output
    assert pools_of(here.context).differ
    accepted = invoked("--region", REGION, answer="y\n")
    assert accepted.exit_code == 0
    assert f"standby reconcile --region {REGION}" in accepted.output
    assert here.register.known_pool() == here.pool.config.pool_id
    again = invoked("--region", REGION)
    assert again.exit_code == 0
    assert "is the known one" in again.output


def test_a_pool_that_stands_by_is_said_to_be_filled(here: RunWorld) -> None:
    here.world.table.store(OTHER).put_claim(7)
    here.world.table.replicate_all()
    assert "it is filled" in invoked("--region", REGION, answer="n\n").output


def test_a_first_pool_needs_no_answer(here: RunWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = RunWorld(REGION)
    monkeypatch.setattr(cli_regions, "open_region", lambda *_: fresh.context)
    result = invoked("--region", REGION)
    assert result.exit_code == 0
    assert "its first reconciliation" in result.output


def test_a_dark_region_is_told_of(here: RunWorld) -> None:
    result = invoked("--yes")
    assert result.exit_code == 2
    assert "could not be reached" in result.output
    assert not pools_of(here.context).differ


def test_a_stack_without_reconciliation_is_told_of(
    here: RunWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    without: OperatorContext = replace(here.context, runs=None)
    monkeypatch.setattr(cli_regions, "open_region", lambda *_: without)
    result = invoked("--region", REGION)
    assert result.exit_code == 2
    assert "no reconciliation" in result.output


def test_what_was_shown_is_what_is_accepted(here: RunWorld) -> None:
    shown = pools_of(here.context)
    here.register.accept_pool(FORMER, "a third one")
    assert not accept_pool(here.context, shown)
    assert here.register.known_pool() == "a third one"
