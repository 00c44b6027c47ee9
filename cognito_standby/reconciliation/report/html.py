"""HTML that cannot be broken by what it shows: text is escaped by construction.

Only `Html` is taken as markup; every other string, wherever it comes from, is text.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_VOID = frozenset({"meta", "br", "rect", "line", "path", "circle"})


class Html(str):
    """Markup that was made here."""

    __slots__ = ()


NOTHING = Html()
Content = str | int | float
"""A child of an element; numbers and plain strings are text."""


def tag(element: str, /, *children: Content, **attributes: Content) -> Html:
    """An element. `class_` is the attribute class; an underscore is a hyphen otherwise."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value), quote=True)}"'
        for key, value in attributes.items()
    )
    if element in _VOID and not children:
        return Html(f"<{element}{given}>" if element in ("meta", "br") else f"<{element}{given}/>")
    return Html(f"<{element}{given}>{join(children)}</{element}>")


def join(children: Iterable[Content]) -> Html:
    """One after the other."""
    return Html("".join(_text(child) for child in children))


def _text(child: Content) -> str:
    return str(child) if isinstance(child, Html) else escape(str(child), quote=True)


def rows(head: Iterable[Content], body: Iterable[Iterable[Content]], **attributes: Content) -> Html:
    """A table. A head that ends with " #" is a column of numbers."""
    names = [str(name) for name in head]
    styles = [{"class_": "num"} if name.endswith(" #") else {} for name in names]
    titles = [tag("th", n.removesuffix(" #"), **s) for n, s in zip(names, styles, strict=True)]
    lines = [
        tag("tr", *(tag("td", cell, **s) for cell, s in zip(line, styles, strict=True)))
        for line in body
    ]
    table = tag("table", tag("thead", tag("tr", *titles)), tag("tbody", *lines), **attributes)
    return tag("div", table, class_="scroll")


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def document(title: str, style: str, *parts: Content) -> str:
    """A whole page that needs nothing beside itself, and may load and send nothing."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex"),
        tag("title", title),
        tag("style", Html(style)),
    )
    return "<!doctype html>\n" + tag("html", head, tag("body", tag("main", *parts)), lang="en")


def number(value: float) -> str:
    """1234567 -> 1,234,567."""
    return f"{value:,.0f}"


def dollars(value: float) -> str:
    """Small sums with more digits: a run costs cents."""
    if 0 < value < 0.0001:  # noqa: PLR2004 - less than is shown
        return "< $0.0001"
    return f"${value:,.4f}" if value < 1 else f"${value:,.2f}"


def lasting(seconds: float) -> str:
    """A duration for people; 0 is one that is not known."""
    if seconds <= 0:
        return "not known"
    if seconds < 60:  # noqa: PLR2004 - a minute
        return f"{seconds:.1f} s"
    hours, rest = divmod(int(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
