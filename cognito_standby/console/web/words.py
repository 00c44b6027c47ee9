"""How things are said on the pages: times in words and UTC, numbers with units."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

from markupsafe import Markup, escape

from cognito_standby.core.domain.moments import moment_in, utc
from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.health import RegionView
from cognito_standby.operator.domain.person import masked
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.reconciliation.report.html import Html

_CREDENTIALS = re.compile(
    r"Expired\w*|InvalidClientTokenId|UnrecognizedClient\w*|InvalidSignature\w*|\w*Credential\w*"
    r"|\w*TokenRetrieval\w*|SSO\w*|UnauthorizedSSO\w*"
)
"""Codes and exceptions of the SDK by which AWS or the machine says that nobody is who asks."""
_EXECUTION = re.compile(r"arn:[\w-]+:states:(?P<region>[\w-]+):\d+:execution:[\w.:-]*[\w-]")
_COMMAND = re.compile(r"(?<![\w-])standby (?=[a-z])")
"""How the advice begins its commands."""


def refused_credentials(views: Iterable[RegionView]) -> str:
    """By which word credentials are refused; "": they are not."""
    for view in views:
        for told in (view.unreachable, *view.unknown.values()):
            if found := _CREDENTIALS.search(told):
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


FILTERS = {
    "commanded": commanded,
    "count": count,
    "digest": digest,
    "drawn": drawn,
    "machine": machine_in,
    "linked": linked,
    "masked": masked,
    "ms": milliseconds,
    "named": named,
    "plain": plain,
    "spoken": spoken,
    "utc": utc,
    "when": when,
}
