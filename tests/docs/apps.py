"""The examples of docs/apps.md, or of another page, as they stand there: each block of code begins
with its name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "apps.md"
VERIFY, AUTHORIZER, VERIFY_NODE = "verify.py", "authorizer.py", "verify.mjs"
_BLOCK = re.compile(
    r"^```\w+\n(?:#|//) (?P<name>[\w.]+)\n(?P<code>.*?)^```$", re.DOTALL | re.MULTILINE
)


def example(name: str, page: Path = PAGE) -> str:
    """The code of one example. KeyError."""
    found = {block["name"]: block["code"] for block in _BLOCK.finditer(page.read_text("utf-8"))}
    return found[name]


def python_of(name: str, page: Path = PAGE) -> dict[str, Any]:
    """What an example in Python defines."""
    defined: dict[str, Any] = {"__name__": name.removesuffix(".py")}
    code = compile(example(name, page), f"docs/{page.name}: {name}", "exec")
    exec(code, defined)  # noqa: S102 - ours
    return defined
