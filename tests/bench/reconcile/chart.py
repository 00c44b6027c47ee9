"""The times as a picture: docs/reconciliation-bench.svg, readable on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.bench.reconcile.figures import Case
from tests.bench.reconcile.tables import minutes

_WIDTH, _LEFT, _RIGHT, _TOP = 860, 190, 90, 76
_BAR, _GAP = 16, 22
_LEAST, _MOST = 5.0, 40 * 3600.0
_TICKS = ((10, "10 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (36_000, "10 h"))

_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.small { font-size: 11px; fill: #59636e } .title { font-size: 16px; font-weight: 600 }
.grid { stroke: #d1d9e0 } .floor { fill: #8c959f } .ours { fill: #1a7f37 }
.half { fill: #4ac26b } .model { fill: #bc4c00 } .seen { fill: #fb8f44 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .small { fill: #9198a1 } .grid { stroke: #3d444d }
  .floor { fill: #6e7681 } .ours { fill: #3fb950 } .half { fill: #238636 }
  .model { fill: #db6d28 } .seen { fill: #9e4c1b }
}
"""


@dataclass(frozen=True)
class _Bar:
    css: str
    label: str
    seconds: float


def chart(cases: Sequence[Case]) -> str:
    """An SVG of the pools without groups, on a logarithmic axis."""
    shown = [case for case in cases if not case.people.groups]
    parts: list[str] = []
    top = _TOP
    for case in shown:
        bars = _bars(case)
        middle = top + len(bars) * _BAR / 2 + 4
        name = f"{case.people.users:,} users"
        parts.append(f'<text x="{_LEFT - 12}" y="{middle:.0f}" text-anchor="end">{name}</text>')
        for bar in bars:
            parts.append(_drawn(bar, top))
            top += _BAR
        top += _GAP
    return _page(parts, top)


def _bars(case: Case) -> list[_Bar]:
    bars = [
        _Bar("floor", "least, by Cognito's quota", case.floor),
        _Bar("ours", f"cognito-standby, x {case.over_floor:.2f}", case.full.seconds),
    ]
    if case.default:
        bars.append(_Bar("half", "at the default half of the quota", case.default.seconds))
    if case.export:
        bars.append(_Bar("model", "AWS's export, simulated", case.export.seconds))
    if case.measured_minutes:
        bars.append(_Bar("seen", "AWS's export, as its guide measured", case.measured_minutes * 60))
    return bars


def _x(seconds: float) -> float:
    span = math.log(_MOST / _LEAST)
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * math.log(seconds / _LEAST) / span


def _drawn(bar: _Bar, top: int) -> str:
    width = _x(bar.seconds) - _LEFT
    words = escape(f"{minutes(bar.seconds)}")
    return (
        f'<rect class="{bar.css}" x="{_LEFT}" y="{top}" width="{width:.1f}" height="{_BAR - 2}">'
        f"<title>{escape(bar.label)}: {words}</title></rect>"
        f'<text class="small" x="{_LEFT + width + 6:.1f}" y="{top + 11}">{words}</text>'
    )


_LEGEND = (
    ("floor", "least, by Cognito's quota"),
    ("ours", "cognito-standby, full quota"),
    ("half", "half (default)"),
    ("model", "AWS's export, simulated"),
    ("seen", "as its guide measured"),
)


def _page(parts: list[str], bottom: int) -> str:
    height = bottom + 34
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">',
        "<title>How long comparing a whole user pool takes</title>",
        f"<style>{_STYLE}</style>",
        '<text class="title" x="16" y="26">How long comparing a whole pool takes</text>',
    ]
    place = 16
    for css, words in _LEGEND:
        head.append(f'<rect class="{css}" x="{place}" y="42" width="12" height="12"/>')
        head.append(f'<text class="small" x="{place + 17}" y="52">{escape(words)}</text>')
        place += 34 + round(len(words) * 5.9)
    for seconds, words in _TICKS:
        x = _x(seconds)
        line = f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP - 8}" y2="{bottom - 8}"/>'
        label = f'<text class="small" x="{x:.1f}" y="{bottom + 8}" text-anchor="middle">'
        head.append(f"{line}{label}{words}</text>")
    note = "Simulated in virtual time on generated pools; logarithmic axis; no groups."
    foot = [f'<text class="small" x="16" y="{bottom + 28}">{note}</text>', "</svg>"]
    return "\n".join([*head, *parts, *foot]) + "\n"
