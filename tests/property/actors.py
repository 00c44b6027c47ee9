"""Executions and containments as values, and what one step of theirs does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    PermanentError,
    PlanStaleError,
    RetryableError,
    ServiceUnavailableError,
)
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import holder_of
from cognito_standby.core.domain.subjects import Subject
from tests.property import changing, flow, on_demand, undeleting
from tests.property.tape import Call, Next, Raised, run
from tests.property.world import Parts, Trigger, Twins, WrongError, check_call


class Actor(NamedTuple):
    """An execution of `sync_user`, or a containment.

    answers    of the running invocation; none between two states
    failed     it gave up and waits for a redrive
    contained  its containment was started
    prey       of a containment: the failed execution
    ghost      an invocation that runs on, and why: "ghost", its execution has failed; "unsure", it
               got no answer
    run        how often it was redriven
    again      a later state sent it back to Plan Sync, which it has not left since
    note       of an undelete: the plan that is kept with the change; of who comes: who it is
    """

    region: int
    holder: str
    step: str
    hint: Hint
    subject: Subject | None = None
    answers: tuple[int, ...] = ()
    failed: bool = False
    contained: bool = False
    prey: str = ""
    ghost: str = ""
    run: int = 0
    again: bool = False
    note: str = ""

    @property
    def lease(self) -> str:
        """What it holds leases as."""
        return holder_of(self.holder, self.run)

    def redriven(self) -> Actor:
        """The same execution, run on from where it failed."""
        return self._replace(failed=False, contained=False, run=self.run + 1)


class Moved(NamedTuple):
    """The world after a step of an actor, who is None when it ended."""

    parts: Parts
    actor: Actor | None
    triggers: tuple[Trigger, ...] = ()


FAULTS = ("crash", "lost", "error", "error after", "repeat")
"""What can go wrong with a call: the execution dies before it or after it; the call fails without
or with effect; it is made twice, as an SDK does when the first answer is lost.

