"""A recorded terminal as an SVG that plays itself: rows appear as they did, long pauses shortened,
and roll up once the window is full. Without motion its end is shown."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

WINDOW = 30
"""Rows that are seen at once."""
_LEAST, _MOST = 0.25, 1.4
"""Seconds between two steps, whatever they took."""
_READING = 0.12
"""Seconds more for each row that came at once."""
_HOLD = 7.0
"""Seconds of the end, before it begins again."""
_ROW, _TEXT = 24.4, 20.0
"""Rich's: the height of a row, and of its letters."""
_BAR, _EDGE = 46, 14

_BEGIN = '<svg xmlns="http://www.w3.org/2000/svg" '
_PIECE = re.compile(r'<(?:text|rect)[^>]*?clip-path="url\(#[\w-]+-line-(\d+)\)"[^>]*>[^<]*</text>')
_CLIP = re.compile(r' clip-path="[^"]*"')
_FORMAT = "{unique_id}\n{char_width}\n{styles}\n====\n{matrix}"


@dataclass(frozen=True)
class Written:
    """How many rows there were so many seconds after the beginning."""

    seconds: float
    rows: int


@dataclass(frozen=True)
class Step:
    """From `at` on, in seconds of the picture, the first `rows` rows are there."""

    at: float
    rows: int


def steps_of(written: Sequence[Written]) -> list[Step]:
    """What was written, with pauses that nobody minds."""
    steps, at = list[Step](), 0.0
    before = Written(0.0, 0)
    for each in written:
        if each.rows > before.rows:
            at += min(_MOST, max(_LEAST, each.seconds - before.seconds)) if steps else 0.3
            steps.append(Step(round(at, 2), each.rows))
            at += _READING * max(0, each.rows - before.rows - 3)
        before = each
    return steps


def moving(recorded: Console, written: Sequence[Written]) -> str:
    """The picture. `recorded`: a console that records, and still has what it wrote."""
    head, _, matrix = recorded.export_svg(code_format=_FORMAT).partition("\n====\n")
    name, char_width, styles = head.split("\n", 2)
    steps = steps_of(written)
    whole = steps[-1].at + _HOLD
    rows = _rows(matrix)
    shown = []
    before = 0
    for number, step in enumerate(steps):
        texts = "".join(rows[row] for row in range(before, step.rows))
        shown.append(f'<g class="s{number}">{texts}</g>' if texts else "")
        before = step.rows
    width = recorded.width * float(char_width) + 2 * _EDGE
    height = WINDOW * _ROW + _BAR + _EDGE
    return "".join(
        (
            f'{_BEGIN}viewBox="0 0 {width:g} {height:g}" role="img" aria-label="A recording of make'
            ' demo: people sign up in one Region and appear in the other">',
            f"<style>.{name}-matrix{{font:{_TEXT:g}px Fira Code,Menlo,Consolas,monospace}}",
            styles,
            _motion(steps, whole),
            "</style>",
            f'<rect width="{width:g}" height="{height:g}" rx="9" fill="#292929"/>',
            '<circle cx="24" cy="23" r="7" fill="#ff5f57"/><circle cx="46" cy="23" r="7"'
            ' fill="#febc2e"/><circle cx="68" cy="23" r="7" fill="#28c840"/>',
            f'<text x="{width / 2:g}" y="29" fill="#c5c8c6" text-anchor="middle" '
            'font-family="sans-serif" font-size="17">make demo (pauses are shortened)</text>',
            f'<svg x="{_EDGE}" y="{_BAR}" width="{width - 2 * _EDGE:g}" '
            f'height="{WINDOW * _ROW:g}"><g class="roll {name}-matrix">',
            *shown,
            "</g></svg></svg>\n",
        )
    )


def _rows(matrix: str) -> dict[int, str]:
    rows: dict[int, str] = defaultdict(str)
    for piece in _PIECE.finditer(matrix):
        rows[int(piece[1])] += _CLIP.sub("", piece[0])
    return rows


def _motion(steps: Sequence[Step], whole: float) -> str:
    """Each step's rows appear at once; the window follows."""
    parts, rolls, last = list[str](), ["0%{transform:none}"], "transform:none"
    for number, step in enumerate(steps):
        share = f"{100 * step.at / whole:.2f}%"
        parts.append(f"@keyframes k{number}{{0%{{opacity:0}}{share},100%{{opacity:1}}}}")
        parts.append(f".s{number}{{animation:k{number} {whole:g}s step-end infinite}}")
        if step.rows > WINDOW:
            last = f"transform:translateY({-(step.rows - WINDOW) * _ROW:g}px)"
            rolls.append(f"{share}{{{last}}}")
    parts.append(f"@keyframes roll{{{''.join(rolls)}100%{{{last}}}}}")
    parts.append(f".roll{{{last};animation:roll {whole:g}s step-end infinite}}")
    parts.append("@media (prefers-reduced-motion:reduce){*{animation:none!important}}")
    return "".join(parts)
