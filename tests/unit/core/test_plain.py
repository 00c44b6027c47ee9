"""What is stored is what the dataclasses declare, in their order, and read back by their types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run, Tally
from cognito_standby.reconciliation.domain.repairs import Batch
from cognito_standby.reconciliation.domain.work_items import (
    BrakeVerdict,
    ItemKind,
    Judgement,
    WorkItem,
    run_from_dict,
    run_to_dict,
)


class Word(StrEnum):
    YES = "yes"


@dataclass(frozen=True)
class Inner:
    number: float = 0.0


@dataclass(frozen=True)
class Outer:
    word: Word
    inner: Inner = Inner()
    names: tuple[str, ...] = ()
    lists: list[list[Any]] = field(default_factory=list)
    counts: Mapping[str, int] = field(default_factory=dict)
    flag: bool | None = None
    some: tuple[str, ...] | None = None


RUN = Run("r", "arn", "us-east-1", "pool", "2026-01-01", Mode.DRY_RUN, ("0a",), scheduled=True)
ASKED = ChangeRequest(
    ChangeKind.UPDATE, username="ann", attributes={"a": "b", "c": None}, enabled=False, groups=()
)
STORED: list[tuple[Any, str]] = [
    (
        RUN,
        '{"id": "r", "execution": "arn", "region": "us-east-1", "user_pool_id": "pool", '
        '"started_at": "2026-01-01", "mode": "dry run", "shards": ["0a"], "seeding": false, '
        '"clear_ids": false, "scheduled": true}',
    ),
    (
        WorkItem("i", ItemKind.PREFIX, ("a",), 1, 2),
        '{"id": "i", "kind": "prefix", "values": ["a"], "failures": 1, "parts": 2}',
    ),
    (
        Judgement(BrakeVerdict.ASK, ("why",), Tally(users=1, skipped={"x": 2}), ("f",), (), ()),
        '{"verdict": "ask", "reasons": ["why"], "tally": {"users": 1, "records": 0, '
        '"ledger_rows": 0, "groups": 0, "memberships": 0, "in_sync": 0, "destructive": 0, '
        '"absent": 0, "skipped": {"x": 2}, "drift": {}}, "buckets": ["f"], "not_listed": [], '
        '"not_compared": []}',
    ),
    (
        Batch("b", 1, groups=True),
        '{"id": "b", "round": 1, "groups": true, "bulk": false, "parts": 0, "failures": 0}',
    ),
    (
        ASKED,
        '{"kind": "update", "username": "ann", "attributes": {"a": "b", "c": null}, '
        '"enabled": false, "groups": []}',
    ),
    (
        ChangePlan("s", {"x": "1"}, {}, "t"),
        '{"subject": "s", "before": {"x": "1"}, "wanted": {}, "tag": "t", "carried": {}}',
    ),
]


def _stored(value: Any) -> Any:
    return run_to_dict(value) if isinstance(value, Run) else value.to_dict()


@pytest.mark.parametrize(("value", "text"), STORED, ids=lambda each: type(each).__name__)
def test_stored_bytes_stay_as_they_are(value: Any, text: str) -> None:
    assert json.dumps(_stored(value)) == text
    read = run_from_dict if isinstance(value, Run) else type(value).from_dict
    assert read(json.loads(text)) == value


def test_a_value_comes_back() -> None:
    value = Outer(Word.YES, Inner(2), ("a",), [["p", 1.5]], {"n": 1}, True, ("x",))
    plain = json.loads(json.dumps(to_plain(value)))
    assert from_plain(Outer, plain, whole=True) == value
    assert from_plain(Outer, {"word": "yes", "flag": None, "new": 1}) == Outer(Word.YES)


def test_numbers_of_a_table_come_as_the_field_wants_them() -> None:
    read = from_plain(
        Outer, {"word": "yes", "inner": {"number": Decimal("2")}, "counts": {"n": Decimal(3)}}
    )
    assert (read.inner.number, type(read.counts["n"])) == (2.0, int)


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (None, "Outer"),
        ([], "Outer"),
        ({}, "Outer.word is missing"),
        ({"word": "no"}, "Outer.word"),
        ({"word": "yes", "inner": 7}, "Outer.inner"),
        ({"word": "yes", "inner": {"number": "2"}}, "Outer.inner.number"),
        ({"word": "yes", "names": "abc"}, "Outer.names"),
        ({"word": "yes", "names": [1]}, "Outer.names"),
        ({"word": "yes", "counts": {"n": True}}, "Outer.counts"),
        ({"word": "yes", "counts": {"n": Decimal("1.5")}}, "Outer.counts"),
        ({"word": "yes", "flag": 1}, "Outer.flag"),
    ],
)
def test_what_is_wrong_is_named(data: Any, where: str) -> None:
    with pytest.raises(InvalidRecordError, match=where.replace(".", r"\.")):
        from_plain(Outer, data)
    with pytest.raises(InvalidRecordError, match=r"^that is none$"):
        from_plain(Outer, data, wrong="that is none")


def test_nothing_may_be_missing_from_the_whole() -> None:
    with pytest.raises(InvalidRecordError, match="inner is missing"):
        from_plain(Outer, {"word": "yes"}, whole=True)
    judged = json.loads(STORED[2][1])
    del judged["tally"]["drift"]
    with pytest.raises(InvalidRecordError):
        Judgement.from_dict(judged)
