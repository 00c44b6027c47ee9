"""Who fails for good, or has to wait, keeps nobody else waiting; a call without an answer does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    LeaseHeldError,
    MisconfiguredError,
    NotYetVisibleError,
    RefusedByPoolError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import execution_of
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services import replay, sync
from cognito_standby.replication.services.context import SyncContext
from tests.unit.world import Side, World

ANN = Subject.user("origin-ann")
FIRST, SECOND, OTHER = "arn:one#0", "arn:one#1", "arn:two#0"
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
@pytest.mark.parametrize("error", [ThrottledError, NotYetVisibleError])
def test_who_waits_leaves_the_subject_to_others(
    step: str, error: type[StandbyError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They give up on a lease within minutes, and a quota is waited for for hours."""
    side = World().backup
    begun(side, step)
    failing(side, monkeypatch, error("later"))
    with pytest.raises(error):
        STEPS[step](side.context)
    lease = side.ledger.read(ANN).lease
    assert lease is not None
    assert lease.holder == FIRST, "who goes on with it, if nobody else has taken it"
    assert side.ledger.renew_lease(ANN, FIRST).lease is not None
    with pytest.raises(error):
        STEPS[step](side.context)
    assert side.ledger.take_lease(ANN, OTHER).lease is not None


def asked_again(error: StandbyError) -> StandbyError:
    """The SDK had made the call before, and that was not answered."""
    error.asked_again = True
    return error


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "error", [ServiceUnavailableError("no answer"), asked_again(ThrottledError("slow down"))]
)
def test_a_call_without_an_answer_keeps_the_lease(
    step: str, error: StandbyError, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may still be on its way."""
    side = World().backup
    begun(side, step)
    failing(side, monkeypatch, error)
    with pytest.raises(type(error)):
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


@pytest.mark.parametrize("step", STEPS)
def test_a_refusal_that_is_told_anew_keeps_the_lease_of_the_first(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The SDK had made the call before; the field that it is about was added on the way."""
    side = World().backup
    begun(side, step)

    def refuses(*_: object) -> None:
        try:
            raise asked_again(RefusedByPoolError("no"))
        except RefusedByPoolError as error:
            raise RefusedByPoolError(str(error), fields=("attr:email",)) from None

    monkeypatch.setattr(side.context.records, "read", refuses)
    with pytest.raises(RefusedByPoolError):
        STEPS[step](side.context)
    with pytest.raises(LeaseHeldError):
        side.ledger.take_lease(ANN, SECOND)
