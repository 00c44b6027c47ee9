"""An expression is parsed once, and whoever evaluates it sees only what is their own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import pytest
from jsonata import Jsonata, parser
from jsonata.jexception import JException

from local.gaps.parsed_expressions import once

CLOSURES = "($add := function($a, $b){$a + $b + $own}; $five := $add(?, 5); $map($each, $five))"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were really parsed."""
    seen: list[str] = []
    parse = parser.Parser.parse

    def counted(one: Any, text: str, *engine: Any) -> Any:
        seen.append(text)
        return parse(one, text, *engine)

    monkeypatch.setattr(parser.Parser, "parse", once(counted))
    monkeypatch.setattr(Jsonata, "get_parser", cache(Jsonata.get_parser))
    return seen


def test_many_evaluate_what_was_parsed_once(parsed: list[str]) -> None:
    seen = parsed

    def evaluated(own: int) -> Any:
        return Jsonata(CLOSURES).evaluate(None, {"own": own, "each": [own, 1]})

    assert evaluated(0) == [5, 6]
    assert seen == [CLOSURES]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(evaluated, range(40)))
    assert answers == [[2 * own + 5, own + 6] for own in range(40)]
    assert seen == [CLOSURES]


def test_threads_that_parse_at_once_do_not_mix_their_texts(parsed: list[str]) -> None:
    """The parser keeps where it is in itself."""
    texts = [f"$map([1..{number}], function($n){{$n * {number} + 1}})[-1]" for number in range(300)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda text: Jsonata(text).evaluate(None), texts))
    assert answers[2:] == [number * number + 1 for number in range(2, 300)]
    assert sorted(parsed) == sorted(texts)


def test_what_is_none_is_refused_each_time(parsed: list[str]) -> None:
    for _ in range(2):
        with pytest.raises(JException):
            Jsonata("1 +")
    seen = parsed
    assert seen == ["1 +"] * 2
