"""People who come to a pool that is filled on demand: Cognito's question, the user that it makes of
the answer, and the binding before the first token. Any of it may be the last that happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cognito_standby.core.domain.epochs import is_active
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import ENABLED, TRUE, Subject
from cognito_standby.replication.domain.on_demand import Comer, Coming, Made, response_of
from cognito_standby.replication.services import on_demand
from cognito_standby.replication.services.context import SyncContext
from tests.property.world import REGIONS, Parts, Twins, WrongError

if TYPE_CHECKING:
    from tests.property.actors import Actor

MEET, MAKE, BIND, END = "Meet", "Cognito Makes", "Bind", "End"
STEPS = (MEET, MAKE, BIND)
FORMER = REGIONS[0]
"""The Region of the pool that takes passwords."""
HERE = 1
"""The Region whose pool is filled on demand."""
Onward = tuple[str, str]


def step(name: str, ctx: SyncContext, question: str, note: str) -> Onward:
    """One step, which leads to the next with a note for it."""
    told = json.loads(note)
    match name:
        case "Meet":
            return _met(ctx, question, told)
        case "Cognito Makes":
            return _made(ctx, told)
        case _:
            return _bound(ctx, told)


def _met(ctx: SyncContext, question: str, told: dict[str, Any]) -> Onward:
    # The former pool lets in whom the name was of when they came.
    comer = Comer(told["name"], Coming.VOUCHED, told["origin"], FORMER)
    answer = on_demand.meet(ctx, comer, question)
    if not isinstance(answer, Made):
        return END, ""
    made = {"subject": answer.subject.key, "response": json.dumps(response_of(answer))}
    return MAKE, json.dumps({**told, **made}, sort_keys=True)


def _made(ctx: SyncContext, told: dict[str, Any]) -> Onward:
    door: Any = ctx.directory
    try:
        sub = door.migrate(told["name"], told["response"])
    except StandbyError:
        return END, ""
    return BIND, json.dumps({"sub": sub})


def _bound(ctx: SyncContext, told: dict[str, Any]) -> Onward:
    """What Cognito says of the user is what the pool shows."""
    try:
        user = ctx.directory.get_profile_by_sub(told["sub"])
        origin = "" if user is None else on_demand.bind(ctx, user)
    except StandbyError:
        return END, ""  # no token, and the person signs in again
    return END, json.dumps({**told, "origin": origin})


def check(twins: Twins, parts: Parts, actor: Actor, outcome: Onward) -> None:
    """WrongError: somebody is to be made who must not be, or gets a token too early."""
    if actor.step == MEET and outcome[0] == MAKE:
        made = Subject.from_key(_read(outcome)["subject"])
        if made.id != json.loads(actor.note)["origin"]:
            raise WrongError(
                "somebody is let in as somebody else, by the password of a former name"
            )
        _check_answer(twins, parts, actor.region, made)
    if actor.step == BIND and outcome[1]:
        told = _read(outcome)
        ledger = twins.look(parts, "ledger", actor.region)
        if told["origin"] and ledger.origin_of(told["sub"]) != told["origin"]:
            raise WrongError("a token tells what the ledger does not")


def _read(outcome: Onward) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(outcome[1])
    return told


def _check_answer(twins: Twins, parts: Parts, region: int, subject: Subject) -> None:
    twins.look(parts, "table", 0)
    partition, claims = twins.stores[region].read(subject)
    winner, row = resolve(partition), twins.look(parts, "ledger", region).read(subject)
    if winner is None or winner.deleted or winner.fields.get(ENABLED) != TRUE:
        raise WrongError("somebody is made whom no record lets in")
    if not is_active(REGIONS[region], claims, partition.epochs):
        raise WrongError("somebody is made in a Region that stands by")
    if twins.regions[region].erased:
        raise WrongError("somebody is made who was erased")
    if twins.regions[region].notes:
        raise WrongError("somebody is let in by a password that they had before")
    if row.base or row.local_sub or row.confirmed:
        raise WrongError("somebody is made who was here, and is gone")
