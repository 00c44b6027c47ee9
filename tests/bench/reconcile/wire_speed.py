"""What the SDK and our adapters compute for each item that AWS answers, on real boto3 clients.

The twins of a run hand over finished objects, so a run's own seconds miss the signing, the parsing
of answers and our adapters. Here the very adapters work on canned answers as they come off the
network.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from cognito_standby.reconciliation.adapters.listing import CognitoPoolListing
from cognito_standby.reconciliation.adapters.shard_indexes import (
    DynamoLedgerIndex,
    DynamoRecordIndex,
)
from tests.bench.reconcile.assumptions import LEDGER_BYTES, MAX_QUERY_BYTES, RECORD_BYTES
from tests.bench.reconcile.population import Population

_ROUNDS = 5


@dataclass(frozen=True)
class WireCost:
    """Seconds of one core of this machine for one item."""

    listed_user: float
    record: float
    ledger_row: float


class _Raw:
    """A body as urllib3 hands it over."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self._body


def measure_wire() -> WireCost:
    """The fastest of some rounds each: the machine may be busy."""
    people = Population(60)
    session = boto3.session.Session("bench", "bench", region_name="us-east-1")
    users = {"Users": [_user(user) for user in people.listed(range(60))]}
    cognito = _canned(session.client("cognito-idp"), users)
    listing = CognitoPoolListing(cognito, "us-east-1_BenchPool")
    records = [_record(people, number % 60) for number in range(MAX_QUERY_BYTES // RECORD_BYTES)]
    rows = [_row(people, number % 60) for number in range(MAX_QUERY_BYTES // LEDGER_BYTES)]
    record_index = DynamoRecordIndex(_canned(session.client("dynamodb"), {"Items": records}), "t")
    ledger_index = DynamoLedgerIndex(_canned(session.client("dynamodb"), {"Items": rows}), "t")
    return WireCost(
        _best(lambda: len(listing.list_users("", "").users)),
        _best(lambda: len(record_index.page("00", "").records)),
        _best(lambda: len(ledger_index.page("00", "").rows)),
    )


def _best(page: Callable[[], int]) -> float:
    page()
    each = []
    for _ in range(_ROUNDS):
        began = time.thread_time()
        items = page()
        each.append((time.thread_time() - began) / items)
    return min(each)


def _canned(client: Any, answer: dict[str, Any]) -> Any:
    body = json.dumps(answer).encode()

    def respond(request: Any, **_: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, HTTPHeaders(), _Raw(body))

    client.meta.events.register("before-send", respond)
    return client


def _user(user: Any) -> dict[str, Any]:
    return {
        "Username": user.username,
        "Attributes": [{"Name": n, "Value": v} for n, v in user.attributes.items()],
        "UserCreateDate": 1.7e9,
        "UserLastModifiedDate": 1.7e9,
        "Enabled": user.enabled,
        "UserStatus": user.status.value,
    }


def _record(people: Population, number: int) -> dict[str, Any]:
    record = people.record(number)
    assert record is not None
    return {
        "origin_sub": {"S": record.key},
        "region": {"S": record.region},
        "shard_id": {"S": "00"},
        "schema_version": {"N": "1"},
        "revision": {"N": str(record.version.revision)},
        "epoch": {"N": str(record.version.epoch.number)},
        "deleted": {"BOOL": record.deleted},
        "fingerprint": {"S": record.fingerprint},
        "observed_at": {"S": "2026-01-01T00:00:00.000000+00:00"},
    }


def _row(people: Population, number: int) -> dict[str, Any]:
    row = people.ledger_row(number)
    assert row is not None and row.confirmed_version is not None
    return {
        "subject": {"S": row.key},
        "shard_id": {"S": "00"},
        "state": {"S": row.state.value},
        "local_sub": {"S": row.local_sub},
        "summary": {"S": row.summary},
        "record_fingerprint": {"S": row.record_fingerprint},
        "confirmed_epoch": {"N": str(row.confirmed_version.epoch.number)},
        "confirmed_region": {"S": row.confirmed_version.epoch.region},
        "confirmed_revision": {"N": str(row.confirmed_version.revision)},
    }
