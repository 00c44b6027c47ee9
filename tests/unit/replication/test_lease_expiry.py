"""Who fails for good does not keep anybody waiting; who can be retried keeps the lease."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    LeaseHeldError,
    MisconfiguredError,
    ThrottledError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import execution_of
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services import replay, sync
from cognito_standby.replication.services.context import SyncContext
from tests.unit.world import Side, World

ANN = Subject.user("origin-ann")
FIRST, SECOND = "arn:one#0", "arn:one#1"
STEPS: dict[str, Callable[[SyncContext], Any]] = {
    "plan_sync": lambda ctx: sync.plan_sync(ctx, Hint(origin_sub=ANN.key), FIRST),
    "capture_record": lambda ctx: sync.capture_record(ctx, ANN, FIRST, "change"),
    "confirm_sync": lambda ctx: sync.confirm_sync(ctx, ANN, FIRST),
    "replay_record": lambda ctx: replay.replay_record(ctx, ANN, FIRST),
}


def failing(side: Side, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(side.context.records, "read", fails)


def begun(side: Side, step: str) -> None:
    """Whatever came before the step: the first takes the lease by itself."""
    if step != "plan_sync":
        side.ledger.take_lease(ANN, FIRST)


@pytest.mark.parametrize("step", STEPS)
def test_a_failure_for_good_leaves_a_lease_that_has_run_out(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    side = World().backup
    begun(side, step)
    failing(side, monkeypatch, InvalidRecordError("spoilt"))
    with pytest.raises(InvalidRecordError):
        STEPS[step](side.context)
    lease = side.ledger.read(ANN).lease
    assert lease is not None
    assert execution_of(lease.holder) == "arn:one", "containment must know who had it"
    assert side.ledger.take_lease(ANN, SECOND).lease is not None


@pytest.mark.parametrize("step", STEPS)
def test_what_is_tried_again_keeps_its_lease(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    side = World().backup
    begun(side, step)
    failing(side, monkeypatch, ThrottledError("slow down"))
    with pytest.raises(ThrottledError):
        STEPS[step](side.context)
    with pytest.raises(LeaseHeldError):
        side.ledger.take_lease(ANN, SECOND)


def test_the_failure_is_told_even_if_the_lease_cannot_be_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    side = World().backup
    begun(side, "confirm_sync")
    failing(side, monkeypatch, InvalidRecordError("spoilt"))

    def denied(*_: object) -> None:
        raise MisconfiguredError("UpdateItem: AccessDeniedException")

    monkeypatch.setattr(side.ledger, "end_lease", denied)
    with pytest.raises(InvalidRecordError):
        STEPS["confirm_sync"](side.context)
