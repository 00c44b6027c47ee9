"""The trend of the last runs as an inline SVG: a bar a run, what was left on top in red."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cognito_standby.reconciliation.domain.drift_report import TrendPoint
from cognito_standby.reconciliation.report.html import Html, number, tag

_WIDTH, _HEIGHT = 960, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 14, 24
_PLOT = _HEIGHT - _TOP - _BOTTOM
_SLOT = 74
"""The widest place of one run: few runs do not make fat bars."""
_LABELS = 12


def chart(points: Sequence[TrendPoint]) -> Html:
    """Drift of each run, oldest first; labelled by day, the second of a day by its time."""
    top = _round_up(max((point.drift for point in points), default=0))
    slot = min(_SLOT, (_WIDTH - _LEFT - _RIGHT) / max(1, len(points)))
    every = math.ceil(len(points) / _LABELS) if points else 1
    parts = _axis(top)
    for index, point in enumerate(points):
        now = index == len(points) - 1
        label = now or (len(points) - 1 - index) % every == 0
        again = index > 0 and points[index - 1].started_at[:10] == point.started_at[:10]
        when = (point.started_at[11:16] if again else point.started_at[5:10]) if label else ""
        parts.append(_bar(point, _LEFT + index * slot, slot, top, when=when, now=now))
    words = ", ".join(f"{p.started_at[:10]}: {p.drift}" for p in points)
    return tag(
        "svg",
        *parts,
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"Drift of the last {len(points)} runs: {words}",
    )


def _axis(top: int) -> list[Html]:
    parts = []
    for value in sorted({0, top // 2, top}):
        y = _y(value, top)
        parts.append(tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="s-axis"))
        parts.append(tag("text", number(value), x=_LEFT - 8, y=y + 4, text_anchor="end"))
    return parts


def _bar(point: TrendPoint, x: float, slot: float, top: int, *, when: str, now: bool) -> Html:
    width = round(slot * 0.62, 1)
    start, middle = round(x + slot * 0.19, 1), round(x + slot / 2, 1)
    whole, left = _y(point.drift, top), _y(point.drift - point.left, top)
    words = f"{point.started_at[:16]} {point.run}: {number(point.drift)} found"
    words += f", {number(point.left)} left, of {number(point.users)} users"
    words += "" if point.whole else " (not a whole run)"
    colour = "s-info" if point.whole else "s-none"
    parts = [tag("title", words)]
    floor = _y(0, top)
    if point.drift > point.left:
        parts.append(
            tag("rect", x=start, y=left, width=width, height=floor - left, rx=2, class_=colour)
        )
    if point.left:
        height = round(max(2.0, left - whole), 1)
        parts.append(
            tag("rect", x=start, y=whole, width=width, height=height, rx=2, class_="s-bad")
        )
    if not point.drift:
        parts.append(tag("circle", cx=middle, cy=floor - 3, r=2.5, class_="s-none"))
    if when:
        style = {"class_": "s-now"} if now else {}
        parts.append(tag("text", when, x=middle, y=_HEIGHT - 7, text_anchor="middle", **style))
    return tag("g", *parts)


def _y(value: int, top: int) -> float:
    return round(_TOP + _PLOT * (1 - value / top), 1)


def _round_up(value: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100 ...: halves of it are whole."""
    power = 1
    while True:
        for step in (2, 4, 10):
            if value <= step * power:
                return step * power
        power *= 10