Not among them, because they are dear or show only in some places: "ghost", the execution fails
while its invocation runs on; "unsure", the invocation got no answer and runs on, and its state is
tried again; "blind", a look does not find a user who is there."""

_BY_SUB = ("get_user_by_sub", "get_profile_by_sub")
_POOL_READS = ("get_user", "get_profile", *_BY_SUB)


class Quiet(NamedTuple):
    """What can no longer happen, so that some calls commute with whatever still can.

    alone   there is one user and no containment: under the lease nobody else reads or writes
            the user's row, and nobody parks the user
    people  nobody acts on the pools any more: under the lease a pool entry does not move
    claims  no claim is made or on its way to this Region
    faults  no call goes wrong any more
    leases  no living execution loses its lease any more
    """

    alone: bool
    people: bool
    claims: bool
    faults: bool
    leases: bool

    def commutes(self, call: Call, former: Call | None) -> bool:
        """Whether a call can as well be made at once, right after the former one."""
        match call.method:
            case "publish":
                return True
            case "renew_lease":
                return self.leases
            case "read_claims" | "read_active":
                return self.claims
            case "get_user" | "get_profile" | "get_user_by_sub" | "get_profile_by_sub":
                looking = former is not None and former.method in ("read", *_BY_SUB)
                return self.people and (self.alone or (looking and call.method in _BY_SUB))
            case "read":
                # A plan's look at the row, then at the records: it only decides who looks.
                return call.port == "table" and _reads_row(former)
            case "listed_by_sub" | "listed_with":
                looking = former is not None and former.method in ("read", *_BY_SUB)
                return self.people and (self.alone or looking)
            case "note_intent" | "note_created":
                return self.alone and self.faults
            case _:
                return call.port == "pool" and self.alone and self.faults and self.people


class Runner:
    """Runs actors call by call in a world of twins."""

    def __init__(self, twins: Twins, *, fine: bool = False) -> None:
        self.twins, self._fine = twins, fine
        self._next: dict[Actor, Next] = {}

    def next_of(self, actor: Actor) -> Next:
        """What an actor does next."""
        known = self._next.get(actor)
        if known is None:
            answers = tuple(self.twins.values[number] for number in actor.answers)
            job = flow.Job(
                *(actor.hint, actor.lease, actor.subject, actor.prey, actor.again, actor.note)
            )
            service = flow.FLOW[actor.step].service
            known = run(lambda ctx: service(ctx, job), self.twins.regions[actor.region], answers)
            self._next[actor] = known
        return known

    def step(self, parts: Parts, actor: Actor, quiet: Quiet) -> Moved:
        """Make the actor's next call, and those after it that commute with everything."""
        former = self.next_of(actor)
        moved = self._call(parts, actor)
        while moved.actor is not None:
            asked = self.next_of(moved.actor)
            assert isinstance(asked, Call) and isinstance(former, Call)
            waits = moved.actor.answers == () and moved.actor.step == actor.step
            if waits or not quiet.commutes(asked, former):
                break
            onward = self._call(moved.parts, moved.actor)
            moved = onward._replace(triggers=moved.triggers + onward.triggers)
            former = asked
        return moved

    def faults(
        self, parts: Parts, actor: Actor, kinds: tuple[str, ...]
    ) -> Iterator[tuple[str, Moved]]:
        """Everything that can go wrong with the actor's next call."""
        call = self.next_of(actor)
        assert isinstance(call, Call)
        number = self.twins.values.of(call)
        after, answer, hint = self.twins.perform(parts, actor.region, number)
        sent = (Trigger(actor.region, hint),) if hint else ()
        effect = after != parts or bool(sent)
        # Nobody runs a trigger on that has died, and Cognito neither.
        failed = actor._replace(answers=(), failed=not actor.prey) if _is_run_on(actor) else None
        error = self.twins.values.of(Raised(ServiceUnavailableError, "broken"))
        raised = actor._replace(answers=(*actor.answers, error))
        if "crash" in kinds:
            yield "crash", Moved(parts, failed)
        if "lost" in kinds and effect:
            yield "lost", Moved(after, failed, sent)
        if "error" in kinds:
            yield "error", self._settle(Moved(parts, raised))
        if "error after" in kinds and effect:
            yield "error after", self._settle(Moved(after, raised, sent))
        if "blind" in kinds and call.method in _POOL_READS:
            nobody = self.twins.values.of(None)
            blind = actor._replace(answers=(*actor.answers, nobody))
            yield "blind", self._settle(Moved(parts, blind))
        if "repeat" in kinds:
            twice, second, _ = self.twins.perform(after, actor.region, number)
            if (twice, second) != (after, answer):
                again = actor._replace(answers=(*actor.answers, second))
                yield "repeat", self._settle(Moved(twice, again, sent))

    def writing(self, actor: Actor) -> bool:
        """Whether the actor has checked the pool for the last time before it writes to it; or has
        made somebody on demand, and not bound them yet: the same call of Cognito does both."""
        if actor.step == on_demand.BIND:
            return True
        if actor.step not in _WRITING:
            return False
        noted = checked = False
        for length in range(len(actor.answers)):
            call = self.next_of(actor._replace(answers=actor.answers[:length]))
            assert isinstance(call, Call)
            if call.method in ("note_intent", "note_created"):
                noted = True
            elif noted and call.method == "renew_lease" and actor.step == flow.REPLAY:
                return False  # all is written: the last look has begun
            elif noted and call.method in _POOL_READS:
                checked = True
        return checked

    def _call(self, parts: Parts, actor: Actor) -> Moved:
        call = self.next_of(actor)
        assert isinstance(call, Call), (actor, call)
        number = self.twins.values.of(call)
        check_call(self.twins, parts, actor.region, call)
        after, answer, hint = self.twins.perform(parts, actor.region, number)
        moved = actor._replace(answers=(*actor.answers, answer))
        return self._settle(Moved(after, moved, (Trigger(actor.region, hint),) if hint else ()))

    def _settle(self, moved: Moved) -> Moved:
        """Where an invocation has ended, go to the state that its end leads to."""
        actor = moved.actor
        assert actor is not None
        done = self.next_of(actor)
        if isinstance(done, Call):
            return moved
        if actor.ghost:
            return moved._replace(actor=None)
        if isinstance(done, Raised):
            return self._raised(moved, actor, done)
        on_demand.check(self.twins, moved.parts, actor, done.value)
        changing.check(self.twins, moved.parts, actor)
        return moved._replace(actor=_onward(actor, done.value))

    def _raised(self, moved: Moved, actor: Actor, raised: Raised) -> Moved:
        step = flow.FLOW[actor.step]
        if issubclass(raised.kind, PlanStaleError):
            again = step.stale == flow.PLAN and actor.step != flow.PLAN
            back = actor._replace(step=step.stale, answers=(), again=again or actor.again)
            return moved._replace(actor=back)
        if issubclass(raised.kind, PermanentError):
            raise WrongError(f"{actor.step} gives up: {raised.kind.__name__}: {raised.message}")
        assert issubclass(raised.kind, RetryableError)
        if self._has_not_begun(actor) and issubclass(raised.kind, LeaseHeldError):
            # Nothing is held yet, so waiting is the same as not having started.
            waiting = (*moved.triggers, Trigger(actor.region, actor.hint))
            return moved._replace(actor=None, triggers=waiting)
        return moved._replace(actor=actor._replace(answers=()))

    def _has_not_begun(self, actor: Actor) -> bool:
        """A replay that waits for its lease has looked at nothing yet. One that is begun again
        comes to the same look, by Plan Sync or here."""
        waits = actor.step == flow.REPLAY and len(actor.answers) == 1 and not self._fine
        return not actor.run and (actor.step == flow.PLAN or waits)


_WRITING = (
    *(flow.REPLAY, flow.FILL, flow.CONTAIN, flow.PURGE),
    *(undeleting.APPLY, changing.SNAPSHOT, changing.APPLY),
)


def _is_run_on(actor: Actor) -> bool:
    return actor.step not in on_demand.STEPS


def _reads_row(former: Call | None) -> bool:
    return former is not None and (former.port, former.method) == ("ledger", "read")


def _onward(actor: Actor, outcome: Any) -> Actor | None:
    then = flow.FLOW[actor.step].then
    subject = actor.subject
    if actor.step in (*undeleting.STEPS, *on_demand.STEPS, *changing.STEPS):
        then, note = outcome
        gone = then == flow.END
        return None if gone else actor._replace(step=then, answers=(), note=note)
    if actor.step == flow.PLAN:
        then, subject = flow.ROUTES.get(outcome.decision, flow.END), outcome.subject
    if then == flow.END:
        return None
    return actor._replace(step=then, subject=subject, answers=(), again=False)
