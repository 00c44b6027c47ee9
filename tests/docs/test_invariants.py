"""Invariants have the same labels in docs/protocol.md and in the code that holds them."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
LABEL = re.compile(r"\bI[0-9]+\b")
LISTED = re.compile(r"^- \*\*(I[0-9]+)\*\*: ", re.MULTILINE)
CODE = ("cognito_standby", "tasks", "workflows", "tests/property")


def test_the_code_names_each_invariant_and_no_other() -> None:
    page = (ROOT / "docs" / "protocol.md").read_text()
    section = page.split("## Invariants")[1].split("\n## ")[0]
    listed = LISTED.findall(section)
    named = {
        label
        for folder in CODE
        for path in (ROOT / folder).rglob("*.py")
        for label in LABEL.findall(path.read_text())
    }

    assert listed == [f"I{number}" for number in range(1, len(listed) + 1)]
    assert named == set(listed)


def test_every_page_names_only_listed_ones() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    listed = set(LISTED.findall((ROOT / "docs" / "protocol.md").read_text()))

    unknown = {(page.name, label) for page in pages for label in LABEL.findall(page.read_text())}

    assert {each for each in unknown if each[1] not in listed} == set()
