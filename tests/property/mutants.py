"""Every rule of the protocol, broken on purpose. Each must be caught by the explorer.

A mutant is a set of replaced attributes and the bounds in which its harm shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from cognito_standby.adapters.memory.ledger import InMemoryLedger
from cognito_standby.adapters.memory.records import InMemoryRecordStore
from cognito_standby.domain import decide as deciding
from cognito_standby.domain.errors import PlanStaleError
from cognito_standby.domain.hints import Hint
from cognito_standby.domain.ledger import Intent
from cognito_standby.domain.records import Partition
from cognito_standby.domain.subjects import ABSENT
from cognito_standby.services import contain, look, names, replay, sync
from tests.property.bounds import (
    ANN,
    BEN,
    JOIN,
    SILENT_GROUP,
    anything,
    fine,
    gone,
    named,
    named_bounds,
    swap,
)
from tests.property.model import Bounds

Patch = tuple[Any, str, Any]


@dataclass(frozen=True)
class Mutant:
    """A broken rule. `where`: the bounds that catch it."""

    rule: str
    patches: Callable[[], list[Patch]]
    where: Bounds

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Break the rule for a while."""
        with ExitStack() as stack:
            for target, name, value in self.patches():
                stack.enter_context(patch.object(target, name, value))
            yield


def _nothing(*_: Any, **__: Any) -> None:
    return None


