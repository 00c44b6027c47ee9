"""The Markdown pages of the repository, their headings' anchors and their links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_FENCE = re.compile(r"^( *)(`{3,}|~{3,}).*?^ *\2 *$\n?", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")


def prose(text: str) -> str:
    """Without fenced blocks, which may hold anything."""
    return _FENCE.sub("", text)


def links(text: str) -> Iterator[str]:
    """Targets as written, of inline links; code in backticks is none."""
    return iter(_LINK.findall(re.sub(r"`[^`\n]*`", "code", prose(text))))


def anchors(text: str) -> set[str]:
    """As GitHub makes them of headings: the second of two equal ones ends in -1."""
    found: set[str] = set(re.findall(r"<a (?:id|name)=\"([^\"]+)\"", text))
    seen: dict[str, int] = {}
    for heading in re.findall(r"^#+ +(.+?) *$", prose(text), re.MULTILINE):
        bare = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", bare.lower()).replace(" ", "-")
        count = seen[slug] = seen.get(slug, -1) + 1
        found.add(f"{slug}-{count}" if count else slug)
    return found
