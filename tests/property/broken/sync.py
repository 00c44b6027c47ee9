"""The rules of the protocol, each broken in one place: what to replace, and by what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain import epochs
from cognito_standby.core.domain.errors import NameHeldError, PlanStaleError
from cognito_standby.core.domain.ledger import Intent, execution_of
from cognito_standby.core.domain.records import Partition
from cognito_standby.core.domain.subjects import ABSENT
from cognito_standby.failures.services import contain
from cognito_standby.replication.domain import decide as deciding
from cognito_standby.replication.domain import view as viewing
from cognito_standby.replication.services import look, names, pool_writer, replay, sync
from cognito_standby.replication.services.pool_writer import PoolWriter
from tests.property.actors import Actor
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import InMemoryRecordStore

Patch = tuple[Any, str, Any]
"""Object, attribute, replacement."""


def nothing(*_: Any, **__: Any) -> None:
    return None


def constant(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def no_intent() -> list[Patch]:
    return [(sync, "note", nothing), (pool_writer, "note", nothing)]


def old_base() -> list[Patch]:
    real = sync.intent_for

    def kept(view: Any, target: Any) -> Intent:
        return replace(real(view, target), base=view.ledger.base)

    return [(sync, "intent_for", kept), (pool_writer, "intent_for", kept)]


def no_mark() -> list[Patch]:
    def noted(self: Any, subject: Any, holder: str, intent: Intent, *_: str) -> None:
        self.note_intent(subject, holder, replace(intent, base={}))

    return [(InMemoryLedger, "note_created", noted)]


def found_without_sub() -> list[Patch]:
    def noted(ctx: Any, view: Any, intent: Any, holder: str) -> None:
        ctx.ledger.note_intent(view.subject, holder, intent)

    return [(pool_writer, "note", noted)]


def no_lease() -> list[Patch]:
    def taken(self: Any, subject: Any, holder: str) -> Any:
        return self._lease(subject, holder)

    return [
        (InMemoryLedger, "take_lease", taken),
        (InMemoryLedger, "_guarded", lambda self, subject, _: self.read(subject)),
    ]


def stolen_lease() -> list[Patch]:
    def taken(self: Any, subject: Any, holder: str) -> Any:
        return self._lease(subject, holder)

    return [(InMemoryLedger, "take_lease", taken)]


def one_lease_for_all_runs() -> list[Patch]:
    def redriven(self: Actor) -> Actor:
        return self._replace(failed=False, contained=False)

    return [(Actor, "redriven", redriven)]


def no_revision() -> list[Patch]:
    real = InMemoryRecordStore.put

    def put(self: Any, draft: Any, observed_at: Any) -> Any:
        own = self.read(draft.subject)[0].own
        revision = own.revision if own else None
        return real(self, replace(draft, expected_revision=revision), observed_at)

    return [(InMemoryRecordStore, "put", put)]


def by_time() -> list[Patch]:
    def latest(partition: Partition) -> Any:
        return max(partition.records, key=lambda r: (r.observed_at, r.region), default=None)

    return [(viewing, "resolve", latest)]


def highest_epoch() -> list[Patch]:
    real = InMemoryRecordStore.put

    def put(self: Any, draft: Any, observed_at: Any) -> Any:
        number = self.read_claims().highest().number
        return real(self, replace(draft, epoch_number=number), observed_at)

    return [(InMemoryRecordStore, "put", put)]


def claims_alone() -> list[Patch]:
    real = epochs.is_active
    return [(viewing, "is_active", lambda region, claims, _: real(region, claims, []))]


def no_second_claims() -> list[Patch]:
    def once(ctx: Any, subject: Any, row: Any, memberships: Any = None) -> Any:
        partition, claims = ctx.records.read(subject)
        observed = look._observed(ctx, subject, row, memberships)
        schema = ctx.directory.schema()
        seen = (subject, ctx.region, partition, claims, row, observed)
        return viewing.View(*seen, schema, ctx.user_pool_id)

    return [(module, "look", once) for module in (sync, replay, names)]


def no_look_before_write() -> list[Patch]:
    def noted(self: Any, intent: Any) -> None:
        sync.note(self.ctx, self.view, intent, self.holder)

    return [(PoolWriter, "_announce", noted)]


def confirmed_unseen() -> list[Patch]:
    """Confirm what was meant to be, instead of looking."""

    def confirm(ctx: Any, subject: Any, holder: str, _: Any = None) -> Any:
        view = look.look(ctx, subject, ctx.ledger.renew_lease(subject, holder))
        assert view.winner is not None
        target = deciding.project(view, view.winner)
        seen = replace(view.observed, fields=target.fields)
        done = deciding.Confirm(target, False, "unseen")
        return sync.settle(ctx, replace(view, observed=seen), done, holder)

    return [(module, "confirm_sync", confirm) for module in (sync, replay)]


def base_is_all() -> list[Patch]:
    real = deciding.is_local_change
    return [(deciding, "is_local_change", lambda seen, row: real(seen, replace(row, target=None)))]


def never_local() -> list[Patch]:
    return [(deciding, "is_local_change", constant(False))]


def absence_is_deletion() -> list[Patch]:
    def first(view: Any) -> Any:
        if view.observed.present:
            return deciding.Capture(view.observed.fields, False, "first sight")
        return deciding.Capture(ABSENT, True, "not there")

    return [(deciding, "_first_capture", first)]


def evicts_anybody() -> list[Patch]:
    return [(names, "_evicted_state", constant(ABSENT))]


def parks_anybody() -> list[Patch]:
    def parked(held: Any, user: Any, _: str) -> Any:
        address = {"attr:email": f"parked-{user.sub}@parked.invalid"}
        return {**held.observed.fields, **address}

    return [(names, "_evicted_state", parked)]


def parks_unnoted() -> list[Patch]:
    """Evict without naming it in the holder's ledger row."""
    real = InMemoryLedger.note_intent

    def note(self: Any, subject: Any, holder: str, intent: Intent) -> None:
        same = intent.base.get("attr:email") == (intent.target or {}).get("attr:email")
        if same or not intent.base or self.read(subject).target is not None:
            real(self, subject, holder, intent)

    return [(InMemoryLedger, "note_intent", note)]


