"""The lag over time as an inline SVG: a line for the middle, a dashed one for the slowest. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from cognito_standby.reconciliation.report.html import Html, tag

_WIDTH, _HEIGHT = 480, 180
_LEFT, _RIGHT, _TOP, _BOTTOM = 68, 8, 14, 34
"""Room for letters of 19 units, which a phone needs to be read."""
_MILLISECONDS = 1000.0

Point = tuple[datetime, float, float]
"""When, and the 50th and 99th percentile in milliseconds."""


def curve(points: Sequence[Point], since: datetime, until: datetime) -> Html:
    """Two lines over the time from `since` to `until`; `points` are not empty."""
    top = _round_up(max(p99 for _, _, p99 in points) / _MILLISECONDS)
    span = max(1.0, (until - since).total_seconds())

    def x(at: datetime) -> float:
        share = min(1.0, max(0.0, (at - since).total_seconds() / span))
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * share, 1)

    def y(ms: float) -> float:
        plot = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + plot * (1 - min(1.0, ms / _MILLISECONDS / top)), 1)

    parts = [_line(top * share, y(top * share * _MILLISECONDS)) for share in (0.0, 0.5, 1.0)]
    for name, slower in (("p99", True), ("p50", False)):
        places = [(x(each[0]), y(each[2] if slower else each[1])) for each in points]
        drawn = " ".join(f"{a:g},{b:g}" for a, b in places)
        parts.append(tag("polyline", points=drawn, class_=f"curve {name}"))
        parts += [tag("circle", cx=a, cy=b, r=2, class_=f"dot {name}") for a, b in places]
    for moment, anchor, at in ((since, "start", _LEFT), (until, "end", _WIDTH - _RIGHT)):
        parts.append(tag("text", f"{moment:%H:%M}", x=at, y=_HEIGHT - 8, text_anchor=anchor))
    return tag(
        "svg",
        *parts,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"Replication lag from {since:%H:%M} to {until:%H:%M} UTC; "
        f"the last: half within {points[-1][1] / _MILLISECONDS:.1f} s, "
        f"99 of 100 within {points[-1][2] / _MILLISECONDS:.1f} s",
    )


def _line(value: float, y: float) -> Html:
    return tag(
        "g",
        tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="s-axis"),
        tag("text", f"{value:g} s", x=_LEFT - 6, y=y + 5, text_anchor="end"),
    )


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10 ... of its own size; 1 at least."""
    if value <= 1:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if value <= step * power)
