"""A service as a sequence of calls: re-run it on the answers so far and see what it asks next.

Services are deterministic: what one does next is a function of its arguments and of the answers
that its port calls received. So an execution in the middle of a service is represented by those
answers alone, can be forked, compared and stored, and every call is a step of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, NoReturn

from cognito_standby.core.domain.absence import RegionNotes
from cognito_standby.core.domain.changed_passwords import PasswordNote
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.pools import PoolSchema
from cognito_standby.replication.services.context import SyncContext
from tests.twins.stores.frozen import FrozenMap

PASSWORD = "Aa1!of-the-standby"
"""What replay sets; a person who recovers chooses another one."""


@dataclass(frozen=True)
class Call:
    """One call of a port."""

    port: str
    method: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Raised:
    """An answer, or an end, that is an error of the project's taxonomy."""

    kind: type[StandbyError]
    message: str

    def throw(self) -> NoReturn:
        """Raise it."""
        raise self.kind(self.message)


@dataclass(frozen=True)
class Returned:
    """The service returned."""

    value: Any


Next = Call | Returned | Raised
Service = Callable[[SyncContext], Any]


class _Pause(BaseException):
    """Stops a service at its first unanswered call; nothing in it catches this."""


class _Tape:
    def __init__(self, answers: tuple[Any, ...]) -> None:
        self._answers = answers
        self._position = 0
        self.asks: Call | None = None

    def call(self, port: str, method: str, args: tuple[Any, ...]) -> Any:
        if self.asks is None and self._position < len(self._answers):
            answer = self._answers[self._position]
            self._position += 1
            return answer.throw() if isinstance(answer, Raised) else answer
        # Calls on the way out of a paused service (a `finally`) are not made either.
        self.asks = self.asks or Call(port, method, freeze(args))
        raise _Pause


class _Port:
    """A port whose every method asks the tape; what never changes is answered at once."""

    def __init__(self, tape: _Tape, name: str, constants: Mapping[str, Any]) -> None:
        self._tape, self._name, self._constants = tape, name, constants

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method in self._constants:
            return lambda *_: self._constants[method]
        return lambda *args: self._tape.call(self._name, method, args)


@dataclass(frozen=True)
class Region:
    """What is constant in one Region. `now` is its own idea of the time."""

    name: str
    user_pool_id: str
    schema: PoolSchema
    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    doubted: bool = False
    """Pool or table can be recovered or replaced, so that what they tell of it is asked for."""
    on_demand: bool = False
    """The pool is filled on demand."""
    erased: bool = False
    """Everybody is on the list of erasures, and the records are those of a copy."""
    notes: tuple[PasswordNote, ...] = ()
    """What is noted of everybody's password."""


def run(service: Service, region: Region, answers: tuple[Any, ...]) -> Next:
    """What a service does after these answers."""
    tape = _Tape(answers)
    noted = RegionNotes("table", frozenset(), region.user_pool_id)
    calm: dict[str, dict[str, Any]] = {
        "pool": {"recoveries": ()},
        "table": {"table_id": noted.table_id},
        "ledger": {"region_notes": noted},
    }
    if region.doubted:
        calm = {port: {} for port in calm}
    ctx = SyncContext(
        region=region.name,
        user_pool_id=region.user_pool_id,
        directory=_Port(tape, "pool", {"schema": region.schema, **calm["pool"]}),
        records=_Port(tape, "table", calm["table"]),
        ledger=_Port(tape, "ledger", calm["ledger"]),
        bus=_Port(tape, "bus", {}),
        clock=_Port(tape, "clock", {"now": region.now}),
        passwords=_Port(tape, "passwords", {"new_password": PASSWORD}),
        erasures=_Port(
            tape, "erasures", {"has": region.erased, "learn": None, "add": None, "take_back": None}
        ),
        on_demand=region.on_demand,
        password_notes=_Port(tape, "password_notes", {"of": region.notes}),
    )
    try:
        return Returned(freeze(service(ctx)))
    except _Pause:
        assert tape.asks is not None
        return tape.asks
    except StandbyError as error:
        if tape.asks is not None:
            raise AssertionError("an error replaced a pending call") from error
        return Raised(type(error), str(error))


def freeze(value: Any) -> Any:
    """The same value, hashable: mappings become FrozenMaps, lists tuples."""
    if isinstance(value, FrozenMap):
        return value
    if isinstance(value, Mapping):
        return FrozenMap(value)
    if isinstance(value, list | tuple):
        return tuple(map(freeze, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: freeze(getattr(value, f.name)) for f in fields(value)})
    return value
