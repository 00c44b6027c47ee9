"""The pool's listings and the two indexes, answered from the numbers of the users.

The pool enforces Cognito's quotas in virtual time; its tokens live an hour and go with the same
request only. An index answers up to 1 MB a page, and its read units are counted by size.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from cognito_standby.core.adapters.items import shard_of
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.pools import PoolGroup, PoolSchema, group_fields
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.core.domain.subjects import Subject, fingerprint
from cognito_standby.core.domain.summaries import summary_of
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary
from cognito_standby.reconciliation.ports import (
    GroupPage,
    LedgerPage,
    ListingExpiredError,
    RecordPage,
    UserPage,
)
from tests.bench.reconcile.assumptions import (
    COMPARED_ITEM_SECONDS,
    LEDGER_BYTES,
    LISTED_USER_SECONDS,
    MAX_QUERY_BYTES,
    READ_UNIT_BYTES,
    RECORD_BYTES,
)
from tests.bench.reconcile.population import CONFIRMED, REGION, SCHEMA
from tests.bench.reconcile.world import World
from tests.twins.pool.pages import MAX_PAGE, TOKEN_SECONDS


class _Part(NamedTuple):
    numbers: Sequence[int]
    token: str


class GeneratedListing:
    """PoolListing."""

    def __init__(self, world: World) -> None:
        self._world = world

    def schema(self) -> PoolSchema:
        """DescribeUserPool."""
        self._describe()
        return SCHEMA

    def estimated_users(self) -> int:
        """DescribeUserPool."""
        self._describe()
        return self._world.people.users

    def sign_in_rules(self) -> SignInRules:
        """DescribeUserPool and GetUserPoolMfaConfig."""
        self._describe()
        return SignInRules()

    def list_users(self, prefix: str, token: str) -> UserPage:
        """A range of the numbers."""
        self._world.spend_quota("ListUsers")
        with self._world.answering("ListUsers", self._world.latencies.list_page) as digest:
            people = self._world.people
            part, after = self._page(people.numbers(prefix), f"users {prefix}", token)
            digest(len(part) * LISTED_USER_SECONDS)
            return UserPage(list(people.listed(part)), after)

    def list_groups(self, token: str) -> GroupPage:
        """All groups; fewer than 60."""
        self._world.spend_quota("ListGroups")
        with self._world.answering("ListGroups", self._world.latencies.list_groups):
            return GroupPage([PoolGroup(name) for name in self._world.people.group_names()])

    def list_members(self, group: str, token: str) -> UserPage:
        """Every so manieth number."""
        self._world.spend_quota("ListUsersInGroup")
        with self._world.answering("ListUsersInGroup", self._world.latencies.list_page) as digest:
            people = self._world.people
            part, after = self._page(people.members(group), f"members {group}", token)
            digest(len(part) * LISTED_USER_SECONDS)
            return UserPage(list(people.listed_members(part)), after)

    def _describe(self) -> None:
        self._world.spend_quota("DescribeUserPool")
        with self._world.answering("DescribeUserPool", self._world.latencies.describe):
            pass

    def _page(self, numbers: range, request: str, token: str) -> tuple[range, str]:
        """Part of a listing and the token of the rest. ListingExpiredError."""
        now, start = self._world.time.seconds, 0
        if token:
            asked, issued, start = json.loads(token)
            if asked != request or now - issued > TOKEN_SECONDS:
                raise ListingExpiredError(request)
        end = start + MAX_PAGE
        after = json.dumps([request, now, end]) if end < len(numbers) else ""
        return numbers[start:end], after


class GeneratedRecords:
    """RecordIndex: the active Region's records; the other Region never was active."""

    def __init__(self, world: World) -> None:
        self._world = world

    def page(self, shard: str, token: str) -> RecordPage:
        """Group definitions on the first page, then users."""
        with _query(self._world, "Query records", shard, token, RECORD_BYTES) as (part, after):
            record = self._world.people.record
            found = [each for each in map(record, part) if each is not None]
            groups = [] if token else list(map(_group_record, _groups(self._world, shard)))
            return RecordPage(groups + found, {}, after)


class GeneratedLedger:
    """LedgerIndex."""

    def __init__(self, world: World) -> None:
        self._world = world

    def page(self, shard: str, token: str) -> LedgerPage:
        """Group definitions on the first page, then users."""
        with _query(self._world, "Query ledger", shard, token, LEDGER_BYTES) as (part, after):
            row = self._world.people.ledger_row
            found = [each for each in map(row, part) if each is not None]
            groups = [] if token else list(map(_group_row, _groups(self._world, shard)))
            return LedgerPage(groups + found, after)

    def origins_of(self, local_subs: Sequence[str]) -> Mapping[str, str]:
        """The pool is the one in which everybody signed up: local and origin sub are the same."""
        with self._world.answering("BatchGetItem ledger", self._world.latencies.batch_get):
            self._world.counts.read_units += 0.5 * len(local_subs)
            return {sub: sub for sub in local_subs}

    def pools_of(self, keys: Sequence[str]) -> Mapping[str, str]:
        """The pool is the only one that there ever was, so nobody asks."""
        raise AssertionError(f"asked for {len(keys)} rows")

    def not_held(self, shard: str) -> Mapping[str, Mapping[str, str]]:
        """Both pools have one schema: a query that finds nothing."""
        with self._world.answering("Query ledger", self._world.latencies.query_page):
            self._world.counts.read_units += 0.5
        return {}


@contextmanager
def _query(world: World, operation: str, shard: str, token: str, size: int) -> Iterator[_Part]:
    """One answer of an index: its numbers, and the token of the rest."""
    with world.answering(operation, world.latencies.query_page) as digest:
        numbers = world.shard(shard)
        start, most = int(token or 0), MAX_QUERY_BYTES // size
        part = numbers[start : start + most]
        digest(len(part) * COMPARED_ITEM_SECONDS)
        world.counts.read_units += max(1, -(-len(part) * size // READ_UNIT_BYTES)) / 2
        yield _Part(part, str(start + most) if start + most < len(numbers) else "")


def _groups(world: World, shard: str) -> list[Subject]:
    subjects = map(Subject.group, world.people.group_names())
    return [subject for subject in subjects if shard_of(subject) == shard]


def _group_record(subject: Subject) -> RecordSummary:
    state = fingerprint(group_fields(PoolGroup(subject.id)))
    return RecordSummary(subject.key, REGION, CONFIRMED, False, state)


def _group_row(subject: Subject) -> LedgerSummary:
    fields = group_fields(PoolGroup(subject.id))
    return LedgerSummary(
        subject.key,
        SyncState.IN_SYNC,
        summary=summary_of(fields),
        record_fingerprint=fingerprint(fields),
        confirmed_version=CONFIRMED,
    )
