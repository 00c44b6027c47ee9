"""Windows of a browser as one SVG that shows them one after the other, by CSS alone: nothing runs
and nothing is loaded, as a README demands. Whoever wants no motion sees one of them.

What several windows have in common is in it once: each piece knows in which of them it is seen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from playwright.sync_api import Page

WIDTH, HEIGHT = 1040, 720
"""Pixels of a window; the picture has a bar more, with what is being told."""
_BAR = 52
_SCRIPT = Path(__file__).with_name("traced.js")
_BEGIN = '<svg xmlns="http://www.w3.org/2000/svg" '
_FAMILIES = {
    "s": "system-ui,-apple-system,Segoe UI,Roboto,Helvetica Neue,Arial,sans-serif",
    "m": "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace",
}
_STYLE = re.compile(r' style="([^"]*)"')
_SHORT = re.compile(r"(font:[^;]*px|font-family:) ?([sm])(?=;|$)")

Piece = tuple[int, str, str]
"""Layer, style and markup: higher layers are drawn over lower ones."""


@dataclass(frozen=True)
class Frame:
    """A window for so many seconds, and what is told of it."""

    told: str
    seconds: float
    pieces: Sequence[Piece]


def taken(page: Page, told: str, seconds: float = 2.6, click: str = "") -> Frame:
    """What the window shows now. `click`: a selector of what is clicked next; it gets a ring."""
    found = page.evaluate(_SCRIPT.read_text(), click)
    return Frame(told, seconds, [(int(layer), style, markup) for layer, style, markup in found])


def film(frames: Sequence[Frame], title: str, still: int) -> str:
    """The picture. `still`: which frame is shown without motion."""
    seen: dict[Piece, list[int]] = {}
    for number, frame in enumerate(frames):
        for piece in (*frame.pieces, *_bar(frame.told, number, len(frames))):
            where = seen.setdefault(piece, [])
            if number not in where[-1:]:
                where.append(number)
    looks, together = dict[str, str](), defaultdict[tuple[int, tuple[int, ...]], list[str]](list)
    for (layer, style, markup), where in seen.items():
        together[layer, tuple(where)].append(_classed(style, markup, looks))
    times = {
        where: f"f{number}" for number, where in enumerate(dict.fromkeys(w for _, w in together))
    }
    height = HEIGHT + _BAR
    drawn = [
        f'<g class="{times[where]}">{"".join(markups)}</g>'
        for (_, where), markups in sorted(together.items(), key=lambda each: each[0][0])
    ]
    return "".join(
        (
            f'{_BEGIN}viewBox="0 0 {WIDTH} {height}" role="img" aria-label={quoteattr(title)}>',
            f"<style>{_motion(times, frames, still)}",
            *(f".{name}{{{look}}}" for look, name in looks.items()),
            "</style>",
            f'<svg width="{WIDTH}" height="{height}">',
            *drawn,
            "</svg></svg>\n",
        )
    )


def _bar(told: str, number: int, of: int) -> Iterable[Piece]:
    """Over the window: below it nobody looks."""
    middle = HEIGHT + _BAR / 2 + 6
    yield 300, "fill:#18212d", f'<rect y="{HEIGHT}" width="{WIDTH}" height="{_BAR}"/>'
    yield 301, "font:600 18px s;fill:#fff", f'<text x="20" y="{middle:g}">{escape(told)}</text>'
    done = WIDTH * (number + 1) / of
    yield 302, "fill:#e8590c", f'<rect y="{HEIGHT}" width="{done:.0f}" height="4"/>'


def _classed(style: str, markup: str, looks: dict[str, str]) -> str:
    def named(look: str) -> str:
        full = _SHORT.sub(lambda found: f"{found[1]} {_FAMILIES[found[2]]}", look)
        return looks.setdefault(full, f"c{len(looks)}")

    markup = _STYLE.sub(lambda found: f' class="{named(found[1])}"', markup)
    return re.sub(r"^<(\w+)", rf'<\1 class="{named(style)}"', markup) if style else markup


def _motion(times: dict[tuple[int, ...], str], frames: Sequence[Frame], still: int) -> str:
    """When each group is seen: from the beginning of a frame to that of the next."""
    begins = [0.0]
    for frame in frames:
        begins.append(begins[-1] + frame.seconds)
    whole, rules = begins[-1], list[str]()
    for where, name in times.items():
        if len(where) == len(frames):
            continue
        steps, shown = [f"0%{{opacity:{int(0 in where)}}}"], 0 in where
        for number in range(1, len(frames)):
            if (number in where) != shown:
                shown = not shown
                steps.append(f"{100 * begins[number] / whole:.2f}%{{opacity:{int(shown)}}}")
        rules.append(f"@keyframes {name}{{{''.join(steps)}100%{{opacity:{int(shown)}}}}}")
        rest = f"opacity:{int(still in where)}"
        rules.append(f".{name}{{{rest};animation:{name} {whole:g}s step-end infinite}}")
    rules.append("@media (prefers-reduced-motion:reduce){*{animation:none!important}}")
    return "".join(rules)
