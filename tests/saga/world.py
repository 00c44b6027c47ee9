"""Both Regions in memory, with the API's machine in the primary one, and faults at every port."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from cognito_standby.changes.domain.changes import Change, ChangeRequest
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.changes.services.submit import ApiContext, Submitted, submit
from cognito_standby.core.domain.errors import LeaseHeldError, NameHeldError, NotYetVisibleError
from cognito_standby.core.domain.pools import user_fields
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.domain.executions import Execution as Described
from cognito_standby.failures.domain.executions import ExecutionStatus
from cognito_standby.failures.services.note import NoteContext, note_failure
from cognito_standby.failures.services.treat import treat_failure
from tests.saga.machine import Execution
from tests.saga.ordinary import FIRST_RUN, make_groups, ordinary, settle
from tests.twins.stores.changes import InMemoryChangeBus, InMemoryChangeStore
from tests.twins.stores.failures import InMemoryExecutions, InMemoryFailureNotes
from tests.unit.world import BACKUP, Side, World

PREFIX = "arn:aws:states:us-east-1:111111111111:execution:alpha-apply_admin_change"
LEASE_SECONDS = 200
ADMIN = "AIDA-ADMIN"
Hook = Callable[[str, str, Callable[[], Any]], Any]
"""(port, method, the call) -> its answer."""


class Hooked:
    """A port of which every call goes through a hook."""

    def __init__(self, name: str, port: Any, hook: Hook) -> None:
        self._name, self._port, self._hook = name, port, hook

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._port, method)
        if not callable(real):
            return real
        return lambda *a, **k: self._hook(self._name, method, lambda: real(*a, **k))


@dataclass
class Saga:
    """One installation, with `hook` around every call of the machine's steps."""

    hook: Hook = field(default=lambda _port, _method, call: call())
    world: World = field(default_factory=ordinary)
    providers: tuple[str, ...] = ()
    """Identity providers of both pools."""

    def __post_init__(self) -> None:
        self.here, self.there = self.world.primary, self.world.backup
        self.changes = InMemoryChangeStore(self.here.context.clock)
        self.bus = InMemoryChangeBus()
        self.executions = InMemoryExecutions()
        self.notes = InMemoryFailureNotes(self.here.context.clock)
        empty = not self.here.pool.list_groups()
        self._ids, self._runs = count(1), count(1 if empty else FIRST_RUN)
        for side in (self.here, self.there):
            for provider in self.providers:
                side.pool.create_identity_provider(provider)
        if empty:
            make_groups(self.world)
            self.settle()

    @property
    def api(self) -> ApiContext:
        """The API in the active Region."""
        context = self.here.context
        return ApiContext(
            region=context.region,
            directory=context.directory,
            records=context.records,
            ledger=context.ledger,
            changes=self.changes,
            bus=self.bus,
            clock=context.clock,
            addresses={BACKUP: "https://backup.example.com"},
            new_id=lambda: f"00000000-0000-4000-8000-{next(self._ids):012d}",
            pause=context.clock.advance,  # type: ignore[attr-defined]
        )

    def context(self, side: Side | None = None) -> ChangeContext:
        """What the machine's steps are handed."""
        real = (side or self.here).context
        ports = ("directory", "records", "ledger", "bus", "erasures")
        hooked: dict[str, Any] = {
            name: Hooked(name, getattr(real, name), self._hooked) for name in ports
        }
        return ChangeContext(
            sync=replace(real, **hooked),
            changes=Hooked("changes", self.changes, self._hooked),
        )

    def erased(self) -> set[Subject]:
        """Whom the list of the active Region has."""
        listed = self.here.context.erasures
        return {whom for _, whom in self.here.erasure_notes.records if listed.has(whom)}

    def _hooked(self, port: str, method: str, call: Callable[[], Any]) -> Any:
        return self.hook(port, method, call)

    def ask(self, request: ChangeRequest, key: str = "") -> Change:
        """Submit; fails where it is refused at once."""
        done = submit(self.api, request, ADMIN, key)
        assert isinstance(done, Submitted), done
        return done.change

    def execution(self, change: Change) -> Execution:
        """An execution for a change, not begun."""
        return Execution(f"{PREFIX}:run-{next(self._runs)}", change.id)

    def make(self, request: ChangeRequest) -> Change:
        """Submit, run, and see what came of it."""
        change = self.ask(request)
        self.execution(change).run(self.context())
        return self.now(change)

    def now(self, change: Change) -> Change:
        """A change as its caller sees it."""
        seen = self.changes.read(change.id)
        assert seen is not None
        return seen

    def person(self, name: str = "ann", **attributes: str) -> str:
        """A user of both pools, recorded; the origin sub."""
        given = {"email": f"{name}@example.org", "email_verified": "true", **attributes}
        sub = self.world.sign_up(name, given)
        self.here.pool.admin_add_user_to_group(name, "staff")
        self.here.run({"local_sub": sub})
        self.settle()
        return sub

    def hint(self, key: str) -> None:
        """What a hint about somebody does in the active Region now; a wait is not waited for."""
        try:
            self.here.run({"origin_sub": key}, holder=f"sync-{next(self._runs)}#0")
        except (LeaseHeldError, NotYetVisibleError, NameHeldError):
            return

    def contain(self, execution: Execution) -> None:
        """What `contain_failure` does about a failed execution once its lease has run out, and the
        sync that it wakes."""
        context = self.here.context
        described = Described(
            arn=execution.arn,
            status=ExecutionStatus.FAILED,
            started_at=context.clock.now(),
            stopped_at=context.clock.now(),
            error=execution.error,
            input=json.dumps({"change_id": execution.change_id}),
            redrive_count=execution.redrives,
        )
        self.executions.executions = [described]
        known = (self.executions, self.notes, context.ledger, self.changes)
        noted = note_failure(NoteContext("alpha", *known, context.clock), execution.arn, "contain")
        assert noted.turn.send
        self.pass_leases()
        if noted.turn.contain:
            given = (context, self.executions, self.notes, self.changes)
            treat_failure(*given, execution.arn, execution.redrives, "contain#0")
        self.settle()

    def pass_leases(self) -> None:
        """Whoever died holds nothing any more."""
        for side in (self.here, self.there):
            side.context.clock.advance(LEASE_SECONDS)  # type: ignore[attr-defined]

    def settle(self) -> None:
        """Every hint and every arrival is dealt with, in both Regions."""
        settle(self.world, self._runs)

    def disagreements(self) -> Iterator[str]:
        """Where pool and record, or the two pools, differ. Nothing: all agree."""
        for side in (self.here, self.there):
            by_sub = {user.sub: user for user in side.pool.list_users(limit=60).users}
            for row in side.ledger.rows():
                if row.subject.key.startswith("#"):
                    continue
                partition, _ = side.context.records.read(row.subject)
                winner = resolve(partition)
                user = by_sub.pop(row.local_sub or row.subject.id, None)
                shown = self._fields(side, user.username) if user else {}
                wanted = dict(winner.fields) if winner and not winner.deleted else {}
                if winner and winner.deleted and not winner.erased and side is self.there:
                    shown = {} if shown.get("enabled") == "false" else shown
                if shown != wanted:
                    yield f"{side.region}: {row.subject.key}: {shown} instead of {wanted}"
                if row.state not in ("in_sync", "skipped"):
                    yield f"{side.region}: {row.subject.key} is {row.state}"
            yield from (f"{side.region}: nobody knows {sub}" for sub in by_sub)

    def _fields(self, side: Side, name: str) -> dict[str, str]:
        user = side.context.directory.get_user(name)
        return dict(user_fields(user, side.pool.config.schema())) if user else {}

    def state(self, name: str) -> dict[str, str]:
        """A user of the active pool."""
        return self._fields(self.here, name)

    def twin(self, key: str) -> dict[str, str]:
        """A user of the standby pool, by origin sub."""
        row = self.there.ledger.read(Subject.user(key))
        user = (
            self.there.context.directory.get_user_by_sub(row.local_sub) if row.local_sub else None
        )
        return dict(user_fields(user, self.there.pool.config.schema())) if user else {}
