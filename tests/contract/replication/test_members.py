"""Contract of MemberRecords: who has a living record with a membership, part by part."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import ENABLED, GROUP, PRESENT, TRUE, Subject
from cognito_standby.core.ports import RecordStore
from cognito_standby.replication.adapters import members
from tests.contract.backends import Backend, Records

NOW = datetime(2026, 3, 4, tzinfo=UTC)
ODD = 'editors.of "a:b" #1'


@pytest.fixture
def records(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> Records:
    monkeypatch.setattr(members, "PAGE_ITEMS", 2)
    return backend.records()


def put(store: RecordStore, sub: str, *groups: str, deleted: bool = False) -> None:
    fields = {PRESENT: TRUE, ENABLED: TRUE} | {GROUP + group: TRUE for group in groups}
    assert store.put(Draft(Subject.user(sub), 1, fields, deleted, None), NOW)


def found(records: Records, group: str) -> tuple[list[str], int]:
    """Everybody, and how many parts it took."""
    subs: list[str] = []
    after, parts = "", 0
    while True:
        page = records.members.members(group, after)
        subs += page.origin_subs
        after, parts = page.after, parts + 1
        if not after:
            return subs, parts


def test_nobody_is_left_out_and_the_search_ends(records: Records) -> None:
    everybody = {f"u-{number}" for number in range(11)}
    for sub in everybody:
        put(records.primary, sub, "staff", ODD)
    subs, parts = found(records, "staff")
    assert set(subs) == everybody
    assert parts >= 5
    assert set(found(records, ODD)[0]) == everybody


def test_only_living_members_of_that_very_group(records: Records) -> None:
    put(records.primary, "in", "staff")
    put(records.primary, "other", "staff2", "staf")
    put(records.primary, "gone", "staff", deleted=True)
    put(records.primary, "none")
    assert found(records, "staff")[0] == ["in"]
    assert found(records, "nowhere")[0] == []


def test_a_record_of_the_other_region_counts(records: Records) -> None:
    """Whoever was not captured here since a failover has no other."""
    put(records.backup, "theirs", "staff")
    put(records.backup, "both", "staff")
    put(records.primary, "both", "staff")
    records.settle()
    assert set(found(records, "staff")[0]) == {"theirs", "both"}


def test_definitions_are_no_members(records: Records) -> None:
    assert records.primary.put(Draft(Subject.group("staff"), 1, {PRESENT: TRUE}, False, None), NOW)
    assert found(records, "staff")[0] == []


@pytest.mark.parametrize("after", ["nonsense", "[]", '{"origin_sub": "u"}', '{"region": 3}'])
def test_it_goes_on_only_from_where_it_stopped(records: Records, after: str) -> None:
    with pytest.raises(InvalidRecordError):
        records.members.members("staff", after)
