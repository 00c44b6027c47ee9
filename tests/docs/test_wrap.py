"""Pages that a tired engineer can read in a terminal: short lines, short paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT
from tests.docs.wrap import GENERATED, SENTENCES, WIDTH, blocks, sentences, too_long, wrapped


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_lines_and_paragraphs_are_short(page: Path) -> None:
    """Tables are free, as a cell cannot wrap. So are pictures and entries of generated pages, whose
    words belong to their sources; their text is held to the width, too."""
    text = page.read_text(encoding="utf-8")
    found = [(too_long(block), block.lines[0]) for block in blocks(text) if too_long(block)]
    if GENERATED in text:
        text_lines = {block.lines[0] for block in blocks(text) if block.flows}
        found = [(why, line) for why, line in found if "char" in why and line in text_lines]
    assert found == [], "run: python -m tests.docs.wrap (a block of code: shorten it by hand)"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_wrapping_keeps_every_word_and_changes_nothing_the_second_time(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    once = wrapped(text)
    assert once.replace("\n>", "\n").split() == text.replace("\n>", "\n").split()
    assert wrapped(once) == once


WORDS = "word " * 40


@pytest.mark.parametrize(
    "text",
    [
        f"| {WORDS} |\n",
        f"```\n{WORDS}\n```\n",
        f"<!-- a\n{WORDS}\n-->\n",
        f"# {WORDS}\n",
        "a line.\nAnother one.\n\n- an entry\n  goes on\n",
        "- a\n\n  ```\n  $ b\n  ```\n- c\n",
    ],
)
def test_left_as_it_is(text: str) -> None:
    assert wrapped(text) == text


def test_a_list_keeps_its_shape() -> None:
    lines = wrapped(f"1. {WORDS}\n   - {WORDS}\n").splitlines()
    assert [line[: len(line) - len(line.lstrip())] for line in lines] == ["", "   ", "   ", "     "]
    assert max(map(len, lines)) <= WIDTH


def test_nothing_becomes_a_list_and_no_code_is_broken() -> None:
    text = wrapped("word " * 23 + "- 5. # `a b c d e f` " + WORDS)
    assert all(line.startswith(("word", "`a b c d e f`")) for line in text.splitlines()), text


def test_a_long_paragraph_is_parted_between_sentences() -> None:
    parts = wrapped("It is so, e.g. here. " * (SENTENCES + 1)).split("\n\n")
    assert [len(sentences(part)) for part in parts] == [4, 3]


def test_labels_become_paragraphs() -> None:
    assert wrapped("**A.** One.\n**B.** Two.\n") == "**A.** One.\n\n**B.** Two.\n"
