"""Requests that write to the ledger table, for `ledger.DynamoLedger`. Shape: docs/data.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_standby.core.adapters.items import Item, shard_of, wire
from cognito_standby.core.domain.ledger import Binding, Intent, SyncState
from cognito_standby.core.domain.ledger_keys import REVERSE
from cognito_standby.core.domain.subjects import Subject

MINE = "lease_holder = :holder"
FREE = f"attribute_not_exists(lease_holder) OR {MINE} OR lease_expires_at < :now"
LEASE = ("lease_holder", "lease_expires_at")
CONFIRMED = (
    *("confirmed", "confirmed_epoch", "confirmed_region", "confirmed_revision"),
    *("summary", "record_fingerprint"),
)
SHARD = "shard_id"
"""Partition key of the index `by-shard`. Every write carries it, so that a row of an older release
comes into the index with its next lease; the same value again costs nothing there."""
ATTENTION = "attention"
"""Partition key of the sparse index `by-attention`: only what is not settled is in it, and what was
confirmed although the pool does not hold all of it."""

_FOUND = "found to be somebody whom a record names"


def update_request(
    table: str, subject: Subject, holder: str, values: Mapping[str, Any], remove: tuple[str, ...]
) -> Any:
    """An update of a row, by whoever holds its lease."""
    values = {**values, SHARD: shard_of(subject)}
    names = {f"#{name}": name for name in (*values, *remove)}
    parts = ["SET " + ", ".join(f"#{name} = :{name}" for name in values)]
    if remove:
        parts.append("REMOVE " + ", ".join(f"#{name}" for name in remove))
    bound = {f":{name}": value for name, value in values.items()} | {":holder": holder}
    return {
        "TableName": table,
        "Key": wire({"subject": subject.key}),
        "UpdateExpression": " ".join(parts),
        "ConditionExpression": MINE,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": wire(bound),
    }


def intent_values(intent: Intent) -> Item:
    """What a row tells of an intent."""
    values: Item = {
        "state": SyncState.APPLYING.value,
        ATTENTION: SyncState.APPLYING.value,
        "base": dict(intent.base),
        "target": dict(intent.target),
        "skipped": dict(intent.skipped),
        "restoring": intent.restoring,
    }
    if intent.local_username:
        values["local_username"] = intent.local_username
    return values


def binding_parts(
    table: str,
    stranger: Subject,
    holder: str,
    subject: Subject,
    binding: Binding,
    noted: Item,
    now: int,
    until: int,
) -> list[Any]:
    """The parts of the transaction that binds somebody: the reverse map, the subject's row with the
    lease on it, and the row of the stranger, whose lease is given back. `noted`: of the intent."""
    return [
        _mapping(table, binding.local_sub, subject),
        {"Update": _bound(table, holder, subject, binding, noted, now, until)},
        {"Update": _left(table, stranger, holder)},
    ]


def _mapping(table: str, local_sub: str, subject: Subject) -> Any:
    """Whoever is bound stays so."""
    return {
        "Put": {
            "TableName": table,
            "Item": wire({"subject": REVERSE + local_sub, "origin_sub": subject.id}),
            "ConditionExpression": "attribute_not_exists(origin_sub) OR origin_sub = :origin",
            "ExpressionAttributeValues": wire({":origin": subject.id}),
        }
    }


def _bound(
    table: str,
    holder: str,
    subject: Subject,
    binding: Binding,
    noted: Item,
    now: int,
    until: int,
) -> Any:
    values: Item = {
        **noted,
        "local_sub": binding.local_sub,
        "local_username": binding.username,
        "given": sorted(binding.given),
        "lease_holder": holder,
        "lease_expires_at": until,
    }
    request = update_request(table, subject, holder, values, CONFIRMED)
    vacant = "local_sub = :former" if binding.former else "attribute_not_exists(local_sub)"
    request["ConditionExpression"] = f"({FREE}) AND ({vacant} OR local_sub = :local_sub)"
    more = {":now": now, **({":former": binding.former} if binding.former else {})}
    request["ExpressionAttributeValues"] |= wire(more)
    return request


def _left(table: str, stranger: Subject, holder: str) -> Any:
    """Nothing more is known under the stranger's own sub."""
    values = {"state": SyncState.SKIPPED.value, "reason": _FOUND}
    request = update_request(table, stranger, holder, values, (ATTENTION, "skipped", *LEASE))
    request["ConditionExpression"] = f"{MINE} AND attribute_not_exists(local_sub)"
    return request
