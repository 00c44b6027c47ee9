"""The machine `sync_user` in Python: which service each state calls, and where it leads.

`test_flow.py` holds it against the ASL file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from cognito_standby.core.domain.errors import PlanStaleError
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.services import contain
from cognito_standby.reconciliation.services import purging
from cognito_standby.replication.services import replay, sync
from cognito_standby.replication.services.context import SyncContext
from tests.property import changing, on_demand, undeleting

PLAN, CAPTURE = "Plan Sync", "Capture Record"
REPLAY = "Replay Record"
CONTAIN = "Contain Failure"
UNDELETE = undeleting.SNAPSHOT
RESTORE = "Restore"
"""Of an operator's restore: whoever is missing is wanted back. It gives up where things moved."""
FILL = "Fill"
"""Of a reconciliation that an operator asked to make everybody: who is awaited is made now."""
PURGE, STRIP = "Purge", "Strip"
"""Housework of a reconciliation. Here it comes without a SYNC before it."""

AT_ONCE = timedelta(days=-1)
"""An age that everybody has: nothing may depend on how old something is."""

END = "End"
ROUTES = {"capture": CAPTURE, "apply": REPLAY}
"""Choice by Plan Sync's decision; anything else is END."""


@dataclass(frozen=True)
class Job:
    """What a state is called with."""

    hint: Hint
    holder: str
    subject: Subject | None = None
    prey: str = ""
    again: bool = False
    """A later state sent the execution back to Plan Sync."""
    note: str = ""
    """Of an undelete: its plan."""


@dataclass(frozen=True)
class Step:
    """One Task state. `stale` is where PlanStaleError leads: the state itself is a retry."""

    service: Callable[[SyncContext, Job], Any]
    then: str
    stale: str = PLAN


def _subject(job: Job) -> Subject:
    assert job.subject is not None
    return job.subject


def _restored(ctx: SyncContext, job: Job) -> None:
    subject = _subject(job)
    try:
        replay.replay_record(replace(ctx, wanted=True), subject, job.holder)
    except PlanStaleError:
        ctx.ledger.release(subject, job.holder)


def _filled(ctx: SyncContext, job: Job) -> None:
    replay.replay_record(replace(ctx, filling=True), _subject(job), job.holder)


def _changing(name: str) -> Step:
    """As of an undelete; where a plan is stale, the machine gives the change up."""

    def service(ctx: SyncContext, job: Job) -> changing.Onward:
        return changing.step(name, ctx, _subject(job), job.holder, job.note)

    given_up = changing.COMPENSATE if name == changing.RECORD else name
    return Step(service, "", stale=given_up)


def _undeleting(name: str) -> Step:
    """A record that does not come about is given up: the machine tries a while before."""

    def service(ctx: SyncContext, job: Job) -> undeleting.Onward:
        return undeleting.step(name, ctx, _subject(job), job.holder, job.note)

    given_up = undeleting.COMPENSATE if name == undeleting.RECORD else name
    return Step(service, "", stale=given_up)


def _on_demand(name: str) -> Step:
    """Not a machine's: a trigger's, and Cognito's own."""

    def service(ctx: SyncContext, job: Job) -> on_demand.Onward:
        question = job.holder.removeprefix("on-demand:").removesuffix("#0")
        return on_demand.step(name, ctx, question, job.note)

    return Step(service, "", stale=name)


# Looked up when called, so that a mutation of a service module is seen.
FLOW = {
    PLAN: Step(
        lambda ctx, job: sync.plan_sync(ctx, job.hint, job.holder, again=job.again), "Route"
    ),
    CAPTURE: Step(lambda ctx, job: sync.capture_record(ctx, _subject(job), job.holder, ""), END),
    REPLAY: Step(lambda ctx, job: replay.replay_record(ctx, _subject(job), job.holder), END),
    CONTAIN: Step(
        lambda ctx, job: contain.contain_failure(ctx, job.hint, job.prey, job.holder, "Broken"),
        END,
        stale=CONTAIN,
    ),
    PURGE: Step(lambda ctx, job: purging.purge(ctx, _subject(job), job.holder, AT_ONCE), END),
    **{name: _undeleting(name) for name in undeleting.STEPS},
    **{name: _on_demand(name) for name in on_demand.STEPS},
    RESTORE: Step(_restored, END),
    FILL: Step(_filled, END),
    **{name: _changing(name) for name in changing.STEPS},
    STRIP: Step(lambda ctx, job: purging.strip(ctx, _subject(job), job.holder, AT_ONCE), END),
}
