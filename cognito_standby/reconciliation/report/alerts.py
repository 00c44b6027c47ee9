"""What a reader of the page must see before anything else."""

from __future__ import annotations

from cognito_standby.reconciliation.domain.drift_report import Answer, DriftReport
from cognito_standby.reconciliation.report.html import NOTHING, Html, join, number, rows, tag


def alerts(report: DriftReport) -> Html:
    """Drift that repeats, the brake's question, problems; nothing where all is well."""
    return join((_repeating(report), _brake(report), _problems(report)))


def _repeating(report: DriftReport) -> Html:
    if not report.repeating:
        return NOTHING
    lines = [
        tag(
            "li",
            tag("b", each.kind),
            f" ({each.cause or 'cause not known'}): ",
            f"{each.in_a_row} runs in a row, {number(each.found)} in this one. ",
            each.repeats_because,
        )
        for each in report.repeating
    ]
    words = "It was repaired and came back, run after run: something makes it anew each time."
    return tag(
        "section",
        tag("h2", "Drift that repeats: a bug"),
        tag("p", words),
        tag("ul", *lines),
        class_="alert bad",
    )


def _brake(report: DriftReport) -> Html:
    brake = report.brake
    if brake.answer is Answer.NOT_ASKED and not brake.reasons:
        return NOTHING
    tone = "info" if brake.answer is Answer.APPROVED else "bad"
    heads = {
        Answer.NOT_ASKED: "The brake would have asked",
        Answer.APPROVED: "The brake asked, and an operator approved",
        Answer.REJECTED: "The brake asked, and an operator rejected",
        Answer.EXPIRED: "The brake asked, and nobody answered in time",
    }
    return tag(
        "section",
        tag("h2", heads[brake.answer]),
        tag("ul", *(tag("li", reason) for reason in brake.reasons)),
        class_=f"alert {tone}",
    )


def _problems(report: DriftReport) -> Html:
    if not report.problems:
        return NOTHING
    body = [(each.kind, number(each.number), each.detail) for each in report.problems]
    return tag(
        "section",
        tag("h2", "Problems beside drift"),
        rows(("what", "how many #", "detail"), body),
        class_="alert warn",
    )
