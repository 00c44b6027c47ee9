"""The report as one page for people, in a file of its own: it needs nothing beside itself."""

from __future__ import annotations

from cognito_standby.core.domain.moments import utc
from cognito_standby.reconciliation.domain.drift_report import (
    DONE,
    UNFINISHED,
    DriftReport,
    Finding,
    FindingOutcome,
    Verdict,
)
from cognito_standby.reconciliation.report.alerts import alerts
from cognito_standby.reconciliation.report.chart import chart
from cognito_standby.reconciliation.report.configuration import SEVERITIES, configuration
from cognito_standby.reconciliation.report.figures import figures
from cognito_standby.reconciliation.report.html import (
    NOTHING,
    Html,
    document,
    join,
    lasting,
    number,
    rows,
    tag,
)
from cognito_standby.reconciliation.report.readiness import readiness
from cognito_standby.reconciliation.report.style import STYLE

TONES = {
    Verdict.IN_SYNC: "good",
    Verdict.REPAIRED: "good",
    Verdict.FOUND: "info",
    Verdict.LEFT: "warn",
    Verdict.REJECTED: "bad",
    Verdict.INCOMPLETE: "bad",
}
FILLS = {
    FindingOutcome.REPAIRED: "good",
    FindingOutcome.PURGED: "good",
    FindingOutcome.STRIPPED: "good",
    FindingOutcome.FALSE_ALARM: "none",
    FindingOutcome.HANDED_OVER: "info",
    FindingOutcome.LEFT: "bad",
    FindingOutcome.NOT_TRIED: "warn",
}


def report_page(report: DriftReport) -> str:
    """The whole document."""
    title = f"Reconciliation of {report.run.region}, {report.run.started_at[:16]}"
    return document(
        title,
        STYLE,
        _head(report),
        _tiles(report),
        alerts(report),
        _findings(report),
        configuration(report),
        _trend(report),
        readiness(report),
        figures(report),
        _foot(report),
    )


def _head(report: DriftReport) -> Html:
    run = report.run
    kinds = [run.mode, *(["first filling"] if run.seeding else [])]
    facts = (
        ("Region", f"{run.region} ({run.role})"),
        ("Pool", run.user_pool_id),
        ("Started", utc(run.started_at)),
        ("Took", lasting(run.seconds)),
        ("Mode", ", ".join(kinds)),
        ("Shards", f"{run.shards} of 256"),
    )
    return tag(
        "header",
        tag("span", report.verdict, class_="badge"),
        tag("h1", report.summary),
        tag("div", *(tag("span", tag("b", k), f" {v}") for k, v in facts), class_="facts"),
        class_=TONES[report.verdict],
    )


def _tiles(report: DriftReport) -> Html:
    done, left = report.outcome(*DONE), report.outcome(*UNFINISHED)
    totals = report.totals
    tiles = (
        (totals.users, "users in the pool", ""),
        (totals.in_sync, "subjects in sync", ""),
        (totals.drift, "subjects with drift", "warn" if totals.drift else "good"),
        (done, "repaired or tidied up", "good" if done else ""),
        (left, "left or not tried", "bad" if left else ""),
        (sum(report.skipped.values()) - totals.awaited, "rightly not replicated", ""),
        *_configured(report),
        *(((totals.awaited, "awaited: made when they first come", ""),) if totals.awaited else ()),
    )
    return tag(
        "div",
        *(
            tag("div", tag("b", number(n)), tag("span", words), class_=f"tile {tone}".strip())
            for n, words, tone in tiles
        ),
        class_="tiles",
    )


def _configured(report: DriftReport) -> tuple[tuple[int, str, str], ...]:
    drift = report.configuration
    if drift is None or drift.unknown:
        return ()
    tone = SEVERITIES[drift.worst] if drift.worst else "good"
    return ((drift.found, "settings of the standby that differ", tone),)


def _findings(report: DriftReport) -> Html:
    if not report.findings:
        words = "Pool, ledger and records add up for every subject that was compared."
        return tag("section", tag("h2", "Drift"), tag("p", words, class_="dim"))
    body = [
        (_kind(each), _cause(each), number(each.found), _became(each), _examples(each))
        for each in report.findings
    ]
    used = dict.fromkeys(
        o for each in report.findings for o in FindingOutcome if each.outcomes.get(o)
    )
    key = [tag("span", tag("i", class_=f"f-{FILLS[o]}"), str(o)) for o in used]
    shown = "clear" if report.run.ids_shown else "hashed as in the logs"
    return tag(
        "section",
        tag("h2", "Drift by kind and cause"),
        rows(
            ("kind", "probable cause", "found #", "what became of it", f"examples ({shown})"), body
        ),
        tag("div", *key, class_="key"),
    )


def _cause(finding: Finding) -> str:
    return finding.cause or ("it was due" if finding.housekeeping else "not known")


def _kind(finding: Finding) -> Html:
    notes = []
    if finding.housekeeping:
        notes.append("housekeeping, no drift")
    if finding.in_a_row > 1:
        notes.append(f"{finding.in_a_row} runs in a row")
    small = tag("div", "; ".join(notes), class_="small dim") if notes else NOTHING
    return join((tag("b", finding.kind), small))


def _became(finding: Finding) -> Html:
    shares = [(o, finding.outcomes.get(o, 0)) for o in FindingOutcome if finding.outcomes.get(o)]
    total = sum(n for _, n in shares) or 1
    bar = [
        tag("i", class_=f"f-{FILLS[o]}", style=f"width:{100 * n / total:.2f}%") for o, n in shares
    ]
    words = ", ".join(f"{number(n)} {o}" for o, n in shares)
    why = [f"{reason}: {number(n)}" for reason, n in finding.reasons.items()]
    return join(
        (
            tag("div", *bar, class_="bar"),
            tag("div", words, class_="small"),
            tag("div", "; ".join(why), class_="small dim") if why else NOTHING,
        )
    )


def _examples(finding: Finding) -> Html:
    return join(tag("div", tag("code", each)) for each in finding.examples)


def _trend(report: DriftReport) -> Html:
    if not report.trend:
        return NOTHING
    runs = len(report.trend)
    key = [
        tag("span", tag("i", class_="f-info"), "found"),
        tag("span", tag("i", class_="f-bad"), "of these left"),
        tag("span", tag("i", class_="f-none"), "only some shards, or a first filling"),
    ]
    return tag(
        "section",
        tag("h2", "The first run" if runs == 1 else f"The last {runs} runs"),
        tag("div", chart(report.trend), class_="scroll chart"),
        tag("div", *key, class_="key"),
    )


def _foot(report: DriftReport) -> Html:
    return tag(
        "footer",
        tag(
            "div",
            "Run ",
            tag("code", report.run.id),
            ", execution ",
            tag("code", report.run.execution),
        ),
        tag(
            "div",
            f"Written {utc(report.run.ended_at)} by cognito-standby, report schema "
            f"{report.schema_version}. The same in JSON is beside this file. How to read it: "
            "docs/runbooks/reconcile.md.",
        ),
    )
