"""How things are said on the pages: times in words and UTC, numbers with units."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup, escape

from cognito_standby.core.domain.moments import moment_in, utc
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.health import RegionView
from cognito_standby.operator.domain.person import masked
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.operator.domain.troubles import CREDENTIALS
from cognito_standby.reconciliation.report.html import Html

_EXECUTION = re.compile(r"arn:[\w-]+:states:(?P<region>[\w-]+):\d+:execution:[\w.:-]*[\w-]")
_COMMAND = re.compile(r"(?<![\w-])standby (?=[a-z])")
"""How the advice begins its commands."""


_LEADS = (
    (r"failover --to (?P<to>[\w-]+) --(?P<mode>planned|outage)", "/do/failover", "Its checks …"),
    (r"failover --to (?P<to>[\w-]+) --abort", "/do/abort", "Abort it …"),
    (r"redrive --all --region ", "/letters", "The letters"),
    (r"conflicts ", "/conflicts", "The conflicts"),
    (r"reports ", "/reports", "The reports"),
)
"""A command that the advice names -> the page that does or shows the same, and its link."""


ROWS = {
    "Door": "Whether this Region's pool lets people sign up, sign in and recover.",
    "Alarms": "CloudWatch alarms of the installation that ring; docs/runbooks/alarms.md has each.",
    "Dead letters": "Work that gave up. It waits for somebody who mends the cause and redrives it.",
    "Runs that ask": "Reconciliations that would delete or change many users, and wait for a yes.",
    "Undecided conflicts": "Changes that lost against the other Region's, or came too late.",
    "Failed ones, 24 hours": "State machines that failed, and whether that was repaired since.",
    "Lag, last hour": "How long changes took from one pool to the other. The standby measures it.",
    "Oldest change not applied": "For how long a change has been waiting to be written here.",
    "Parked hints": "Events that the event bus did not take; they are sent by themselves later.",
    "Ledger rows to mind": "Users of this pool whose copy failed, or is not trusted.",
    "Last reconciliation": "The last comparison of the whole pool with the records.",
    "Would not get in after a failover": "People who would find no way into this pool, and why.",
    "Configuration": "Changes of the pool's own settings that nobody announced.",
    "Running executions": "State machines at work now.",
    "Epoch": "The number of this Region's last claim; the Region with the highest one is active.",
}
"""What a row of the first page means, to somebody who was woken."""


@dataclass(frozen=True)
class Lead:
    """Where a step of the advice can be done here."""

    path: str
    label: str


def lead(step: str) -> Lead | None:
    """None: the console has no page for it."""
    for pattern, path, label in _LEADS:
        if found := re.match(f"standby {pattern}", step):
            query = urlencode(found.groupdict())
            return Lead(f"{path}?{query}" if query else path, label)
    return None


def refused_credentials(views: Iterable[RegionView]) -> str:
    """By which word credentials are refused; "": they are not."""
    for view in views:
        for told in (view.unreachable, *view.unknown.values()):
            if found := CREDENTIALS.search(told):
                return found[0]
    return ""


def when(moment: datetime | str, now: datetime) -> Markup:
    """3 min ago, and the time for whoever compares it with a log."""
    at = moment_in(moment)
    if at is None:
        return escape(moment)
    ago = spoken(max(0.0, (now - at).total_seconds()))
    return Markup('<time datetime="{}">{} ago <span class="dim">{}</span></time>').format(
        at.isoformat(), ago, utc(at)
    )


def linked(text: str) -> Markup:
    """A text whose ARNs of executions lead to where those are drawn."""
    parts, at = [Markup()], 0
    for found in _EXECUTION.finditer(text):
        query = urlencode({"region": found["region"], "arn": found[0]})
        short = f"{machine_in(found[0])} {named(found[0])[:13]}"
        link = Markup('<a href="/execution?{}">{}</a>').format(query, short)
        parts += [escape(text[at : found.start()]), link]
        at = found.end()
    return Markup().join([*parts, escape(text[at:])])


def count(number: float) -> str:
    """12,345."""
    return f"{number:,.0f}"


def milliseconds(value: float) -> str:
    """1.2 s."""
    return f"{value / 1000:,.1f} s"


def named(arn: str) -> str:
    """The last part of an ARN."""
    return arn.rsplit(":", 1)[-1]


def machine_in(arn: str) -> str:
    """The machine of an execution's ARN, without the installation's name."""
    return arn.split(":")[-2].split("-", 1)[-1] if arn.count(":") > 1 else ""


def drawn(made: Html) -> Markup:
    """Markup of another module, which makes it of escaped parts. TypeError: it is any text."""
    if not isinstance(made, Html):
        raise TypeError("only what was made as markup is drawn")
    return Markup(made)  # noqa: S704 - as it says


def commanded(step: str, command: str) -> str:
    """A step of the advice with the command as it means this installation."""
    return _COMMAND.sub(lambda _: f"{command} ", step)


def plain(value: str) -> str:
    """`no_verified_contact` as words."""
    return value.replace("_", " ")


_SECTIONS = {
    "/conflict": "/conflicts",
    "/execution": "/executions",
    "/job": "/jobs",
    "/person": "/people",
    "/report": "/reports",
}


def section(path: str) -> str:
    """The entry of the navigation under which a page is."""
    parent = path[: path.index("/", 1)] if path.count("/") > 1 else path
    return _SECTIONS.get(path, parent)


FILTERS = {
    "commanded": commanded,
    "count": count,
    "digest": digest,
    "drawn": drawn,
    "machine": machine_in,
    "lead": lead,
    "linked": linked,
    "masked": masked,
    "ms": milliseconds,
    "named": named,
    "plain": plain,
    "section": section,
    "spoken": spoken,
    "utc": utc,
    "when": when,
}
