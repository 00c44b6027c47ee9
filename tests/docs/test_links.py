"""Every page is in the index, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, anchors, links
from tests.docs.wrap import blocks

INDEX = ROOT / "docs" / "index.md"
_ELSEWHERE = re.compile(r"[a-z]+:")


def broken(page: Path, text: str) -> list[str]:
    """The links of a page that lead to no file, or to no heading in it."""
    found = []
    for link in links(text):
        if _ELSEWHERE.match(link):
            continue
        path, _, anchor = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        known = there.exists() and (
            there.suffix != ".md" or not anchor or anchor in _anchors(there)
        )
        found += [] if known else [link]
    return found


def _anchors(page: Path) -> set[str]:
    return anchors(_text(page))


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page, _text(page)) == []


def test_every_page_is_in_the_index_once() -> None:
    named = [(INDEX.parent / link.partition("#")[0]).resolve() for link in links(_text(INDEX))]
    wanted = [page for page in PAGES if page.is_relative_to(INDEX.parent) and page != INDEX]
    assert sorted(each for each in named if each.is_relative_to(INDEX.parent)) == wanted


def test_every_entry_of_the_index_says_when_to_read_it() -> None:
    entries = [each for each in blocks(_text(INDEX)) if each.head == "- "]
    assert entries
    for entry in entries:
        assert re.fullmatch(r"\[.+?\]\(.+?\): \S.{10,}", entry.words), entry.words


@pytest.mark.parametrize(
    ("link", "fault"),
    [
        ("[a](index.md)", False),
        ("[a](none.md)", True),
        ("[a](../README.md#licence)", False),
        ("[a](../README.md#license)", True),
        ("![a](https://example.org/none)", False),
        ("`[a](none.md)`", False),
        ("```\n[a](none.md)\n```\n", False),
    ],
)
def test_a_broken_link_is_found(link: str, fault: bool) -> None:
    assert bool(broken(INDEX, link)) is fault
