"""Restores that die at any write, and go on by the same id."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import pytest

from cognito_standby.core.domain.errors import PlanStaleError, RetryableError
from cognito_standby.recovery.domain.restore_request import RestoreOrder, RestoreRequest
from tests.saga.world import Saga
from tests.unit.recovery.restore_world import Restores
from tests.unit.recovery.test_restoring import NAMES, names, wiped
from tests.unit.world import Side

WRITES = ("create_user", "set_permanent_password", "set_attributes", "join_group", "put_group")


NOTES = ("note_intent", "note_created", "confirm")


class DyingError(BaseException):
    """A function that is no more."""


class Mortal:
    """A port whose `number`th write, of all that share the counter, is the last call that its
    function makes: before it took effect, or after."""

    def __init__(self, port: Any, methods: tuple[str, ...], fate: list[int], after: bool) -> None:
        self._port, self._methods, self._fate, self._after = port, methods, fate, after

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._port, method)
        if method not in self._methods:
            return real

        def call(*args: Any, **given: Any) -> Any:
            self._fate[0] -= 1
            if self._fate[0] != 0:
                return real(*args, **given)
            if self._after:
                real(*args, **given)
            raise DyingError

        return call


def _dying(at: Restores, side: Side, number: int, *, after: bool) -> Callable[[], bool]:
    """From now on one of the writes to pool, ledger or files is the last. Answers whether it was
    reached."""
    fate, ctx = [number], side.context
    side.context = replace(
        ctx,
        directory=cast(Any, Mortal(ctx.directory, WRITES, fate, after)),
        ledger=cast(Any, Mortal(ctx.ledger, NOTES, fate, after)),
    )
    at.files.write = Mortal(at.files, ("write",), fate, after).write  # type: ignore[method-assign]
    return lambda: fate[0] <= 0


@pytest.mark.parametrize("active", [True, False], ids=["active", "standby"])
@pytest.mark.parametrize("after", [True, False], ids=["after a write", "before a write"])
def test_whatever_it_dies_at_it_goes_on(active: bool, after: bool) -> None:
    reached, number = True, 0
    while reached:
        number += 3
        reached = _restored_although_it_died_at(number, active, after)
    assert number > 30, "there were writes to die at"


def _restored_although_it_died_at(number: int, active: bool, after: bool) -> bool:
    saga = Saga()
    people = {name: saga.person(name) for name in NAMES[:2]}
    side = saga.here if active else saga.there
    wiped(side)
    at = Restores(saga, side)
    reached = _dying(at, side, number, after=after)
    for attempt in range(4):
        order = RestoreOrder(RestoreRequest(), run=True)
        if attempt and at.files.names("runs/try-0/restore/run.json"):
            order = RestoreOrder(resume="try-0", run=True)
        try:
            at.played(f"try-{attempt}", order)
        except DyingError:
            at.going.clear()
            saga.pass_leases()
            _anybody_looks(saga, side, people, attempt)
            continue
        break
    saga.pass_leases()
    saga.settle()
    assert not list(saga.disagreements()), number
    assert names(side) == sorted(people), number
    assert not side.pool.messages
    return reached()


def _anybody_looks(saga: Saga, side: Side, people: dict[str, str], attempt: int) -> None:
    """Whoever the dead function had begun to make is gone on with by any hint; nobody whom it had
    not begun with is hinted at: in an active Region that would be a deletion."""
    for sub in people.values():
        row = next((row for row in side.ledger.rows() if row.subject.id == sub), None)
        if row is None or not row.target:
            continue
        try:
            side.run({"origin_sub": sub}, holder=f"hint-{attempt}#0")
        except (RetryableError, PlanStaleError):
            continue
