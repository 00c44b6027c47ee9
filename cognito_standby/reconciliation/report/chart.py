"""The trend of the last runs as an inline SVG: a bar a run, what was left on top in red."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cognito_standby.reconciliation.domain.drift_report import TrendPoint
from cognito_standby.reconciliation.report.html import Html, number, tag

_SLOT = 74
"""The widest place of one run: few runs do not make fat bars."""


@dataclass(frozen=True)
class Frame:
    """What the drawing is made for, in its own units. `labels`: how many days have room."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    labels: int

    def y(self, share: float) -> float:
        """Where so much of the whole height is."""
        return round(self.top + (self.height - self.top - self.bottom) * (1 - share), 1)


WIDE = Frame(960, 170, left=46, right=8, top=14, bottom=24, labels=12)
"""A report's page."""
NARROW = Frame(480, 180, left=68, right=28, top=12, bottom=34, labels=5)
"""Half of a screen, or a phone, where letters are twice as high in the same units."""


def chart(points: Sequence[TrendPoint], frame: Frame = WIDE) -> Html:
    """Drift of each run, oldest first; labelled by day, the second of a day by its time."""
    top = _round_up(max((point.drift for point in points), default=0))
    slot = min(_SLOT, (frame.width - frame.left - frame.right) / max(1, len(points)))
    every = math.ceil(len(points) / frame.labels) if points else 1
    parts = _axis(top, frame)
    for index, point in enumerate(points):
        now = index == len(points) - 1
        label = now or (len(points) - 1 - index) % every == 0
        again = index > 0 and points[index - 1].started_at[:10] == point.started_at[:10]
        when = (point.started_at[11:16] if again else point.started_at[5:10]) if label else ""
        place = _Place(frame, frame.left + index * slot, slot, top)
        parts.append(_bar(point, place, when=when, now=now))
    words = ", ".join(f"{p.started_at[:10]}: {p.drift}" for p in points)
    return tag(
        "svg",
        *parts,
        viewBox=f"0 0 {frame.width} {frame.height}",
        role="img",
        aria_label=f"Drift of the last {len(points)} runs: {words}",
    )


def _axis(top: int, frame: Frame) -> list[Html]:
    parts = []
    for value in sorted({0, top // 2, top}):
        y = frame.y(value / top)
        right = frame.width - frame.right
        parts.append(tag("line", x1=frame.left, x2=right, y1=y, y2=y, class_="s-axis"))
        parts.append(tag("text", number(value), x=frame.left - 8, y=y + 4, text_anchor="end"))
    return parts


@dataclass(frozen=True)
class _Place:
    """Of one run. `top`: the value at the upper edge."""

    frame: Frame
    x: float
    slot: float
    top: int

    def y(self, value: int) -> float:
        return self.frame.y(value / self.top)


def _bar(point: TrendPoint, place: _Place, *, when: str, now: bool) -> Html:
    width = round(place.slot * 0.62, 1)
    start, middle = round(place.x + place.slot * 0.19, 1), round(place.x + place.slot / 2, 1)
    whole, left = place.y(point.drift), place.y(point.drift - point.left)
    words = f"{point.started_at[:16]} {point.run}: {number(point.drift)} found"
    words += f", {number(point.left)} left, of {number(point.users)} users"
    words += "" if point.whole else " (not a whole run)"
    colour = "s-info" if point.whole else "s-none"
    parts = [tag("title", words)]
    floor = place.y(0)
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
        style, y = {"class_": "s-now"} if now else {}, place.frame.height - 7
        parts.append(tag("text", when, x=middle, y=y, text_anchor="middle", **style))
    return tag("g", *parts)


def _round_up(value: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100 ...: halves of it are whole."""
    power = 1
    while True:
        for step in (2, 4, 10):
            if value <= step * power:
                return step * power
        power *= 10