def password_again() -> list[Patch]:
    def write(self: Any, seen: Any, *args: Any) -> None:
        real(self, seen, *args)
        password = self.ctx.passwords.new_password()
        self.ctx.directory.set_permanent_password(seen.username, password)

    real = PoolWriter.write
    return [(PoolWriter, "write", write)]


def wake_after_put() -> list[Patch]:
    woken = sync.wake_unknown_groups
    written = sync.put_own
    later: list[Any] = []

    def put(ctx: Any, view: Any, *args: Any) -> Any:
        record = written(ctx, view, *args)
        while later:
            woken(*later.pop())
        return record

    def wake(*args: Any) -> None:
        later[:] = [args]

    return [(sync, "wake_unknown_groups", wake), (sync, "put_own", put)]


def contains_any_lease() -> list[Patch]:
    def taken(self: Any, subject: Any, _: str, holder: str) -> Any:
        return self._lease(subject, holder)

    return [(InMemoryLedger, "take_over_lease", taken)]


def contains_the_living() -> list[Patch]:
    def taken(self: Any, subject: Any, former: str, holder: str) -> Any:
        lease = self.read(subject).lease
        if lease is None:
            raise PlanStaleError("gone")
        if lease.holder != holder and execution_of(lease.holder) != former:
            raise PlanStaleError("taken")
        return self._lease(subject, holder)

    return [(InMemoryLedger, "take_over_lease", taken)]


def contains_unnoted() -> list[Patch]:
    class Unnoted(PoolWriter):
        def _announce(self, _: Intent) -> None:
            self.look_again(self.ctx, self.view, self.holder)

    return [(contain, "PoolWriter", Unnoted)]


def without_tombstone() -> Callable[..., Any]:
    real = deciding.decide

    def decide(view: Any) -> Any:
        decision = real(view)
        if isinstance(decision, deciding.Confirm):
            return replace(decision, own_tombstone=False)
        return decision

    return decide


def raise_held(*_: Any) -> None:
    raise NameHeldError("nobody is evicted")


def waiting_with_lease(ctx: Any, view: Any, wanted: Any, holder: str, call: Any) -> Any:
    try:
        return call()
    except NameHeldError:
        names.evict(ctx, view, wanted, holder)
        return call()


def without_carrying(view: Any, winner: Any, reason: str) -> Any:
    if not view.observed.present:
        return deciding.Capture(winner.fields, True, reason)
    return deciding.Capture(view.observed.fields, False, reason)
