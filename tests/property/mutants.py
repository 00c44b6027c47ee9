"""Every rule of the protocol, broken on purpose. Each must be caught by the explorer.

A mutant is a set of replaced attributes and the bounds in which its harm shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from unittest.mock import patch

from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Intent, LedgerRow
from cognito_standby.replication.domain import decide as deciding
from cognito_standby.replication.services import names, replay, sync
from tests.property.bounds.sync import (
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
from tests.property.broken import sync as broken
from tests.property.broken.sync import Patch
from tests.property.explore import Report, explore
from tests.property.model import System
from tests.property.people import Op
from tests.property.states import Bounds
from tests.twins.stores.ledger import InMemoryLedger


@dataclass(frozen=True)
class Mutant:
    """A broken rule. `where`: the bounds that catch it."""

    rule: str
    patches: Callable[[], list[Patch]]
    where: Bounds
    slow: bool = False
    """It takes more than some seconds: for `prove`."""

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Break the rule for a while."""
        with ExitStack() as stack:
            for target, name, value in self.patches():
                stack.enter_context(patch.object(target, name, value))
            yield

    def explored(self, seconds: float) -> Report:
        """What an exploration of the bounds sees while the rule is broken."""
        with self.applied():
            return explore(self.where, seconds=seconds, deep=True)


SWAP = named_bounds("swap of addresses")
HALF = named_bounds("half a replay, failover")
STRAY_DELETION = Bounds("stray deletion", ((gone(1),),), (ANN,), faults=1, strays=1)
CLAIMED = Bounds("a change, failover", (anything("v1"),), (ANN,), claims=1)
TWO = Bounds("two changes, failover", ((named("v1"),), (named("w1", 1),)), (ANN,), claims=1)

MUTANTS = [
    Mutant("name every write in the ledger first (I4)", broken.no_intent, HALF),
    Mutant(
        "note the pool as seen as base",
        broken.old_base,
        named_bounds("a losing change, failover, a fault"),
    ),
    Mutant(
        "mark a creation at once",
        broken.no_mark,
        named_bounds("first seen disabled, failover, a fault"),
    ),
    Mutant(
        "adopt a found creation with its sub",
        broken.found_without_sub,
        named_bounds("sign-up, failover, a fault"),
    ),
    Mutant(
        "recognise an unfinished creation by the mark",
        lambda: [(LedgerRow, "creation_is_open", False)],
        Bounds("sign-up, a fault", ((ANN,),), faults=1),
    ),
    Mutant(
        "know local subs by the ledger",
        lambda: [(InMemoryLedger, "origin_of", broken.constant(None))],
        Bounds("a deletion after failover", ((gone(1),),), (ANN,), claims=1),
    ),
    Mutant("act under a lease only", broken.no_lease, fine(named_bounds("two arrivals, failover"))),
    Mutant(
        "never steal a lease from the living",
        broken.stolen_lease,
        fine(named_bounds("two arrivals, failover")),
    ),
    Mutant(
        "each run of an execution has its own lease",
        broken.one_lease_for_all_runs,
        named_bounds("a redrive right after a stop"),
    ),
    Mutant(
        "wait out an invocation that gave no answer",
        lambda: [(System, "_waits_for_an_answer", broken.constant(False))],
        named_bounds("an invocation without an answer"),
    ),
    Mutant(
        "put over the seen revision only",
        broken.no_revision,
        named_bounds("a put that outlives its lease"),
    ),
    Mutant("epochs order records, not times", broken.by_time, TWO),
    Mutant("write under the own claim", broken.highest_epoch, replace(TWO, claims=2)),
    Mutant(
        "records are evidence of claims",
        broken.claims_alone,
        named_bounds("two changes, failover, a partition"),
    ),
    Mutant(
        "look again between intent and write",
        broken.no_look_before_write,
        named_bounds("two changes, failover"),
    ),
    Mutant(
        "look again before confirming",
        broken.confirmed_unseen,
        named_bounds("two changes, failover"),
    ),
    Mutant("a half-finished write of ours is no local change", broken.base_is_all, HALF),
    Mutant("a local change in the active Region wins", broken.never_local, CLAIMED),
    Mutant(
        "absence without a trace is no deletion",
        broken.absence_is_deletion,
        named_bounds("sign-up, failover, a visit"),
    ),
    Mutant(
        "a deletion needs a second witness",
        lambda: [(sync, "witness_absence", broken.nothing)],
        named_bounds("looks that find nobody"),
    ),
    Mutant(
        "a foreign deletion leaves an own tombstone",
        lambda: [(module, "decide", broken.without_tombstone()) for module in (sync, replay)],
        Bounds("deleted away from home", ((gone(),),), (Op(1, "sign up", "ann", "ann@x.org"),)),
    ),
    Mutant("remove a holder only when deleted", broken.evicts_anybody, SWAP),
    Mutant("park a holder only by their own record", broken.parks_anybody, SWAP),
    Mutant("name the parking in the holder's row", broken.parks_unnoted, replace(SWAP, claims=1)),
    Mutant(
        "evict who holds a name",
        lambda: [(names, "evict", broken.raise_held)],
        SWAP,
    ),
    Mutant(
        "wait for a name without the own lease",
        lambda: [(replay, "making_way", broken.waiting_with_lease)],
        SWAP,
    ),
    Mutant(
        "compare names as the pool does",
        lambda: [(names, "_same", lambda address, name: address == name)],
        Bounds("swap in capitals", (), (ANN, BEN), prelude=swap("BEN@x.org", "ANN@x.org")),
    ),
    Mutant(
        "set a password, so that people can recover",
        lambda: [(deciding, "_needs_password", broken.constant(False))],
        Bounds("sign-up, a fault", ((ANN,),), faults=1),
    ),
    Mutant(
        "never overwrite a person's password",
        broken.password_again,
        named_bounds("recovery after failover"),
    ),
    Mutant(
        "forget what was confirmed before a creation",
        lambda: [(Intent, "creates", False)],
        STRAY_DELETION,
    ),
    Mutant(
        "believe a creation hint for a while only",
        lambda: [(Hint, "may_be_early", lambda self, *_: self.created)],
        Bounds("deleted before the first look", ((ANN,), (gone(),))),
    ),
    Mutant(
        "wake groups before the put",
        broken.wake_after_put,
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
        lambda: [(deciding, "_capture", broken.without_carrying)],
        named_bounds("a field that the standby cannot hold"),
    ),
    Mutant(
        "contain under the failed one's lease only",
        broken.contains_any_lease,
        named_bounds("containment of a change"),
    ),
    Mutant(
        "contain only when the lease has expired",
        broken.contains_the_living,
        named_bounds("containment of half a replay twice"),
    ),
    Mutant(
        "name what containment writes",
        broken.contains_unnoted,
        named_bounds("containment of half a replay twice"),
        slow=True,
    ),
]

UNNEEDED = [
    # A claim that moves during a look leaves a plan of the old role. What is put under the old
    # epoch loses to whatever the new one brings, and the look before confirming sees that; so
    # the second read saves work and decides nothing. It is kept: it costs one read.
    Mutant("read the claims again after the pool", broken.no_second_claims, CLAIMED),
]
"""Rules that no bounds have shown to be needed."""
