"""Ways in which one call of a step can go wrong, and what somebody else can do just then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    MisconfiguredError,
    RefusedByPoolError,
    ServiceUnavailableError,
    ThrottledError,
)
from cognito_standby.core.domain.hints import Hint
from tests.saga.machine import AbortedError, KilledError
from tests.saga.world import Saga

Raise = Callable[[], BaseException]
READS = ("get_user", "get_user_by_sub", "schema", "read", "read_active", "origin_of", "get_group")


@dataclass(frozen=True)
class Fault:
    """`after`: the call has its effect first. `for_good`: every such call from then on."""

    name: str
    error: Raise
    after: bool = False
    for_good: bool = False


def _unavailable() -> BaseException:
    return ServiceUnavailableError("injected")


def _misconfigured() -> BaseException:
    return MisconfiguredError("injected")


FAULTS = (
    Fault("an error, before it has its effect", _unavailable),
    Fault("an error, after it had its effect", _unavailable, after=True),
    Fault("throttled", lambda: ThrottledError("injected")),
    Fault("unavailable for good", _unavailable, for_good=True),
    Fault("unavailable for good, after the first had its effect", _unavailable, True, True),
    Fault("refused for good", _misconfigured, for_good=True),
    Fault("refused by the pool", lambda: RefusedByPoolError("injected")),
    Fault("killed before", KilledError),
    Fault("killed after", KilledError, after=True),
    Fault("stopped before", AbortedError),
    Fault("stopped after", AbortedError, after=True),
)
BY_NAME = {fault.name: fault for fault in FAULTS}

Deed = Callable[[Saga, str], None]
"""Something that somebody else does, to the user of that origin sub."""


def _attribute(name: str, value: str) -> Deed:
    def write(saga: Saga, key: str) -> None:
        saga.here.pool.admin_update_user_attributes("ann", {name: value})
        _their_own_hint(saga, key)

    return write


def _joins(saga: Saga, key: str) -> None:
    saga.here.pool.admin_add_user_to_group("ann", "guests")
    _their_own_hint(saga, key)


def _their_own_hint(saga: Saga, key: str) -> None:
    """CloudTrail tells of it, later than everything else here."""
    saga.here.bus.publish(Hint(origin_sub=key, cause="their own change"))


def _hinted(saga: Saga, key: str) -> None:
    saga.hint(key)


def _late_hint(saga: Saga, key: str) -> None:
    saga.pass_leases()
    saga.hint(key)


def _second_admin(saga: Saga, _: str) -> None:
    request = ChangeRequest(ChangeKind.UPDATE, username="ann", attributes={"locale": "fr"})
    change = saga.ask(request)
    saga.execution(change).run(saga.context())


DEEDS: dict[str, Deed] = {
    "nobody else": lambda _saga, _key: None,
    "the person changes the same field": _attribute("name", "Their Own"),
    "the person changes another field": _attribute("zoneinfo", "Europe/Vienna"),
    "the person joins a group": _joins,
    "a hint": _hinted,
    "a hint after the lease has run out": _late_hint,
    "another administrator": _second_admin,
}


@dataclass
class Injector:
    """Counts the calls of a saga's steps; at one of them `fault` happens, at one `deed`.

    `seen` are all calls in order, for a first run that only counts.
    """

    saga: Saga
    key: str = ""
    fault: Fault | None = None
    fault_at: int = -1
    deed: Deed | None = None
    deed_at: int = -1
    seen: list[tuple[str, str]] = field(default_factory=list)
    broken: tuple[str, str] | None = None
    active: bool = True
    acted: bool = False
    struck: Callable[[], None] = field(default=lambda: None)
    """Called when the fault strikes first."""

    def __call__(self, port: str, method: str, call: Callable[[], Any]) -> Any:
        if not self.active:
            return call()
        number = len(self.seen)
        self.seen.append((port, method))
        if number == self.deed_at and self.deed is not None:
            self._let_others(self.deed)
        if self.fault is None or not self._strikes(number, port, method):
            return call()
        if self.fault.after and number == self.fault_at:
            call()
        raise self.fault.error()

    def _strikes(self, number: int, port: str, method: str) -> bool:
        if number == self.fault_at:
            self.broken = (port, method)
            self.struck()
            return True
        return bool(self.fault and self.fault.for_good and (port, method) == self.broken)

    def _let_others(self, deed: Deed) -> None:
        self.active = False
        try:
            deed(self.saga, self.key)
            self.acted = True
        except LeaseHeldError:
            pass
        finally:
            self.active = True
