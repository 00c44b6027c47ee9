"""The loader of ASL files refuses what CloudFormation would only notice when it deploys."""

from __future__ import annotations

from pathlib import Path

import pytest

import workflows
from workflows import DefinitionError


def _written(directory: Path, text: str) -> Path:
    (directory / "one.asl.json").write_text(text)
    return directory


def test_reads_placeholders_and_gives_exactly_their_values(tmp_path: Path) -> None:
    directory = _written(tmp_path, '{"A": "${plan_sync_arn}",\n "B": ["${b_arn}", "${b_arn}"]}')
    definition = workflows.load("one", directory)
    assert definition.placeholders == {"plan_sync_arn", "b_arn"}
    assert definition.text == '{"A":"${plan_sync_arn}","B":["${b_arn}","${b_arn}"]}'
    values = {"plan_sync_arn": "x", "b_arn": "y"}
    assert definition.substitutions(values) == {"b_arn": "y", "plan_sync_arn": "x"}


def test_refuses_missing_and_unknown_values(tmp_path: Path) -> None:
    definition = workflows.load("one", _written(tmp_path, '{"A": "${a_arn}"}'))
    with pytest.raises(DefinitionError, match="one: no value for a_arn"):
        definition.substitutions({})
    with pytest.raises(DefinitionError, match="one: no placeholder for b_arn"):
        definition.substitutions({"a_arn": "x", "b_arn": "y"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "one.asl.json: is not JSON"),
        ('{"A": "arn:${a_arn}"}', "not a quoted"),
        ('{"A": "${A_ARN}"}', "A_ARN"),
        ('{"A": "${a_id}"}', "a_id"),
        ('{"A": "${}"}', "not a quoted"),
        ('{"A": "${LookUp}"}', "LookUp"),
        ('{"A": "https://${queue_url}"}', "queue_url"),
    ],
)
def test_refuses_bad_definitions(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DefinitionError, match=message):
        workflows.load("one", _written(tmp_path, text))


def test_refuses_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match=r"one: there is no one\.asl\.json"):
        workflows.load("one", tmp_path)


def test_all_machines_load() -> None:
    assert "sync_user" in workflows.names()
    for name in workflows.names():
        assert workflows.load(name).placeholders
