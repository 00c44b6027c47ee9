"""What can be asked for: what to know before, the command that would do it, and the work.

The work is the commands' own services; nothing is decided here.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cognito_standby.console.services.jobs import JobState, Outcome, Tell, Work
from cognito_standby.console.services.looks import Looks
from cognito_standby.console.services.people import known
from cognito_standby.console.services.reach import Opened, Seen
from cognito_standby.operator.domain.run_progress import RunStage
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.operator.services import undelete as undeleting
from cognito_standby.operator.services.asking import is_active_here
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.operator.services.redrive import HIDE_SECONDS, RegionReport, drain
from cognito_standby.operator.services.redrive_job import RedriveOutcome, RedriveRequest
from cognito_standby.operator.services.resend import resend
from cognito_standby.operator.services.run_context import RunContext
from cognito_standby.operator.services.run_control import (
    NotBegun,
    answer,
    begin,
    question_of,
)
from cognito_standby.operator.services.run_control import (
    Order as RunOrder,
)
from cognito_standby.operator.services.run_watch import Watch
from cognito_standby.reconciliation.domain.brake import EMPTIED
from cognito_standby.reconciliation.domain.drift_report import CLEAN
from cognito_standby.reconciliation.domain.reconciliation import Mode

EVERY_SECONDS = 2.0
RESEND_SECONDS = 600.0
GONE = {"What becomes of them, in both Regions": "delete them"}
"""What has to be typed before a run deletes most of a pool."""
NO_RUNS = "its stack has no reconciliation: deploy this release first"


@dataclass(frozen=True)
class Asked:
    """A question to the person before something is done.

    facts    what to know before
    typed    label -> what has to be typed, word for word
    refused  why it cannot be done; "": it can
    details  what a page of its own shows
    carried  what the answer has to bring back
    """

    title: str
    command: str
    work: Work | None = None
    facts: tuple[str, ...] = ()
    typed: dict[str, str] = field(default_factory=dict)
    refused: str = ""
    details: object = None
    carried: dict[str, str] = field(default_factory=dict)


def redrive(looks: Looks, region: str, execution: str) -> Asked:
    """All letters of a Region, or one execution's."""
    command = f"{looks.reach.command} redrive "
    command += execution if execution else f"--all --region {region}"
    what = f"the execution {execution.rsplit(':', 1)[-1]}" if execution else "every dead letter"
    opened = looks.opened(region)
    title = f"Redrive {what} of {region}"
    if isinstance(opened, Unreachable):
        return Asked(title, command, refused=f"{region} does not answer: {opened.reason}")
    context = opened.context

    def work(tell: Tell) -> Outcome:
        wanted = RedriveRequest(frozenset({execution} if execution else ()))
        report = drain(context, wanted, lambda done, of: tell(f"{done} of {of} subjects"))
        for line in report.lines:
            why = f": {line.reason}" if line.reason else ""
            tell(f"{line.what}: {line.outcome.value}, {line.done}{why}")
        return _redriven(report)

    facts = (
        "What failed is run on from where it failed, or started afresh from the record.",
        "A letter leaves the queue only once its subject is in sync. Twice does no harm.",
    )
    return Asked(title, command, work, facts)


def _redriven(report: RegionReport) -> Outcome:
    left = sum(line.outcome is not RedriveOutcome.RESOLVED for line in report.lines)
    if report.unreachable:
        return Outcome(JobState.NOTHING, f"{report.region} does not answer: {report.unreachable}")
    if report.hidden:
        told = f"no letter can be seen, but there are about {report.hidden}: another reader has "
        told += f"them, for up to {HIDE_SECONDS // 60} minutes. Look again then"
        return Outcome(JobState.PARTLY, told)
    if not report.lines:
        return Outcome(JobState.DONE, "there are no dead letters")
    told = f"{report.resolved} of {len(report.lines)} resolved"
    if left == len(report.lines):
        return Outcome(JobState.NOTHING, told)
    return Outcome(JobState.PARTLY if left else JobState.DONE, told)


def resend_events(looks: Looks, region: str, since: str, at: Callable[[str], datetime]) -> Asked:
    """The archived hints of a time. ValueError: `since` is no time."""
    begin_at, end_at = at(since), at("now")
    command = f"{looks.reach.command} resend-events --since {since} --region {region}"
    title = f"Send the events of {region} again, since {begin_at:%Y-%m-%d %H:%M} UTC"
    if begin_at >= end_at:
        return Asked(title, command, refused="that is not in the past")
    opened = looks.opened(region)
    if isinstance(opened, Unreachable):
        return Asked(title, command, refused=f"{region} does not answer: {opened.reason}")
    context = opened.context

    def work(tell: Tell) -> Outcome:
        told = resend(
            *(context, begin_at, end_at, RESEND_SECONDS),
            lambda share: tell(f"{share:.0%} of the time is sent again"),
        )
        state = JobState.DONE if told.completed else JobState.PARTLY
        why = f": {told.reason}" if told.reason else ""
        return Outcome(state if told.name else JobState.NOTHING, f"{told.state.lower()}{why}")

    facts = ("An event only says who may have changed: sent twice it changes nothing.",)
    return Asked(title, command, work, facts)


