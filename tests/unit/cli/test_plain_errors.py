"""An argument that cannot be taken is refused in plain words, whichever command it is of."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

import pytest
from pydantic import TypeAdapter, ValidationError

from cognito_standby.cli.main import app
from cognito_standby.cli.plain_errors import told
from tests.cli_runner import CliRunner
from tests.unit.cli.test_help import ALL

pytestmark = pytest.mark.usefixtures("socket_disabled")
_NOT_OURS = ("Value error", "Input should be", "unable to parse", "pydantic")


def refused(*words: str) -> str:
    done = CliRunner().invoke(app, words, env={"COLUMNS": "200"})
    assert done.exit_code == 2, done.output
    return done.output


def _typed() -> Iterator[tuple[tuple[str, ...], str]]:
    """An option of each kind that takes a number or one of a few words."""
    seen: set[str] = set()
    for words, command in ALL.items():
        for each in getattr(command, "params", ()):
            flags = [name for name in getattr(each, "opts", ()) if name.startswith("--")]
            kind = each.type_descriptor.annotation
            bounds = (getattr(each, "min", None), getattr(each, "max", None))
            if flags and _is_picky(kind) and (told_as := f"{kind} {bounds}") not in seen:
                seen.add(told_as)
                yield words, flags[0]


def _is_picky(annotation: Any) -> bool:
    kinds = get_args(annotation) or (annotation,)
    return any(
        isinstance(each, type) and issubclass(each, int | float | Enum)
        for each in kinds
        if each is not bool
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("conflicts", "keep", "--weight", "foo"), "'foo' is not one of 'deletion'"),
        (("cost", "--users", "foo"), "'foo' is not a whole number"),
        (("cost", "--users", "1.5"), "'1.5' is not a whole number"),
        (("cost", "--changes", "many"), "'many' is not a number"),
        (("cost", "--users", "-3"), "-3 is below 0, the least"),
        (("reports", "--limit", "501"), "501 is above 500, the most"),
        (("restore", "--strategy", "x"), "'x' is not one of 'calls'"),
        (("doctor", "--fail-on", "x"), "'x' is not one of 'blocks'"),
        (("--outputs", " ", "status"), "it is blank"),
    ],
)
def test_it_is_said_what_is_wrong(words: tuple[str, ...], said: str) -> None:
    shown = refused(*words)
    assert said in shown, shown
    assert not [each for each in _NOT_OURS if each in shown]


def test_no_command_answers_in_another_s_words() -> None:
    asked = 0
    for words, flag in _typed():
        shown = refused(*words, flag, "foo-bar")
        assert not [each for each in _NOT_OURS if each in shown], (words, flag, shown)
        assert "foo-bar" in shown
        asked += 1
    assert asked > 10, "numbers and choices of all commands"


def test_a_fault_without_words_of_ours_is_told_all_the_same() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(bytes).validate_python(7)
    assert told(caught.value) == "7: Input should be a valid bytes"
