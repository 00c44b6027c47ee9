"""The command lines that the pages show, with what a comment says about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"^    (standby .*)$", re.MULTILINE)


@dataclass(frozen=True)
class Shown:
    """A command as a page has it. `remark`: the comment behind it, or the one above its block's
    part, which stands until the next comment on a line of its own."""

    command: str
    remark: str


def shown(text: str) -> Iterator[Shown]:
    """Lines after a prompt in blocks, which may be indented; and indented `standby` lines."""
    for kind, block in _BLOCK.findall(text):
        if kind not in ("", "console"):
            continue
        standing = ""
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            bare = line.strip()
            if bare.startswith("# "):
                standing = bare[2:]
            elif bare.startswith("$ "):
                command, _, remark = re.sub(r"\s+#\s", "\0", bare[2:], count=1).partition("\0")
                yield Shown(command.strip(), remark or standing)
    for line in _INDENTED.findall(text):
        command, _, remark = line.partition(" #")
        yield Shown(command.strip(), remark.strip())


def commands(text: str) -> Iterator[str]:
    """Without the remarks."""
    return (each.command for each in shown(text))


def of_runbooks() -> set[str]:
    """Every command of every runbook."""
    return {one for page in RUNBOOKS for one in commands(page.read_text(encoding="utf-8"))}
