"""The page's part on who would get into this pool without a password."""

from __future__ import annotations

from cognito_standby.reconciliation.domain.drift_report import DriftReport
from cognito_standby.reconciliation.domain.readiness import LISTED, Readiness
from cognito_standby.reconciliation.report.html import NOTHING, Html, join, number, rows, tag


def readiness(report: DriftReport) -> Html:
    """Two tables: people by reason, and fields by reason."""
    ready = report.readiness
    if ready is None:
        return NOTHING
    return tag("div", _people(ready, report.run.role), _fields(ready), class_="two")


def _people(ready: Readiness, role: str) -> Html:
    body = [
        (reason, "no" if reason in LISTED else "yes", number(n))
        for reason, n in sorted(ready.reasons.items())
    ]
    told = [
        f"{number(ready.people)} users, as listed before any repair.",
        f"{number(ready.linked)} local users have linked identities ({number(ready.identities)}).",
    ]
    if ready.factors:
        told.append(f"Second factors: {_factors(ready)}, as of the last look at each user.")
    if role == "active" and ready.unrecorded:
        known = ", ".join(f"{number(n)} {why}" for why, n in sorted(ready.unrecorded.items()))
        told.append(
            "Not in the other Region, as there is no record of them, or only their provider's "
            f"sign-in makes them: {known}."
        )
    for policy, n in sorted(ready.changed_passwords.items()):
        told.append(
            f"{number(n)} people set a password while the other Region was active; when this one "
            f"opens, after_failback: {policy} decides about the password that they have here."
        )
    if ready.awaited:
        known = ", ".join(f"{number(n)} {why}" for why, n in sorted(ready.awaited.items()))
        told.append(
            f"{number(sum(ready.awaited.values()))} people are awaited: not in this pool, and made "
            f"when they first come. By themselves, where their former pool cannot be asked about "
            f"the password: {known}."
        )
    told.append("Who they are: standby readiness.")
    return tag(
        "section",
        tag("h2", "Who gets into this pool without a password"),
        rows(("why", "by themselves", "users #"), body),
        tag("p", " ".join(told), class_="small dim"),
    )


def _factors(ready: Readiness) -> str:
    return ", ".join(
        f"{number(n)} {name} ({number(ready.preferred.get(name, 0))} prefer it)"
        for name, n in sorted(ready.factors.items())
    )


def _fields(ready: Readiness) -> Html:
    head = tag("h2", "Fields that this pool does not hold")
    if not ready.not_held:
        return tag("section", head, tag("p", "None is noted.", class_="dim"))
    body = [
        (
            why,
            join(tag("div", tag("code", name)) for name in sorted(names)),
            number(sum(names.values())),
        )
        for why, names in sorted(ready.not_held.items())
    ]
    return tag("section", head, rows(("why", "fields", "times #"), body))
