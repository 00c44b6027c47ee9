"""A machine drawn as an inline SVG, with the path that an execution took in it. Pure.

Colour never stands alone: what was visited has a thick border and a sign, what failed says so, and
what was not visited is dashed. Looks (classes) are the style sheet's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from cognito_standby.console.domain.machine import Machine, Way
from cognito_standby.console.domain.trace import StepEnd, Trace
from cognito_standby.reconciliation.report.html import NOTHING, Html, join, tag

_WIDE, _HIGH, _GAP_X, _GAP_Y = 190, 46, 30, 40
_MARGIN, _LANE = 14, 13
_LONGEST = 25

Place = tuple[float, float]
"""The upper left corner of a state."""


def picture(machine: Machine, trace: Trace, title: str) -> Html:
    """The whole drawing. Its text for readers of the screen is the list of steps beside it."""
    ranks = machine.ranks
    back = [way for way in machine.ways if ranks[way.target] <= ranks[way.source]]
    over = [way for way in machine.ways if ranks[way.target] > ranks[way.source] + 1]
    left = _LANE * (len(over) + bool(over))
    places = _places(ranks, _MARGIN + left)
    right = max(x for x, _ in places.values()) + _WIDE
    width = right + _MARGIN + _LANE * (len(back) + 1)
    height = max(y for _, y in places.values()) + _HIGH + _MARGIN
    lanes = {way: right + _LANE * (number + 1) for number, way in enumerate(back)}
    lanes |= {way: left + _MARGIN - _LANE * (number + 1) for number, way in enumerate(over)}
    drawn = sorted(machine.ways, key=lambda way: _taken(way, trace))
    return tag(
        "svg",
        tag("title", title),
        _heads(),
        *(_way(way, places, lanes, taken=_taken(way, trace)) for way in drawn),
        *(_box(name, machine.states[name], places[name], trace) for name in machine.states),
        viewBox=f"0 0 {width:g} {height:g}",
        width=f"{width:g}",
        height=f"{height:g}",
        role="img",
        class_="machine",
    )


def _places(ranks: Mapping[str, int], begin: float) -> dict[str, Place]:
    """Row by row; a row lies in the middle of the widest one."""
    rows: dict[int, list[str]] = defaultdict(list)
    for name, rank in sorted(ranks.items(), key=lambda item: item[1]):
        rows[rank].append(name)
    widest = max(map(_width, map(len, rows.values())))
    places: dict[str, Place] = {}
    for rank, names in rows.items():
        left = begin + (widest - _width(len(names))) / 2
        for column, name in enumerate(names):
            places[name] = (left + column * (_WIDE + _GAP_X), _MARGIN + rank * (_HIGH + _GAP_Y))
    return places


def _width(states: int) -> float:
    return states * _WIDE + (states - 1) * _GAP_X


def _taken(way: Way, trace: Trace) -> bool:
    return (way.source, way.target) in trace.moves


def _way(way: Way, places: dict[str, Place], lanes: dict[Way, float], *, taken: bool) -> Html:
    (x1, y1), (x2, y2) = places[way.source], places[way.target]
    kind = " ".join(["way", *(["taken"] if taken else []), *([way.why] if way.why else [])])
    if way in lanes:
        path = _aside((x1, y1), (x2, y2), lanes[way])
    else:
        from_x, to_x, top, bottom = x1 + _WIDE / 2, x2 + _WIDE / 2, y1 + _HIGH, y2 - 3
        bend = min(_GAP_Y, bottom - top) * 0.8
        path = f"M{from_x:g} {top:g} C{from_x:g} {top + bend:g} {to_x:g} {bottom - bend:g} "
        path += f"{to_x:g} {bottom:g}"
    head = "url(#head-taken)" if taken else "url(#head)"
    return tag("path", d=path, class_=kind, marker_end=head)


def _aside(source: Place, target: Place, lane: float) -> str:
    """Along a lane beside the states: back on the right, over other rows on the left."""
    (x1, y1), (x2, y2) = source, target
    back = lane > x1
    out, into = (_WIDE, _WIDE + 3) if back else (0, -3)
    near = lane - 6 if back else lane + 6
    start, end = y1 + _HIGH * 0.62, y2 + _HIGH * 0.38
    bend = -6 if end < start else 6
    path = f"M{x1 + out:g} {start:g} H{near:g} Q{lane:g} {start:g} {lane:g} {start + bend:g}"
    return path + f" V{end - bend:g} Q{lane:g} {end:g} {near:g} {end:g} H{x2 + into:g}"


def _box(name: str, comment: str, place: Place, trace: Trace) -> Html:
    x, y = place
    visits = trace.visits(name)
    kind, sign = "unvisited", ""
    if visits:
        last = visits[-1]
        kind = {StepEnd.LEFT: "visited", StepEnd.FAILED: "broken", StepEnd.GOING: "going"}[last.end]
        sign = {StepEnd.LEFT: "✓ passed", StepEnd.FAILED: "✕ failed", StepEnd.GOING: "… here"}[
            last.end
        ]
        times = f" {len(visits)} times" if len(visits) > 1 else ""
        retries = sum(step.retries for step in visits)
        more = f", {retries} retr{'y' if retries == 1 else 'ies'}" if retries else ""
        sign += times + more
    shown = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    middle = y + (_HIGH / 2 + 4 if not sign else 19)
    return tag(
        "g",
        tag("title", f"{name}: {comment}"),
        tag("rect", x=f"{x:g}", y=f"{y:g}", width=_WIDE, height=_HIGH, rx=7),
        tag("text", shown, x=f"{x + _WIDE / 2:g}", y=f"{middle:g}", text_anchor="middle"),
        tag(
            *("text", sign),
            x=f"{x + _WIDE / 2:g}",
            y=f"{y + 36:g}",
            text_anchor="middle",
            class_="sign",
        )
        if sign
        else NOTHING,
        class_=f"state {kind}",
    )


def _heads() -> Html:
    """Arrowheads; one for each look, as a marker takes nothing from its line."""
    return tag("defs", join(_head(name) for name in ("head", "head-taken")))


def _head(name: str) -> Html:
    return tag(
        "marker",
        tag("path", d="M0 0 L8 4 L0 8 Z"),
        id=name,
        viewBox="0 0 8 8",
        refX=7,
        refY=4,
        markerWidth=9,
        markerHeight=9,
        markerUnits="userSpaceOnUse",
        orient="auto",
    )
