"""The day as an inline SVG: both Regions as lanes, from the left to the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cognito_standby.reconciliation.report.html import Html, join, tag
from local.drill.figures import Fate
from local.drill.record import Drill
from local.drill.timeline import Band, Moment, Span

_WIDTH, _LEFT, _RIGHT = 1060, 10, 14
_SCENES_Y, _SCENE = 8, 20
_LETTERS_Y, _ROWS, _ROW = 38, 3, 19
_BAND, _TICK = 26, 12
_LANES = (128, 250)
"""Upper edges of the two bands."""
_FLOOR = 316
_HEIGHT = 342
_APART = 20.0
"""Letters that are nearer than this stand in another row."""
_INSIDE = 6.6
"""Width of a letter of the words in a band."""
_STEPS = (5, 10, 15, 30, 60, 120, 300, 600, 1800)
_MOST_LABELS, _LABEL = 12, 14
_BEFORE = 1 / 3
"""How much is drawn of what was before the cut, as a share of what came after it."""
CLASSES = {
    Band.ACTIVE: "active",
    Band.DARK: "dark",
    Band.PARTED: "parted",
    Band.CLOSED: "closed",
}
WORDS = {
    Band.ACTIVE: "active",
    Band.DARK: "dark",
    Band.PARTED: "cut off, takes changes",
    Band.CLOSED: "both closed",
}


@dataclass(frozen=True)
class _Axis:
    """Times to places. `zero`: what the labels count from."""

    start: float
    end: float
    zero: float

    def x(self, at: float) -> float:
        share = (at - self.start) / max(self.end - self.start, 1.0)
        return round(_LEFT + (_WIDTH - _LEFT - _RIGHT) * min(1.0, max(0.0, share)), 1)


def drawing(came: Drill) -> Html:
    """All of it. What it shows is told in the tables beside it."""
    times = [each.started for each in came.played if each.started is not None]
    start = min(times, default=came.started)
    if came.cut is not None:
        start = max(start, came.cut - (came.ended - came.cut) * _BEFORE)
    axis = _Axis(start, came.ended, came.cut or came.started)
    lanes = dict(zip((came.home, came.away), _LANES, strict=True))
    parts = [
        tag("title", f"The day of {came.home} and {came.away}"),
        tag("desc", "The same in words: the table of moments below, and the claims."),
        *_scenes(came, axis),
        *_times(axis),
        *(part for region, y in lanes.items() for part in _lane(came, region, y, axis)),
        *_late(came, axis),
        *_moments(came.moments, axis),
    ]
    return tag("svg", *parts, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img")


def _scenes(came: Drill, axis: _Axis) -> Iterator[Html]:
    for number, scene in enumerate(came.played, start=1):
        if scene.started is None or scene.ended is None or scene.ended < axis.start:
            continue
        x, width = axis.x(scene.started), axis.x(scene.ended) - axis.x(scene.started)
        colour = "d-other" if number % 2 else "d-scene"
        box = tag("rect", x=x, y=_SCENES_Y, width=_wide(width), height=_SCENE, class_=colour)
        label = _centred(str(number), x + width / 2, _SCENES_Y + 14)
        yield tag("g", tag("title", f"{number}. {scene.name}"), box, label)


def _lane(came: Drill, region: str, y: int, axis: _Axis) -> Iterator[Html]:
    yield tag("text", region, x=_LEFT, y=y - 7, class_="d-name")
    width = axis.x(axis.end) - _LEFT
    yield tag("rect", x=_LEFT, y=y, width=width, height=_BAND, rx=4, class_="d-by")
    for span in came.spans:
        if span.region == region:
            yield _band(span, y, axis)
    foot = y + _BAND
    yield join(
        _line(axis.x(each.at), foot + 3, foot + 3 + _TICK, "d-yes")
        for each in came.changes
        if each.region == region and each.at >= axis.start
    )
    yield join(
        _line(axis.x(at), foot + 5 + _TICK, foot + 5 + _TICK + 7, "d-no")
        for where, at in came.refused
        if where == region and at >= axis.start
    )


def _band(span: Span, y: int, axis: _Axis) -> Html:
    x, end = axis.x(span.start), axis.x(axis.end if span.end is None else span.end)
    width, words = _wide(end - x), WORDS[span.band]
    colour = f"d-{CLASSES[span.band]}"
    parts = [
        tag("title", f"{span.region}: {span.band}"),
        tag("rect", x=x, y=y, width=width, height=_BAND, rx=4, class_=colour),
    ]
    if width > _INSIDE * len(words):
        parts.append(
            _centred(
                words,
                x + width / 2,
                y + 17,
                class_="d-in-dark" if span.band is Band.DARK else "d-in",
            )
        )
    return tag("g", *parts)


def _late(came: Drill, axis: _Axis) -> Iterator[Html]:
    """From the acknowledgement in the lost Region to the return; what is lost ends nowhere."""
    if came.healed is None:
        return
    top, bottom = _LANES[0] + _BAND + 3 + _TICK, _LANES[1]
    for each in came.before:
        fate = came.fate.get(each.number)
        x = axis.x(each.at)
        if fate in (Fate.LATE, Fate.LISTED):
            end = axis.x(came.healed)
            yield tag("line", x1=x, y1=top, x2=end, y2=bottom, class_="d-late")
        elif fate is Fate.LOST:
            yield tag("line", x1=x, y1=top, x2=x, y2=top + 20, class_="d-lost")


def _moments(moments: Iterable[Moment], axis: _Axis) -> Iterator[Html]:
    last = [-_APART] * _ROWS
    for each in moments:
        x = axis.x(each.at)
        row = next((n for n in range(_ROWS) if x - last[n] >= _APART), last.index(min(last)))
        last[row] = x
        y = _LETTERS_Y + row * _ROW + 9
        yield tag(
            "g",
            tag("title", each.text),
            _line(x, y + 9, _FLOOR - 4, "d-when"),
            tag("circle", cx=x, cy=y, r=9, class_="d-dot"),
            _centred(each.letter, x, y + 4, class_="d-letter"),
        )


def _times(axis: _Axis) -> Iterator[Html]:
    """Counted from the cut."""
    lasting = axis.end - axis.start
    step = next((each for each in _STEPS if lasting / each <= _MOST_LABELS), _STEPS[-1])
    first = -int((axis.zero - axis.start) // step)
    yield tag("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=_FLOOR, y2=_FLOOR, class_="s-axis")
    for number in range(first, int((axis.end - axis.zero) // step) + 1):
        x = axis.x(axis.zero + number * step)
        if not _LEFT + _LABEL <= x <= _WIDTH - _RIGHT - _LABEL:
            continue
        yield _line(x, _FLOOR, _FLOOR + 5, "s-axis")
        yield _centred(_minutes(number * step), x, _FLOOR + 18)


def _minutes(seconds: int) -> str:
    sign = "-" if seconds < 0 else "+" if seconds else ""
    minutes, rest = divmod(abs(seconds), 60)
    return f"{sign}{minutes}:{rest:02d}" if seconds else "the cut"


def _centred(words: str, x: float, y: float, **attributes: str) -> Html:
    return tag("text", words, x=round(x, 1), y=y, text_anchor="middle", **attributes)


def _line(x: float, top: float, bottom: float, colour: str) -> Html:
    return tag("line", x1=x, x2=x, y1=top, y2=bottom, class_=colour)


def _wide(width: float) -> float:
    """So that nothing that happened is invisible."""
    return round(max(1.5, width), 1)