def _constant(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


def _no_intent() -> list[Patch]:
    return [(sync, "note", _nothing), (replay, "note", _nothing)]


def _old_base() -> list[Patch]:
    real = sync.intent_for

    def kept(view: Any, target: Any) -> Intent:
        return replace(real(view, target), base=view.ledger.base)

    return [(sync, "intent_for", kept), (replay, "intent_for", kept)]


def _no_mark() -> list[Patch]:
    def noted(self: Any, subject: Any, holder: str, intent: Intent, *_: str) -> None:
        self.note_intent(subject, holder, replace(intent, base={}))

    return [(InMemoryLedger, "note_created", noted)]


def _found_without_sub() -> list[Patch]:
    def noted(ctx: Any, view: Any, intent: Any, holder: str) -> None:
        ctx.ledger.note_intent(view.subject, holder, intent)

    return [(replay, "note", noted)]


def _no_lease() -> list[Patch]:
    def taken(self: Any, subject: Any, holder: str) -> Any:
        return self._lease(subject, holder)

    return [
        (InMemoryLedger, "take_lease", taken),
        (InMemoryLedger, "_guarded", lambda self, subject, _: self.read(subject)),
    ]


def _stolen_lease() -> list[Patch]:
    def taken(self: Any, subject: Any, holder: str) -> Any:
        return self._lease(subject, holder)

    return [(InMemoryLedger, "take_lease", taken)]


def _no_revision() -> list[Patch]:
    real = InMemoryRecordStore.put

    def put(self: Any, draft: Any, observed_at: Any) -> Any:
        own = self.read(draft.subject)[0].own
        revision = own.revision if own else None
        return real(self, replace(draft, expected_revision=revision), observed_at)

    return [(InMemoryRecordStore, "put", put)]


def _by_time() -> list[Patch]:
    def latest(partition: Partition) -> Any:
        return max(partition.records, key=lambda r: (r.observed_at, r.region), default=None)

    return [(deciding, "resolve", latest)]


def _highest_epoch() -> list[Patch]:
    real = InMemoryRecordStore.put

    def put(self: Any, draft: Any, observed_at: Any) -> Any:
        number = self.read_claims().highest().number
        return real(self, replace(draft, epoch_number=number), observed_at)

    return [(InMemoryRecordStore, "put", put)]


def _claims_alone() -> list[Patch]:
    real = deciding.is_active
    return [(deciding, "is_active", lambda region, claims, _: real(region, claims, []))]


def _no_second_claims() -> list[Patch]:
    def once(ctx: Any, subject: Any, row: Any) -> Any:
        partition, claims = ctx.records.read(subject)
        sighting = look.sight(ctx, subject, row)
        schema = ctx.directory.schema()
        return deciding.View(subject, ctx.region, partition, claims, row, sighting, schema)

    return [(module, "look", once) for module in (sync, replay, names)]


def _no_look_before_write() -> list[Patch]:
    def noted(ctx: Any, view: Any, intent: Any, holder: str) -> None:
        sync.note(ctx, view, intent, holder)

    return [(replay, "_note_and_look_again", noted)]


def _confirmed_unseen() -> list[Patch]:
    """Confirm what was meant to be, instead of looking."""

    def confirm(ctx: Any, subject: Any, holder: str) -> Any:
        view = look.look(ctx, subject, ctx.ledger.renew_lease(subject, holder))
        target = deciding.project(view, view.winner)
        seen = replace(view.sighting, fields=target.fields)
        done = deciding.Confirm(target, False, "unseen")
        return sync.settle(ctx, replace(view, sighting=seen), done, holder)

    return [(sync, "confirm_sync", confirm)]


def _base_is_all() -> list[Patch]:
    real = deciding.is_local_change
    return [(deciding, "is_local_change", lambda seen, row: real(seen, replace(row, target=None)))]


def _never_local() -> list[Patch]:
    return [(deciding, "is_local_change", _constant(False))]


def _absence_is_deletion() -> list[Patch]:
    def first(view: Any) -> Any:
        if view.sighting.present:
            return deciding.Capture(view.sighting.fields, False, False, "first sight")
        return deciding.Capture(ABSENT, True, False, "not there")

    return [(deciding, "_first_capture", first)]


def _evicts_anybody() -> list[Patch]:
    return [(names, "_giving_way", _constant(ABSENT))]


def _parks_anybody() -> list[Patch]:
    def parked(held: Any, user: Any, _: str) -> Any:
        address = {"attr:email": f"parked-{user.sub}@parked.invalid"}
        return {**held.sighting.fields, **address}

    return [(names, "_giving_way", parked)]


def _parks_unnoted() -> list[Patch]:
    """Give way without naming it in the holder's ledger row."""
    real = InMemoryLedger.note_intent

    def note(self: Any, subject: Any, holder: str, intent: Intent) -> None:
        same = intent.base.get("attr:email") == (intent.target or {}).get("attr:email")
        if same or not intent.base or self.read(subject).target is not None:
            real(self, subject, holder, intent)

    return [(InMemoryLedger, "note_intent", note)]


def _password_again() -> list[Patch]:
    def apply_(ctx: Any, *args: Any) -> None:
        real(ctx, *args)
        ctx.directory.set_permanent_password(args[1].username, ctx.passwords.new_password())

    real = replay._write_profile
    return [(replay, "_write_profile", apply_)]


def _wake_after_put() -> list[Patch]:
    woken = sync.wake_unknown_groups
    written = sync._put_own
    later: list[Any] = []

    def put(ctx: Any, view: Any, *args: Any) -> Any:
        record = written(ctx, view, *args)
        while later:
            woken(*later.pop())
        return record

    def wake(*args: Any) -> None:
        later[:] = [args]

    return [(sync, "wake_unknown_groups", wake), (sync, "_put_own", put)]


def _contains_any_lease() -> list[Patch]:
    def taken(self: Any, subject: Any, _: str, holder: str) -> Any:
        return self._lease(subject, holder)

    return [(InMemoryLedger, "take_over_lease", taken)]


def _contains_the_living() -> list[Patch]:
    def taken(self: Any, subject: Any, former: str, holder: str) -> Any:
        if self.read(subject).lease in (None, holder):
            raise PlanStaleError("gone")
        if self.read(subject).lease.holder not in (former, holder):
            raise PlanStaleError("taken")
        return self._lease(subject, holder)

    return [(InMemoryLedger, "take_over_lease", taken)]


def _contains_unnoted() -> list[Patch]:
    return [(contain, "note", _nothing)]


SWAP = named_bounds("swap of addresses")
HALF = replace(named_bounds("half a replay, failover, a fault"), script=())
STRAY = replace(named_bounds("a stray change, failover, a visit"), visits=0)
STRAY_DELETION = Bounds("stray deletion", ((gone(1),),), (ANN,), faults=1, strays=1)
CLAIMED = Bounds("a change, failover", (anything("v1"),), (ANN,), claims=1)
TWO = Bounds("two changes, failover", ((named("v1"),), (named("w1", 1),)), (ANN,), claims=1)

MUTANTS = [
    Mutant("name every write in the ledger first (I4)", _no_intent, HALF),
    Mutant(
        "note the pool as seen as base",
        _old_base,
        named_bounds("a losing change, failover, a fault"),
    ),
    Mutant(
        "mark a creation at once", _no_mark, named_bounds("first seen disabled, failover, a fault")
    ),
    Mutant(
        "adopt a found creation with its sub",
        _found_without_sub,
        named_bounds("sign-up, failover, a fault"),
    ),
    Mutant(
        "recognise an unfinished creation by the mark",
        lambda: [(look, "_creation_is_open", _constant(False))],
        Bounds("sign-up, a fault", ((ANN,),), faults=1),
    ),
    Mutant(
        "know local subs by the ledger",
        lambda: [(InMemoryLedger, "origin_of", _constant(None))],
        Bounds("a deletion after failover", ((gone(1),),), (ANN,), claims=1),
    ),
    Mutant("act under a lease only", _no_lease, fine(named_bounds("two arrivals, failover"))),
    Mutant(
        "never steal a lease from the living",
        _stolen_lease,
        fine(named_bounds("two arrivals, failover")),
    ),
    Mutant(
        "put over the seen revision only",
        _no_revision,
        named_bounds("a put that outlives its execution"),
    ),
    Mutant("epochs order records, not times", _by_time, TWO),
    Mutant("write under the own claim", _highest_epoch, STRAY),
    Mutant(
        "records are evidence of claims",
        _claims_alone,
        named_bounds("two changes, failover, a partition"),
    ),
    Mutant("read the claims again after the pool", _no_second_claims, CLAIMED),
    Mutant(
        "look again between intent and write",
        _no_look_before_write,
        named_bounds("two changes, failover"),
    ),
    Mutant(
        "look again before confirming", _confirmed_unseen, named_bounds("two changes, failover")
    ),
    Mutant("a half-finished write of ours is no local change", _base_is_all, HALF),
    Mutant("a local change in the active Region wins", _never_local, CLAIMED),
    Mutant(
        "a losing capture is made once",
        lambda: [(deciding, "_already_recorded", _constant(False))],
        STRAY,
    ),
    Mutant(
        "absence without a trace is no deletion",
        _absence_is_deletion,
        named_bounds("sign-up, failover, a visit"),
    ),
    Mutant(
        "a deletion needs a second witness",
        lambda: [(sync, "_still_listed", _constant(False))],
        named_bounds("looks that find nobody"),
    ),
    Mutant(
        "a foreign deletion leaves an own tombstone",
        lambda: [(sync, "decide", _without_tombstone())],
        named_bounds("deleted after a stray change"),
    ),
    Mutant("remove a holder only when deleted", _evicts_anybody, SWAP),
    Mutant("park a holder only by their own record", _parks_anybody, SWAP),
    Mutant("name the parking in the holder's row", _parks_unnoted, replace(SWAP, claims=1)),
    Mutant(
        "make way for a name",
        lambda: [(replay, "make_way", _raise_held)],
        SWAP,
    ),
    Mutant(
        "wait for a name without the own lease",
        lambda: [(replay, "_making_way", _waiting_with_lease)],
        SWAP,
    ),
    Mutant(
        "compare names as the pool does",
        lambda: [(names, "_same", lambda address, name: address == name)],
        Bounds("swap in capitals", (), (ANN, BEN), prelude=swap("BEN@x.org", "ANN@x.org")),
    ),
    Mutant(
        "set a password, so that people can recover",
        lambda: [(deciding, "_needs_password", _constant(False))],
        Bounds("sign-up, a fault", ((ANN,),), faults=1),
    ),
    Mutant(
        "never overwrite a person's password",
        _password_again,
        named_bounds("recovery after failover"),
    ),
    Mutant(
        "forget what was confirmed before a creation",
        lambda: [(Intent, "creates", False)],
        STRAY_DELETION,
    ),
    Mutant(
        "believe a creation hint for a while only",
        lambda: [(Hint, "may_be_early", lambda self, _: self.created)],
        Bounds("deleted before the first look", ((ANN,), (gone(),))),
    ),
    Mutant(
        "wake groups before the put",
        _wake_after_put,
        Bounds(
            "a group",
            ((JOIN,),),
            (ANN, SILENT_GROUP),
            faults=1,
            kinds=("lost",),
            at=frozenset({"put"}),
        ),
    ),
    Mutant(
        "carry over what the pool cannot hold",
        lambda: [(deciding, "_capture", _without_carrying)],
        named_bounds("a field that the standby cannot hold"),
    ),
    Mutant(
        "contain under the failed one's lease only",
        _contains_any_lease,
        named_bounds("containment of a change"),
    ),
    Mutant(
        "contain only when the lease has expired",
        _contains_the_living,
        named_bounds("containment of half a replay twice"),
    ),
    Mutant(
        "name what containment writes",
        _contains_unnoted,
        named_bounds("containment of half a replay twice"),
    ),
]


def _without_tombstone() -> Callable[..., Any]:
    real = deciding.decide

    def decide(view: Any) -> Any:
        decision = real(view)
        if isinstance(decision, deciding.Confirm):
            return replace(decision, own_tombstone=False)
        return decision

    return decide


def _raise_held(*_: Any) -> None:
    raise names.NameHeldError("nobody gives way")


def _waiting_with_lease(ctx: Any, view: Any, wanted: Any, holder: str, call: Any) -> Any:
    try:
        return call()
    except names.NameHeldError:
        replay.make_way(ctx, view, wanted, holder)
        return call()


def _without_carrying(view: Any, winner: Any, *, conflict: bool, reason: str) -> Any:
    if not view.sighting.present:
        return deciding.Capture(winner.fields, True, conflict, reason)
    return deciding.Capture(view.sighting.fields, False, conflict, reason)