def reconcile(looks: Looks, region: str, *, dry_run: bool) -> Asked:
    """A run of the whole pool."""
    flag = " --dry-run" if dry_run else ""
    command = f"{looks.reach.command} reconcile --region {region}{flag} --wait"
    title = f"Compare the pool of {region} with the records"
    title += ", and change nothing" if dry_run else ", and repair what differs"
    runs = _runs(looks.opened(region))
    if isinstance(runs, str):
        return Asked(title, command, refused=f"{region}: {runs}")

    def work(tell: Tell) -> Outcome:
        order = RunOrder(Mode.DRY_RUN if dry_run else Mode.REPAIR)
        begun = begin(runs, order, secrets.token_hex)
        if isinstance(begun, NotBegun):
            return Outcome(JobState.NOTHING, begun.reason)
        tell(f"run {begun.run_id} {begun.noted}")
        ended = Watch(runs, begun).follow(
            lambda p: tell(_progress(p.stage, p.share)), EVERY_SECONDS
        )
        if ended.report is None:
            return Outcome(JobState.PARTLY, ended.error or "another run holds the pool")
        clean = ended.report.verdict in CLEAN
        told = f"{ended.report.verdict}: {ended.report.summary}"
        return Outcome(JobState.DONE if clean else JobState.PARTLY, told)

    facts = (
        "Every user is listed; each request counts towards Cognito's quotas.",
        "Before many users are deleted or changed the run asks: it is then on the first page.",
    )
    return Asked(title, command, work, facts)


def answer_run(looks: Looks, region: str, run: str, *, approved: bool) -> Asked:
    """A run whose brake asks, with its reasons."""
    word = "approve" if approved else "reject"
    command = f"{looks.reach.command} {word} {run} --region {region}"
    title = f"{word.capitalize()} the run {run} of {region}"
    runs = _runs(looks.opened(region))
    if isinstance(runs, str):
        return Asked(title, command, refused=f"{region}: {runs}")
    asked = question_of(runs, run)
    question = asked.question
    if question is None:
        return Asked(title, command, refused=f"run {asked.run_id}: {asked.reason}")

    def work(tell: Tell) -> Outcome:
        tell("answering")
        if late := answer(runs, question, approved=approved):
            return Outcome(JobState.PARTLY, late)
        done = "approved: the repairs begin" if approved else "rejected: nothing is changed"
        return Outcome(JobState.DONE, done, (f"{looks.reach.command} reports {asked.run_id}",))

    left = max(0.0, (question.expires_at - runs.clock.now()).total_seconds())
    facts = (*question.reasons, f"no answer is a no, in {spoken(left)}")
    if approved and any(reason.startswith(EMPTIED) for reason in question.reasons):
        restore = f"{looks.reach.command} restore --region {region} --dry-run"
        told = f"Rejected, nobody is deleted, and {restore} looks how they come back."
        return Asked(f"{title}: delete them, in both Regions", command, work, (*facts, told), GONE)
    return Asked(title, command, work, facts)


def undelete(looks: Looks, origin_sub: str) -> Asked:
    """Somebody deleted. ValueError: nobody is named."""
    command = f"{looks.reach.command} undelete {origin_sub}"
    title = "Bring somebody deleted back"
    if not origin_sub:
        raise ValueError("say who, by the origin sub")
    found = known(looks, origin_sub)
    deleted = next(iter(undeleting.deleted_among(found.people)), None)
    if deleted is None:
        silent = "; ".join(
            f"{each.region}: {each.silent}" for each in found.searches if each.silent
        )
        why = f"whether they were deleted is not known: {silent}" if silent else ""
        return Asked(title, command, refused=why or "nobody deleted is known by that sub")
    active = next(filter(None, map(active_one, looks.both())), None)
    if active is None:
        return Asked(title, command, refused="the active Region was not reached")
    context = active.context

    def work(tell: Tell) -> Outcome:
        tell(f"asked for in {context.region}")
        taken = undeleting.undelete(context, deleted)
        if not taken.done:
            return Outcome(JobState.NOTHING, taken.why)
        gone = ", ".join(undeleting.left_out(context, deleted))
        more = f"; not a member again, for these groups are gone: {gone}" if gone else ""
        return Outcome(JobState.DONE, f"undeleted in {context.region}{more}")

    way = (
        "No password comes back: they choose one by 'forgot password'."
        if deleted.recoverable
        else "No password comes back, and no code can reach them: set one by hand."
    )
    at = deleted.record.observed_at or "at an unknown time"
    groups = f"Groups: {', '.join(deleted.groups) or 'none'}."
    facts = (f"{origin_sub}, deleted {at} (seen in {deleted.record.region}).", groups, way)
    return Asked(title, command, work, facts)


def active_one(opened: Opened) -> Seen | None:
    """The same, if it is the active Region. StandbyError: it does not tell."""
    return opened if isinstance(opened, Seen) and is_active_here(opened.context) else None


def _runs(opened: Opened) -> RunContext | str:
    if isinstance(opened, Unreachable):
        return f"it does not answer: {opened.reason}"
    return opened.context.runs or NO_RUNS


def _progress(stage: str, share: float) -> str:
    if stage == RunStage.ASKING:
        return "it asks before it repairs: answer it on the first page"
    return f"{stage}, {share:.0%}" if share else str(stage)
