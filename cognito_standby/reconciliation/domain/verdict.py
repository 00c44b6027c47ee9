"""A run's verdict, and the sentence that says it. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from cognito_standby.reconciliation.domain.drift_report import (
    DONE,
    UNFINISHED,
    Answer,
    Finding,
    FindingOutcome,
    Totals,
    Verdict,
    added_up,
)
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict, Judgement

_REFUSED = {
    Answer.REJECTED: "an operator rejected it",
    Answer.EXPIRED: "nobody answered in time",
    Answer.NOT_ASKED: "the run stopped",
}


def verdict_of(
    run: Run,
    judgement: Judgement,
    findings: Sequence[Finding],
    totals: Totals,
    answer: Answer,
) -> tuple[Verdict, str]:
    """The worst that is true of the run, and why, in one sentence."""
    found = drift_in(totals)
    stopped = judgement.verdict is BrakeVerdict.STOP
    if stopped or (judgement.verdict is BrakeVerdict.ASK and answer is not Answer.APPROVED):
        return Verdict.REJECTED, f"{_REFUSED[answer].capitalize()}: nothing was changed. {found}"
    if missing := len(judgement.not_listed) + len(judgement.not_compared):
        parts = f"{missing} part{'' if missing == 1 else 's'} of the pool"
        return Verdict.INCOMPLETE, f"{parts} could not be compared; of the rest {found}"
    if not totals.drift:
        tidied = added_up(findings, *DONE)
        more = f"; {tidied:,} tidied up" if tidied else ""
        awaited = f"; {totals.awaited:,} are awaited" if totals.awaited else ""
        return Verdict.IN_SYNC, f"All {totals.users:,} users are in sync{awaited}{more}"
    if run.mode is Mode.DRY_RUN:
        return Verdict.FOUND, f"{found}; this was a dry run"
    return _repaired(findings, found)


def drift_in(totals: Totals) -> str:
    """Groups and users who are missing have drift, too: it may be more than users were listed."""
    if totals.drift > totals.users:
        return f"{totals.drift:,} users or groups had drift; {totals.users:,} users were listed"
    found = f"{totals.drift:,} of {totals.users:,} users" if totals.users else f"{totals.drift:,}"
    return f"{found} or groups had drift" if totals.drift else f"{found} had drift"


def _repaired(findings: Sequence[Finding], found: str) -> tuple[Verdict, str]:
    drift = [each for each in findings if not each.housekeeping]
    false = added_up(drift, FindingOutcome.FALSE_ALARM)
    told = [
        f"{number:,} {words}"
        for number, words in (
            (added_up(drift, *DONE), "repaired"),
            (false, "false alarm" if false == 1 else "false alarms"),
            (added_up(drift, FindingOutcome.HANDED_OVER), "handed over to sync_user"),
            (added_up(drift, *UNFINISHED), "left"),
        )
        if number
    ]
    left = added_up(findings, *UNFINISHED)
    return Verdict.LEFT if left else Verdict.REPAIRED, f"{found}: {', '.join(told)}"
