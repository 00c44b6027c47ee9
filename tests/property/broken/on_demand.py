"""The rules of a creation on demand, each broken in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cognito_standby.changes.services import apply, snapshot
from cognito_standby.replication.domain import on_demand as deciding
from cognito_standby.replication.domain.on_demand import Made, Refusal
from cognito_standby.replication.services import on_demand
from tests.property.bounds.on_demand import (
    AGAIN,
    AND_BACK,
    CHANGED,
    COMES,
    ERASED,
    LEFT,
    MISNAMED,
    OUTDATED,
    SHUT_OUT,
    TWICE,
    WIPED,
)
from tests.property.bounds.sync import ANN
from tests.property.broken.sync import Patch, constant
from tests.property.mutants import Mutant
from tests.property.states import Bounds


def lets_in(*refusals: Refusal) -> Callable[[], list[Patch]]:
    """As if there were no such reason."""
    rule = deciding.refusal_of

    def refusal_of(*about: Any) -> Refusal | None:
        why = rule(*about)
        return None if why in refusals else why

    return lambda: [(on_demand, "refusal_of", refusal_of)]


def gives_back() -> list[Patch]:
    """The lease is released with the answer."""
    rule = on_demand._answer

    def answer(ctx: Any, view: Any, comer: Any, others: Any, holder: str) -> Any:
        given = rule(ctx, view, comer, others, holder)
        if isinstance(given, Made):
            ctx.ledger.release(view.subject, holder)
        return given

    return [(on_demand, "_answer", answer)]


def tells_unbound() -> list[Patch]:
    """A token has what the attribute says, and nobody notes it."""
    return [(on_demand, "bind", lambda _ctx, user: user.origin_sub)]


def counts_everybody() -> list[Patch]:
    """Whoever is missing never came."""

    def never_came(view: Any) -> bool:
        winner = view.winner
        return view.on_demand and not view.observed.present and winner and not winner.deleted

    return [(deciding, "never_came", never_came)]


ASKED_MUTANTS = [
    Mutant("only who was never here is awaited, or asked for", counts_everybody, LEFT),
    Mutant(
        "make who is awaited before a change of them",
        lambda: [(snapshot, "_made_first", lambda _ctx, _work, view: view)],
        CHANGED,
    ),
    Mutant(
        "a removal of who is awaited writes a tombstone",
        lambda: [(apply, "put_own", lambda *_: None)],
        WIPED,
    ),
]
MUTANTS = [
    Mutant(
        "name the creation before the answer (I4)",
        lambda: [(on_demand, "note", lambda *_: None)],
        COMES,
    ),
    Mutant("hold the lease until Cognito has made them", gives_back, COMES),
    Mutant(
        "each question has a lease of its own",
        lambda: [(on_demand, "holder_of", constant("on-demand:#0"))],
        TWICE,
    ),
    Mutant(
        "look again between intent and answer",
        lambda: [(on_demand, "_moved", constant(False))],
        AND_BACK,
    ),
    Mutant("only while this Region is active", lets_in(Refusal.STANDS_BY), COMES),
    Mutant("only whom the winner lets in", lets_in(Refusal.DISABLED), SHUT_OUT),
    Mutant("only who was never here", lets_in(Refusal.WAS_HERE), AGAIN),
    Mutant(
        "ask today's list of erasures",
        lambda: [(on_demand, "_is_erased", constant(False))],
        ERASED,
    ),
    Mutant("only whom the former pool lets in", lets_in(Refusal.ANOTHER), MISNAMED),
    Mutant(
        "only by the password that was set last",
        lambda: [(on_demand, "is_outdated", constant(False))],
        OUTDATED,
    ),
    Mutant(
        "a hint waits for what becomes of the answer",
        lambda: [(on_demand, "_wake", lambda *_: None)],
        COMES,
    ),
    Mutant("bind before the first token", tells_unbound, COMES),
    Mutant(
        "no replay makes who is awaited",
        lambda: [(deciding, "is_awaited", constant(False))],
        Bounds("a sign-up", ((ANN,),), on_demand=1),
    ),
    Mutant(
        "that somebody is awaited is no sign that they were here",
        lambda: [(deciding, "was_here", lambda view: view.ledger.confirmed is not None)],
        replace(COMES, visits=1),
    ),
]
