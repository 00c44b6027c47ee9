"""Lines and paragraphs of the Markdown pages: `python -m tests.docs.wrap` fixes what is too long.

The rule: no line over 120 characters, no paragraph or list entry over 6 sentences. Left out are
tables, whose cells cannot wrap, and what a program writes and its own test keeps fresh. The words
stay as they are: lines are broken elsewhere, and a paragraph that is too long is parted between
two sentences. What is short enough is not touched.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.docs.pages import PAGES

WIDTH = 120
SENTENCES = 6
GENERATED = "<!-- Written by "

_ENTRY = re.compile(r" *(?:[-*+]|\d+[.)]) +")
_QUOTE = re.compile(r" *> ?")
_FENCE = re.compile(r" *(`{3,}|~{3,})")
_ALONE = re.compile(r" *(?:#|\||<!--|$)")
_LABEL = re.compile(r" *\*\*[A-Z]")
_WORD = re.compile(r"(?:`[^`]+`|\S)+")
_AT_A_LINES_BEGINNING = re.compile(r"[-+*>#|=]+|\d+[.)]")
"""Words that would begin a list, a quotation, a heading or a table there."""
_END = re.compile(r"(?<=[.!?])([)\"*_]*)\s+(?=[*_`(\[\"]*[A-Z])")


@dataclass(frozen=True)
class Block:
    """Lines that belong together. `flows`: they are text that can be broken elsewhere."""

    lines: tuple[str, ...]
    flows: bool

    @property
    def words(self) -> str:
        """The text without indents and line breaks."""
        first = self.lines[0][len(self.head) :]
        prefix = _QUOTE if _QUOTE.match(self.lines[0]) else re.compile(" *")
        return " ".join([first, *(prefix.sub("", line, count=1) for line in self.lines[1:])])

    @property
    def head(self) -> str:
        """What the first line begins with: an indent, the mark of a list or of a quotation."""
        match = _ENTRY.match(self.lines[0]) or _QUOTE.match(self.lines[0])
        return match.group() if match else re.match(" *", self.lines[0]).group()  # type: ignore[union-attr]

    @property
    def indent(self) -> str:
        """What its other lines begin with."""
        return self.head if _QUOTE.match(self.lines[0]) else " " * len(self.head)


def blocks(text: str) -> Iterator[Block]:
    """A page in its parts; joined by line breaks they are the page."""
    fence, comment = "", False
    flowing: list[str] = []
    for line in text.splitlines():
        mark = _FENCE.match(line)
        alone = bool(fence or comment or mark or _ALONE.match(line))
        labels = bool(flowing and _LABEL.match(line) and _LABEL.match(flowing[0]))
        if flowing and (alone or _ENTRY.match(line) or labels):
            yield Block(tuple(flowing), flows=True)
            flowing = []
        if not alone:
            flowing.append(line)
            continue
        yield Block((line,), flows=False)
        if mark and not comment:
            fence = "" if fence and line.strip() == fence else fence or mark.group(1)
        if not fence:
            comment = "-->" not in line if comment else "<!--" in line and "-->" not in line
    if flowing:
        yield Block(tuple(flowing), flows=True)


def sentences(words: str) -> list[str]:
    """By their ends; abbreviations in lower case do not count."""
    parts = _END.split(words)
    return [
        part + (parts[2 * number + 1] if 2 * number + 1 < len(parts) else "")
        for number, part in enumerate(parts[::2])
    ]


def too_long(block: Block) -> str:
    """What is wrong with a block; "" if nothing is."""
    table = not block.flows and block.lines[0].lstrip().startswith("|")
    if not table and any(len(line) > WIDTH for line in block.lines) and _can_break(block):
        return f"over {WIDTH} characters"
    if block.flows and len(sentences(block.words)) > SENTENCES:
        return f"over {SENTENCES} sentences"
    return ""


def _can_break(block: Block) -> bool:
    """A single word, such as an address, cannot."""
    return not block.flows or _filled(block.words, block.head, block.indent) != list(block.lines)


def wrapped(text: str) -> str:
    """The page, fixed. A parted paragraph can show a label to be parted at, so: until it rests."""
    while (once := _wrapped_once(text)) != text:
        text = once
    return text


def _wrapped_once(text: str) -> str:
    lines: list[str] = []
    last: Block | None = None
    for block in blocks(text):
        if last and last.flows and _LABEL.match(block.lines[0]) and _LABEL.match(last.lines[0]):
            lines.append("")
        lines += _rewrapped(block) if block.flows and too_long(block) else block.lines
        last = block
    return "\n".join(lines) + "\n"


def _rewrapped(block: Block) -> Iterator[str]:
    said = sentences(block.words)
    pieces = math.ceil(len(said) / SENTENCES)
    size = math.ceil(len(said) / pieces)
    for start in range(0, len(said), size):
        if start:
            yield block.indent.rstrip()
        head = block.indent if start else block.head
        yield from _filled(" ".join(said[start : start + size]), head, block.indent)


def _filled(words: str, head: str, indent: str) -> list[str]:
    lines, line = [], head
    for word in _unbreakable(words):
        if len(line) + len(word) > WIDTH and line.strip() and line != head:
            lines.append(line.rstrip())
            line = indent
        line += word + " "
    return [*lines, line.rstrip()]


def _unbreakable(words: str) -> list[str]:
    """Words, code in backticks being one; what must not begin a line sticks to its neighbour."""
    found: list[str] = []
    for word in _WORD.findall(words):
        if found and _AT_A_LINES_BEGINNING.fullmatch(word):
            found[-1] += f" {word}"
        else:
            found.append(word)
    return found


def main() -> None:
    """Fix every page that nobody generates."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        if GENERATED not in text:
            page.write_text(wrapped(text), encoding="utf-8")


if __name__ == "__main__":
    main()
