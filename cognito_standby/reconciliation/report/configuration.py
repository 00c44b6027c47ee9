"""The page's part on how the standby's pool is set up otherwise than the active one."""

from __future__ import annotations

from cognito_standby.core.domain.moments import utc
from cognito_standby.core.domain.severity import Severity
from cognito_standby.reconciliation.domain.configuration_drift import (
    ComparedPool,
    ConfigurationDifference,
    ConfigurationDrift,
)
from cognito_standby.reconciliation.domain.drift_report import DriftReport
from cognito_standby.reconciliation.report.html import NOTHING, Html, join, number, rows, tag

SEVERITIES = {
    Severity.BLOCKS: "bad",
    Severity.LOSES: "warn",
    Severity.UNKNOWN: "warn",
    Severity.INCONVENIENT: "info",
    Severity.NOTE: "",
}
_DETAILS = "All values: standby config diff. The doctor asks AWS much more: standby doctor."


def configuration(report: DriftReport) -> Html:
    """What differs and should not, then what must differ; nothing in a report of a release that
    did not compare."""
    drift = report.configuration
    if drift is None:
        return NOTHING
    head = tag("h2", "Configuration of the two pools")
    if drift.unknown:
        words = f"They could not be compared: {drift.unknown}"
        return tag("section", head, tag("p", words), class_="alert warn")
    said = (
        f"{_places(drift.found)} that should not."
        if drift.found
        else ("Nothing differs that should not.")
    )
    sides = (_side("active", drift.active), _side("standby", drift.standby))
    about = tag("p", " ".join((said, *sides, _DETAILS)), class_="small dim")
    tone = f"alert {SEVERITIES[drift.worst]}".strip() if drift.worst else ""
    return tag(
        "section",
        *(head, about, _differences(drift), _expected(drift)),
        **({"class_": tone} if tone else {}),
    )


def _places(found: int) -> str:
    return "1 place differs" if found == 1 else f"{number(found)} places differ"


def _side(role: str, pool: ComparedPool) -> str:
    gone = f", {pool.trouble}" if pool.trouble else ""
    seen = f"as of {utc(pool.looked_at)}{gone}"
    return f"The {role} pool is {pool.user_pool_id} ({pool.region}), {seen}."


def _differences(drift: ConfigurationDrift) -> Html:
    if not drift.differences:
        return NOTHING
    head = ("what differs", "active", "standby", "on the day, and what mends it")
    table = rows(head, (_row(each) for each in drift.differences), class_="settings")
    more = drift.found - len(drift.differences)
    return join((table, tag("p", f"And {number(more)} more.") if more else NOTHING))


def _row(each: ConfigurationDifference) -> tuple[Html, ...]:
    place = join((tag("b", each.severity), tag("div", tag("code", each.place))))
    values = (each.active, each.standby)
    step = tag("code", each.mend) if each.mend.startswith("aws ") else each.mend
    return (
        place,
        *(tag("code", value) if value else tag("i", "nothing") for value in values),
        join((each.consequence, tag("div", step, class_="small dim"))),
    )


def _expected(drift: ConfigurationDrift) -> Html:
    if not drift.expected:
        return NOTHING
    table = rows(
        ("what must or may differ", "why"),
        ((tag("code", each.place), each.why) for each in drift.expected),
    )
    return join((tag("h2", "Expected"), table))
