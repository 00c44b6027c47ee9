"""Names in the machines' files: what they stand for, and what the loader refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonata
import pytest

import workflows
from workflows import DefinitionError

RETRIES: dict[str, Any] = {
    "slowly": {"ErrorEquals": ["@busy", "LateError"], "MaxAttempts": 9},
    "quickly": {"ErrorEquals": ["QuickError"], "MaxAttempts": 2},
    "both": ["@slowly", "@quickly"],
    "busy": ["BusyError"],
}
SLOWLY = {"ErrorEquals": ["BusyError", "LateError"], "MaxAttempts": 9}
QUICKLY = RETRIES["quickly"]


def written(directory: Path, state: Any, shared: dict[str, Any] | None = None, **more: Any) -> Path:
    """A directory with one machine of one state, and what it shares."""
    (directory / "named").mkdir(exist_ok=True)
    entries = {name: {"why": "A reason.", "is": value} for name, value in (shared or {}).items()}
    (directory / "named" / "all.json").write_text(json.dumps(entries | more))
    (directory / "one.asl.json").write_text(json.dumps({"States": {"First": state}}))
    return directory


def loaded(directory: Path) -> Any:
    return workflows.load("one", directory).parsed["States"]["First"]


@pytest.mark.parametrize(
    ("retry", "rules"),
    [
        ("@quickly", [QUICKLY]),
        ("@both", [SLOWLY, QUICKLY]),
        (["@quickly", "@slowly"], [QUICKLY, SLOWLY]),
        (["@both", "@quickly"], [SLOWLY, QUICKLY, QUICKLY]),
    ],
)
def test_a_retry_is_named(tmp_path: Path, retry: Any, rules: Any) -> None:
    assert loaded(written(tmp_path, {"Retry": retry}, RETRIES)) == {"Retry": rules}


def test_a_name_in_an_expression_stands_for_its_value_whatever_is_around_it(
    tmp_path: Path,
) -> None:
    shared = {"count": "{% $a ? 1 : 0 %}", "next": "{% @count + 1 %}"}
    state = {"A": "@next", "B": "{% 'me@home' & $x.y@$z & @next %}", "C": "me @next"}
    assert loaded(written(tmp_path, state, shared)) == {
        "A": "{% ($a ? 1 : 0) + 1 %}",
        "B": "{% 'me@home' & $x.y@$z & (($a ? 1 : 0) + 1) %}",
        "C": "me @next",
    }


def test_what_is_like_another_has_its_fields_and_its_own(tmp_path: Path) -> None:
    shared = {"task": {"Type": "Task"}, "step": {"Like": "@task", "TimeoutSeconds": 60}}
    state = {"Comment": "One.", "Like": "@step", "End": True}
    found = loaded(written(tmp_path, state, shared))
    assert list(found.items()) == [
        ("Comment", "One."),
        *(("Type", "Task"), ("TimeoutSeconds", 60), ("End", True)),
    ]


def test_a_list_takes_up_a_named_list_and_keeps_a_written_one(tmp_path: Path) -> None:
    state = {"A": ["@few", ["@few"], "three"]}
    found = loaded(written(tmp_path, state, {"few": ["one", "two"]}))
    assert found == {"A": ["one", "two", ["one", "two"], "three"]}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"A": "@nobody"}, "@nobody is not defined"),
        ({"Retry": "@nobody"}, "@nobody is not defined"),
        ({"A": "{% 1 + @nobody %}"}, "@nobody is not defined"),
        ({"Like": "@nobody"}, "@nobody is not defined"),
        ({"Retry": [QUICKLY]}, "a Retry that is not named"),
        ({"Retry": ["@quickly", QUICKLY]}, "a Retry that is not named"),
        ({"Retry": QUICKLY}, "a Retry that is not named"),
        ({"Retry": "quickly"}, "a Retry that is not named"),
        ({"Retry": "@busy"}, "@busy is not all retry policies"),
        ({"A": "{% 1 + @busy %}"}, "@busy in an expression is none itself"),
        ({"Like": "@busy"}, "is like @busy, which is no object"),
        ({"Like": {"A": 1}}, "which is no name"),
        ({"MaxAttempts": 2, "Like": "@quickly"}, "has MaxAttempts, as has @quickly"),
    ],
)
def test_refuses_with_file_and_state(tmp_path: Path, state: Any, message: str) -> None:
    inner = {"Type": "Map", "ItemProcessor": {"States": {"Inner": state}}}
    for put, place in ((state, "First"), (inner, "Inner")):
        with pytest.raises(DefinitionError, match=rf"^one\.asl\.json, {place}: .*{message}"):
            loaded(written(tmp_path, put, RETRIES))


@pytest.mark.parametrize(
    ("shared", "led"),
    [
        ({"a": "@a"}, "@a"),
        ({"a": ["@b"], "b": {"x": "@a"}}, "@a, @b"),
        ({"a": "{% @b %}", "b": "{% 1 + @a %}"}, "@a, @b"),
        ({"a": {"Like": "@b"}, "b": {"Like": "@a"}}, "@a, @b"),
    ],
)
def test_refuses_a_cycle(tmp_path: Path, shared: dict[str, Any], led: str) -> None:
    message = rf"^one\.asl\.json, First \(by {led}\): @a stands for itself"
    with pytest.raises(DefinitionError, match=message):
        loaded(written(tmp_path, {"A": "@a"}, shared))


def test_a_literal_retry_is_refused_in_what_is_shared_too(tmp_path: Path) -> None:
    shared = {"step": {"Type": "Task", "Retry": [QUICKLY]}}
    with pytest.raises(DefinitionError, match=r"First \(by @step\): a Retry that is not named"):
        loaded(written(tmp_path, {"Like": "@step"}, shared))


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"Loud": {"why": "A.", "is": 1}}, "'Loud' is no snake_case name"),
        ({"quiet": {"is": 1}}, "quiet needs a `why` and an `is`"),
        ({"quiet": {"why": "", "is": 1}}, "quiet needs a `why`"),
        ({"quiet": {"why": "A.", "is": 1, "and": 2}}, "quiet needs a `why` and an `is`, and"),
        ({"quiet": 1}, "quiet needs a `why`"),
    ],
)
def test_refuses_a_name_without_a_reason(tmp_path: Path, more: Any, message: str) -> None:
    with pytest.raises(DefinitionError, match=rf"^named/all\.json: {message}"):
        loaded(written(tmp_path, {}, {}, **more))


def test_refuses_a_name_that_has_two_meanings(tmp_path: Path) -> None:
    directory = written(tmp_path, {}, {"a": 1})
    other = directory / "named" / "other.json"
    other.write_text('{"a": {"why": "A.", "is": 2}}')
    with pytest.raises(DefinitionError, match=r"^named/other\.json: a is defined in named/all"):
        loaded(directory)
    other.write_text('{"b": 1, "b": 2}')
    with pytest.raises(DefinitionError, match=r"^other\.json: has b twice"):
        loaded(directory)


def test_refuses_a_state_that_is_written_twice(tmp_path: Path) -> None:
    (tmp_path / "one.asl.json").write_text('{"States": {"A": {}, "A": {}}}')
    with pytest.raises(DefinitionError, match=r"^one\.asl\.json: has A twice"):
        loaded(tmp_path)


def test_refuses_a_name_that_is_used_nowhere(tmp_path: Path) -> None:
    shared = {**RETRIES, "ring": "@ring_too", "ring_too": "@ring"}
    directory = written(tmp_path, {"Retry": "@slowly"}, shared)
    with pytest.raises(DefinitionError, match=r"^named/all\.json: @both is used nowhere"):
        workflows.load_all(directory)
    written(tmp_path, {"Retry": "@both"}, shared)
    with pytest.raises(DefinitionError, match=r"^named/all\.json: @ring is used nowhere"):
        workflows.load_all(directory)
    written(tmp_path, {"Retry": "@both"}, RETRIES)
    assert [one.name for one in workflows.load_all(directory)] == ["one"]


def test_a_declaration_of_failures_uses_names_too(tmp_path: Path) -> None:
    directory = written(tmp_path, {}, {"busy": ["BusyError"]})
    (directory / "fails_in_place.json").write_text('{"one": {"First": ["@busy"]}}')
    assert [one.name for one in workflows.load_all(directory)] == ["one"]


@pytest.mark.parametrize(
    ("state", "shared", "place"),
    [
        ({"A": "{% $a + 1 %}", "B": ["{% $a + 1 %}"]}, {}, "one.asl.json, First"),
        ({"A": "{% $a + 1 %}", "B": "@b"}, {"b": "{% $a + 1 %}"}, "named/all.json, @b"),
    ],
)
def test_refuses_an_expression_that_is_written_twice(
    tmp_path: Path, state: Any, shared: dict[str, Any], place: str
) -> None:
    message = rf"^one\.asl\.json, First: repeats .* as in {place}; name it"
    with pytest.raises(DefinitionError, match=message):
        workflows.load_all(written(tmp_path, state, shared))


def test_a_mere_path_may_be_written_twice(tmp_path: Path) -> None:
    state = {"A": "{% $states.input.who %}", "B": ["{% $states.input.who %}"]}
    assert workflows.load_all(written(tmp_path, state))


@pytest.mark.parametrize(
    ("redrives", "holder"), [({}, "run-1#0"), ({"RedriveCount": 2}, "run-1#2")]
)
def test_a_lease_is_held_by_one_run_of_an_execution(redrives: Any, holder: str) -> None:
    arguments = workflows.load("sync_user").parsed["States"]["Replay Record"]["Arguments"]
    expression = jsonata.Jsonata(arguments["Payload"]["holder"].removeprefix("{%")[:-2])
    expression.assign("states", {"context": {"Execution": {"Id": "run-1"} | redrives}})
    assert expression.evaluate(None) == holder
