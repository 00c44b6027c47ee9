"""The page's figures: skipped subjects, quotas, phases, cost."""

from __future__ import annotations

from cognito_standby.reconciliation.domain.drift_report import DriftReport, QuotaUse
from cognito_standby.reconciliation.report.html import (
    NOTHING,
    Html,
    dollars,
    join,
    lasting,
    number,
    rows,
    tag,
)


def figures(report: DriftReport) -> Html:
    """Two columns on a wide screen, below each other on a narrow one."""
    left, right = (_compared(report), _phases(report)), (_quotas(report), _cost(report))
    return join(tag("div", *pair, class_="two") for pair in zip(left, right, strict=True))


def _compared(report: DriftReport) -> Html:
    totals = report.totals
    body = [
        ("users in the pool", number(totals.users)),
        ("records of both Regions", number(totals.records)),
        ("rows of the ledger", number(totals.ledger_rows)),
        ("groups", number(totals.groups)),
        ("memberships", number(totals.memberships)),
        ("about to be deleted, disabled or emptied", number(totals.destructive)),
        *((f"not replicated: {why}", number(n)) for why, n in sorted(report.skipped.items())),
    ]
    return tag("section", tag("h2", "What was compared"), rows(("what", "how many #"), body))


def _quotas(report: DriftReport) -> Html:
    head = ("category", "requests #", "refused #", "a second, of the share")
    body = [
        (each.category, number(each.calls), number(each.throttled), _meter(each))
        for each in report.quotas
    ]
    note = "A category's quota is shared by all pools of the account in this Region."
    return tag(
        "section",
        tag("h2", "Cognito's request quotas"),
        rows(head, body) if body else tag("p", "No request was noted.", class_="dim"),
        tag("p", note, class_="small dim"),
    )


def _meter(use: QuotaUse) -> Html:
    allowed = use.quota * use.share
    if not allowed:
        return tag("span", f"{use.rate:.1f}")
    part = min(1.0, use.rate / allowed)
    tone = "bad" if use.throttled else "info"
    return join(
        (
            tag(
                "div", tag("i", class_=f"f-{tone}", style=f"width:{100 * part:.1f}%"), class_="bar"
            ),
            tag(
                "div",
                f"{use.rate:.1f} of {allowed:.1f} ({use.share:.0%} of {use.quota:.0f})",
                class_="small dim",
            ),
        )
    )


def _phases(report: DriftReport) -> Html:
    longest = max((each.seconds for each in report.phases), default=0.0) or 1.0
    body = [
        (
            each.name,
            tag(
                "div",
                tag("i", class_="f-info", style=f"width:{100 * each.seconds / longest:.1f}%"),
                class_="bar",
            )
            if each.seconds
            else NOTHING,
            lasting(each.seconds),
            number(each.workers),
        )
        for each in report.phases
    ]
    return tag(
        "section", tag("h2", "Duration by phase"), rows(("phase", "", "time #", "workers #"), body)
    )


def _cost(report: DriftReport) -> Html:
    cost = report.cost
    body = [(each.item, number(each.number), dollars(each.usd)) for each in cost.lines]
    users = ", ".join(f"{plan} ${usd:,.2f}" for plan, usd in cost.active_users_usd.items())
    billed = (
        f"At most {number(cost.active_users)} monthly active users were made by visits: {users}."
    )
    return tag(
        "section",
        tag("h2", f"Cost of the run: about {dollars(cost.usd)}"),
        rows(("item", "number #", "USD #"), body),
        tag("p", billed, class_="small") if cost.active_users else NOTHING,
        tag(
            "p",
            f"Estimated by list prices of {cost.prices_date} ({cost.prices_source}).",
            class_="small dim",
        ),
    )
