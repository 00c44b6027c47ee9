"""`standby redrive`: work off a Region's dead letters, and lose none.

A letter is hidden from other readers while it is worked on and leaves the queue only when an
execution about its subject has succeeded and the ledger says that the subject is in sync with the
winner. Everything in between may be repeated or interrupted: executions are level-triggered, and a
letter whose reader died is seen again when its time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.errors import ServiceUnavailableError, StandbyError
from cognito_standby.operator.ports import Envelope
from cognito_standby.operator.services.context import OperatorContext, told
from cognito_standby.operator.services.redrive_job import (
    Job,
    RedriveOutcome,
    RedriveRequest,
    RedriveResult,
)
from cognito_standby.operator.services.redrive_jobs import Assembly, Held, assemble
from cognito_standby.operator.services.redrive_work import work

HIDE_SECONDS = 900
"""A letter whose reader died is seen again after this time."""

_MOST = 5_000
"""Letters of one run; the next run takes the rest."""

_AT_ONCE = 4
"""Subjects at a time: Cognito takes 25 changes a second for all pools of an account."""


@dataclass(frozen=True)
class Line:
    """What became of one letter, or of one execution that was named and has no letter."""

    region: str
    what: str
    subject: str
    done: str
    outcome: RedriveOutcome
    reason: str = ""


@dataclass(frozen=True)
class RegionReport:
    """What became of a Region's letters. `unreachable`: why nothing could be done there. `hidden`:
    about how many there are although none can be seen: another reader has them, or an answer of the
    queue was lost, and with it the letters for HIDE_SECONDS."""

    region: str
    lines: tuple[Line, ...] = ()
    unreachable: str = ""
    hidden: int = 0

    @property
    def resolved(self) -> int:
        """How many letters are dealt with."""
        return sum(line.outcome is RedriveOutcome.RESOLVED for line in self.lines)


Progress = Callable[[int, int], None]
"""Told how many subjects are done, of how many."""


@dataclass
class _Run:
    ctx: OperatorContext
    wanted: RedriveRequest
    results: dict[str, RedriveResult] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    dark: str = ""


def drain(
    ctx: OperatorContext,
    wanted: RedriveRequest,
    progress: Progress = lambda _done, _of: None,
    at_once: int = _AT_ONCE,
) -> RegionReport:
    """Work off the letters (all, or those about the executions that are named)."""
    try:
        assembly = _take(ctx, wanted)
        if assembly == Assembly():
            return RegionReport(ctx.region, hidden=ctx.letters.count())
    except StandbyError as error:
        return RegionReport(ctx.region, unreachable=told(error))
    run = _Run(ctx, wanted)
    try:
        _work_off(run, assembly, progress, at_once)
    finally:
        _settle(run, assembly)
    return RegionReport(ctx.region, tuple(run.lines))


def exit_code(reports: Sequence[RegionReport]) -> int:
    """0: all resolved; 1: some left; 2: nothing could be done."""
    lines = [line for report in reports for line in report.lines]
    left = [line for line in lines if line.outcome is not RedriveOutcome.RESOLVED]
    answered = [report for report in reports if not report.unreachable]
    if not answered or (left and len(left) == len(lines) and not _planned(lines)):
        return 2
    hidden = any(report.hidden for report in answered)
    return 1 if left or hidden or len(answered) < len(reports) else 0


def _planned(lines: Sequence[Line]) -> bool:
    return any(line.outcome is RedriveOutcome.PLANNED for line in lines)


def _take(ctx: OperatorContext, wanted: RedriveRequest) -> Assembly:
    """Every letter that can be seen, each once. What came in before an error is given back."""
    letters: dict[str, Envelope] = {}
    try:
        while len(letters) < _MOST and (batch := ctx.letters.receive(HIDE_SECONDS)):
            letters |= {letter.id: letter for letter in batch}
        return assemble(ctx, list(letters.values()), wanted.executions)
    except StandbyError:
        _give_back(ctx, letters.values())
        raise


def _work_off(run: _Run, assembly: Assembly, progress: Progress, at_once: int) -> None:
    jobs = assembly.jobs
    progress(0, len(jobs))
    with ThreadPoolExecutor(at_once) as pool:
        futures: dict[Future[RedriveResult], Job] = {
            pool.submit(_one, run, job): job for job in jobs
        }
        try:
            for number, future in enumerate(as_completed(futures), 1):
                run.results[futures[future].id] = future.result()
                progress(number, len(jobs))
        except BaseException:
            run.dark = "the run was interrupted"  # those not begun yet end at once
            raise


def _one(run: _Run, job: Job) -> RedriveResult:
    if run.dark:
        return RedriveResult("nothing", RedriveOutcome.LEFT, run.dark)
    try:
        for letter in job.letters:
            run.ctx.letters.hold(letter, HIDE_SECONDS)
        return work(run.ctx, job, run.wanted)
    except ServiceUnavailableError as error:
        run.dark = f"the Region does not answer ({error})"
        return RedriveResult("gave up", RedriveOutcome.LEFT, run.dark)
    except StandbyError as error:
        return RedriveResult("gave up", RedriveOutcome.LEFT, told(error))


def _settle(run: _Run, assembly: Assembly) -> None:
    """Delete a letter once every subject of it is in sync; give the others back."""
    for held in assembly.letters:
        results = [run.results.get(job.id, _UNTOUCHED) for job in held.jobs]
        if held.verdict is not None:
            results = [_planned_instead(held.verdict) if run.wanted.dry_run else held.verdict]
        worst = next((r for r in results if r.outcome is not RedriveOutcome.RESOLVED), results[0])
        worst = _close(run.ctx, held, worst)
        run.lines.append(_line(run.ctx, held.what, held.subject, worst))
    for job in assembly.jobs:
        if not job.letters:
            result = run.results.get(job.id, _UNTOUCHED)
            run.lines.append(_line(run.ctx, job.what, job.subject, result))
    _give_back(run.ctx, assembly.others)


_UNTOUCHED = RedriveResult("nothing", RedriveOutcome.LEFT, "the run was interrupted")


def _planned_instead(verdict: RedriveResult) -> RedriveResult:
    resolved = verdict.outcome is RedriveOutcome.RESOLVED
    return (
        replace(verdict, done="would be dropped", outcome=RedriveOutcome.PLANNED)
        if resolved
        else verdict
    )


def _close(ctx: OperatorContext, held: Held, result: RedriveResult) -> RedriveResult:
    try:
        if result.outcome is RedriveOutcome.RESOLVED:
            ctx.letters.delete(held.envelope)
        else:
            ctx.letters.give_back(held.envelope)
    except StandbyError as error:
        if result.outcome is RedriveOutcome.RESOLVED:
            reason = f"repaired, but the letter could not be deleted ({error}): run it again"
            return RedriveResult(result.done, RedriveOutcome.LEFT, reason)
    return result


def _give_back(ctx: OperatorContext, letters: Iterable[Envelope]) -> None:
    for letter in letters:
        try:
            ctx.letters.give_back(letter)
        except StandbyError:
            return  # it is seen again when its time is over


def _line(ctx: OperatorContext, what: str, subject: str, result: RedriveResult) -> Line:
    return Line(ctx.region, what, subject, result.done, result.outcome, result.reason)
