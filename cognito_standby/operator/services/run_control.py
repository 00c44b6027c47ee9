"""`standby reconcile`, `approve`, `reject`: start a run, run a broken one on, answer its question.

Each of them is safe to repeat: a run is started under a name of its own and refused while another
holds the pool, a redrive goes on where the run stopped, and a question takes one answer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.moments import utc
from cognito_standby.failures.domain.executions import FAILED, GOING, Execution
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run
from cognito_standby.reconciliation.ports import Question
from cognito_standby.reconciliation.services.reports import find
from cognito_standby.reconciliation.services.run_store import RunStore

_ANSWERS: Mapping[Answer, str] = {
    Answer.NOT_ASKED: "it has ended and never asked",
    Answer.APPROVED: "it was approved already, and has ended",
    Answer.REJECTED: "it was rejected already, and has ended",
    Answer.EXPIRED: "its question expired: no answer in time is a no, and nothing was changed",
}
_OVER = "it has ended, so there is nothing to answer"
_SILENT = "it has no open question: it was answered, its time is over, or it has not asked yet"


@dataclass(frozen=True)
class Order:
    """What a run is asked to do."""

    mode: Mode = Mode.REPAIR
    shards: tuple[str, ...] = ()
    seeding: bool = False
    clear_ids: bool = False

    def given(self) -> Mapping[str, Any]:
        """The execution's input; what is not said there has its default, and `scheduled` never
        is: a person asks."""
        wanted = {
            "dry_run": self.mode is Mode.DRY_RUN,
            "shards": list(self.shards),
            "seeding": self.seeding,
            "clear_ids": self.clear_ids,
        }
        return {name: value for name, value in wanted.items() if value}


@dataclass(frozen=True)
class Begun:
    """A run that goes on now; `noted` says what was done to it."""

    run_id: str
    execution: str
    noted: str


@dataclass(frozen=True)
class NotBegun:
    """Nothing was started. `running`: the ARN of the run that holds the pool, if that is why."""

    reason: str
    running: str = ""


def new_run_id(ctx: RunContext, entropy: Callable[[int], str]) -> str:
    """An id that sorts by time and is unique; it names the execution as well."""
    return f"{ctx.clock.now():%Y%m%dT%H%M%S}-{entropy(4)}"


def begin(ctx: RunContext, order: Order, entropy: Callable[[int], str]) -> Begun | NotBegun:
    """Start a run, unless one holds the pool. Another run can begin between the look and the start:
    then the started execution says so and ends, and whoever follows it sees that."""
    if (holder := running(ctx)) is not None:
        return NotBegun(
            f"the run {holder.id} is under way since {utc(holder.started_at)}", holder.execution
        )
    run_id = new_run_id(ctx, entropy)
    return Begun(run_id, ctx.machine.start(run_id, order.given()), "started")


def resume(ctx: RunContext, run_id: str, entropy: Callable[[int], str]) -> Begun | NotBegun:
    """Run a broken run on from the state where it stopped. Where Step Functions does not redrive
    it, another execution goes on with its files. One that is under way is only followed."""
    run = known_run(ctx, run_id)
    if run is None:
        return NotBegun(f"there is no run {run_id} in {ctx.region}")
    execution = ctx.executions.describe(run.execution)
    if execution is not None and execution.status in GOING:
        return Begun(run.id, run.execution, "is under way")
    if execution is not None and execution.status not in FAILED:
        return NotBegun(f"the run {run.id} has ended: standby reports {run.id}")
    holder = running(ctx)
    if holder is not None and holder.execution != run.execution:
        return NotBegun(f"the run {holder.id} is under way", holder.execution)
    if execution is not None and not ctx.executions.redrive(run.execution):
        return Begun(run.id, run.execution, "goes on where it stopped")
    anew = ctx.machine.start(f"{run.id}-{entropy(2)}", {"resume": run.id})
    return Begun(run.id, anew, "goes on where it stopped, in another execution")


def follow(ctx: RunContext, run_id: str) -> Begun | NotBegun:
    """A run to follow, whether it goes on or has ended; nothing is started."""
    run = known_run(ctx, run_id)
    if run is None:
        return NotBegun(f"there is no run {run_id} in {ctx.region}")
    return Begun(run.id, run.execution, "is followed")


def running(ctx: RunContext) -> Run | None:
    """The run that holds the pool and whose execution goes on."""
    holder = ctx.register.current()
    if holder is None:
        return None
    execution = ctx.executions.describe(holder.execution)
    return holder if execution is not None and execution.status in GOING else None


def known_run(ctx: RunContext, run_id: str) -> Run | None:
    """A run by its id, from its files."""
    return RunStore(ctx.files, run_id).run()


def refusal_in(execution: Execution) -> str:
    """The ARN of the run because of which this one ended at once; "": it did not."""
    try:
        answer = json.loads(execution.output or "null")
    except ValueError:
        return ""
    if not isinstance(answer, dict) or answer.get("opened") is not False:
        return ""
    return str(answer.get("running", ""))


@dataclass(frozen=True)
class RunQuestion:
    """An open question, or why there is none."""

    question: Question | None
    run_id: str
    reason: str = ""
    known: bool = True
    """Whether this Region knows the run at all."""


def question_of(ctx: RunContext, run_id: str) -> RunQuestion:
    """The open question of a run, which may be named by the beginning of its id."""
    fitting = [each for each in ctx.register.questions() if each.run.id.startswith(run_id)]
    if len(fitting) == 1:
        return RunQuestion(fitting[0], fitting[0].run.id)
    if fitting:
        return RunQuestion(None, run_id, "more than one run begins so: give the whole id")
    if (kept := find(ctx.files, run_id)) is not None:
        return RunQuestion(
            None, kept.run, _ANSWERS[kept.report.brake.answer] if kept.report else _OVER
        )
    try:
        run = known_run(ctx, run_id)
    except InvalidRecordError:
        run = None
    if run is None:
        return RunQuestion(None, run_id, f"{ctx.region} knows no such run", known=False)
    execution = ctx.executions.describe(run.execution)
    going = execution is not None and execution.status in GOING
    return RunQuestion(None, run.id, _SILENT if going else _OVER)


def answer(ctx: RunContext, question: Question, *, approved: bool) -> str:
    """Give the answer; "" or why it came too late. The question is closed either way."""
    taken = ctx.machine.answer(question.task_token, approved=approved)
    ctx.register.settle(question.run.id)
    if taken:
        return ""
    return (
        "nobody waits for it any more: it was answered already, or its time is over (that is a no)"
    )
