"""The join of one shard, from rows alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cognito_standby.core.adapters.items import shard_of
from cognito_standby.core.domain.epochs import Claims, Epoch
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.records import Version
from cognito_standby.core.domain.subjects import Subject, shard_of_key
from cognito_standby.core.domain.summaries import joined
from cognito_standby.reconciliation.domain.cases import Terms
from cognito_standby.reconciliation.domain.comparison import MOVED
from cognito_standby.reconciliation.domain.listing_rows import (
    RowBuffer,
    member_row,
    split_rows,
    user_row,
)
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    LedgerSummary,
    RecordSummary,
    Suspect,
)
from cognito_standby.reconciliation.domain.shard_join import ShardJoin, ShardResult

TERMS = Terms(
    "a",
    Claims({"a": 1, "b": 0}),
    datetime(2026, 1, 1, tzinfo=UTC),
    timedelta(days=7),
    timedelta(days=90),
)
FIRST = Version(Epoch(1, "a"), 1)


def _row(key: str = "o", local_sub: str = "o", groups: tuple[str, ...] = ()) -> LedgerSummary:
    summary = joined("p", groups, enabled=True)
    return LedgerSummary(key, SyncState.IN_SYNC, local_sub, summary, "f", FIRST)


def _record(key: str = "o") -> RecordSummary:
    return RecordSummary(key, "a", FIRST, False, "f")


def _compared(
    users: list[str], rows: list[LedgerSummary], members: tuple[str, ...] = ()
) -> ShardResult:
    join = ShardJoin(TERMS)
    join.listed(split_rows("\n".join(users).encode()))
    join.members(split_rows("\n".join(members).encode()))
    join.records([_record(), _record()], {})
    return join.compare(rows)


def _user(local_sub: str = "o", origin: str = "o", profile: str = "p") -> str:
    return user_row(local_sub, origin, profile, enabled=True, status="CONFIRMED")


def test_what_is_shown_twice_counts_once() -> None:
    member = member_row("o", "o", "g")
    result = _compared([_user(), _user()], [_row(groups=("g",))] * 2, (member, member))
    assert result.suspects == []
    tally = result.tally
    assert (tally.users, tally.in_sync, tally.ledger_rows, tally.memberships) == (1, 1, 1, 1)
    assert result.newest == {"a": 1}


def test_whoever_stands_in_anothers_place_costs_them_nothing() -> None:
    result = _compared([_user("stranger")], [_row()])
    assert [(s.kind, s.key, s.local_sub, s.destructive) for s in result.suspects] == [
        (Drift.LEDGER_OUT_OF_STEP, "", "stranger", False),
        (Drift.LEDGER_OUT_OF_STEP, "o", "o", False),
    ]
    assert result.unknown == ["stranger"]


def test_the_rightful_user_is_found_among_strangers() -> None:
    for users in ([_user("x"), _user()], [_user(), _user("x")]):
        result = _compared(users, [_row()])
        assert [(s.key, s.local_sub) for s in result.suspects] == [("", "x")]
        assert result.tally.in_sync == 1
        assert result.tally.users == 2


def test_one_who_changed_between_two_pages_is_taken_as_seen_last() -> None:
    assert _compared([_user(profile="old"), _user()], [_row()]).suspects == []
    assert _compared([_user(), _user(profile="new")], [_row()]).suspects == [
        Suspect(
            Drift.STALE_RECORD,
            "o",
            "o",
            False,
            "attributes changed in the pool, and never captured",
        )
    ]


def test_rows_come_back_from_a_file_shard_by_shard() -> None:
    buffer = RowBuffer()
    keys = [f"sub-{number}" for number in range(300)]
    for key in keys:
        buffer.add(key, _user(key, key))
    body, ranges = buffer.body()
    assert sum(length for _, length in ranges.values()) == len(body)
    found = []
    for shard, (start, length) in ranges.items():
        rows = split_rows(body[start : start + length])
        assert {shard_of_key(row[1]) for row in rows} == {shard}
        found += [row[0] for row in rows]
    assert sorted(found) == sorted(keys)


def test_both_sides_of_a_comparison_put_a_key_in_the_same_shard() -> None:
    for subject in (Subject.user("ann"), Subject.group("größe")):
        assert shard_of_key(subject.key) == shard_of(subject)


def test_who_signed_up_after_the_listing_is_not_taken_for_deleted() -> None:
    terms = replace(TERMS, since=TERMS.now - timedelta(minutes=5))
    for age, skipped in ((1, {MOVED: 1}), (5, {}), (60, {}), (-60, {})):
        join = ShardJoin(terms)
        observed_at = (TERMS.now - timedelta(minutes=age)).isoformat()
        join.records([replace(_record(), observed_at=observed_at)], {})
        result = join.compare([_row()])
        assert result.tally.skipped == skipped
        kinds = [] if skipped else [Drift.RECORD_OF_DELETED_USER]
        assert [suspect.kind for suspect in result.suspects] == kinds
