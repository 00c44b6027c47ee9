"""DynamoDB items <-> records, claims and ledger rows, validated: a table can hold anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeGuard

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from cognito_standby.core.domain.epochs import Claims, Epoch, Installation
from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.ledger import Lease, LedgerRow, SyncState
from cognito_standby.core.domain.pools import is_state
from cognito_standby.core.domain.records import (
    SCHEMA_VERSION,
    Draft,
    Record,
    Version,
    version_needed,
)
from cognito_standby.core.domain.roles import STOOD_DOWN, Active, active_of
from cognito_standby.core.domain.subjects import Subject, fingerprint, shard_of_key

_serializer = TypeSerializer()
_deserializer = TypeDeserializer()

Item = dict[str, Any]

MAX_STATE_BYTES = 400 * 1024 - 2048
"""DynamoDB's limit of an item, less what a record holds besides (developer guide, "Item sizes and
formats"). Cognito's own limits allow about 137 KB, or four times that in emoji."""


def wire(values: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as the low-level client wants them."""
    return {name: _serializer.serialize(value) for name, value in values.items()}


def plain(item: Mapping[str, Any]) -> Item:
    """The reverse of `wire`."""
    return {name: _deserializer.deserialize(value) for name, value in item.items()}


def shard_of(subject: Subject) -> str:
    """Under which a subject's items lie in the indexes `by-shard`."""
    return shard_of_key(subject.key)


def record_item(draft: Draft, region: str, observed_at: datetime) -> Item:
    """The item of a record about to be put. Shape in docs/data.md.

    InvalidRecordError: the state is larger than an item can be.
    """
    size = sum(len(name.encode()) + len(value.encode()) + 1 for name, value in draft.fields.items())
    if size > MAX_STATE_BYTES:
        raise InvalidRecordError(f"a state of {size} bytes; a record holds {MAX_STATE_BYTES}")
    return {
        "origin_sub": draft.subject.key,
        "region": region,
        "shard_id": shard_of(draft.subject),
        "schema_version": version_needed(draft.subject, draft.fields),
        "revision": (draft.expected_revision or 0) + 1,
        "epoch": draft.epoch_number,
        "deleted": draft.deleted,
        "fields": dict(draft.fields),
        "fingerprint": fingerprint(draft.fields),
        "observed_at": observed_at.isoformat(),
        "change_id": draft.change_id,
        **({"bulk": True} if draft.bulk else {}),
        **({"user_pool_id": draft.user_pool_id} if draft.user_pool_id else {}),
        **({"seen": draft.seen} if draft.seen is not None else {}),
    }


def record_from(item: Item) -> Record:
    """A record as read. InvalidRecordError: not the documented shape. NewerSchemaError."""
    fields = item.get("fields")
    well_formed = (
        has_version(item)
        and _is_fields(fields)
        and (bool(fields) or item.get("deleted") is True)
        and is_state(Subject.from_key(item["origin_sub"]).kind, fields)
    )
    if not well_formed:
        raise InvalidRecordError("a record in the table does not have the documented shape")
    return Record(
        subject=Subject.from_key(item["origin_sub"]),
        region=item["region"],
        revision=int(item["revision"]),
        epoch_number=int(item["epoch"]),
        fields=dict(item["fields"]),
        deleted=item["deleted"],
        observed_at=str(item.get("observed_at", "")),
        change_id=str(item.get("change_id", "")),
        bulk=item.get("bulk") is True,
        seen=int(item["seen"]) if _is_count(item.get("seen")) else None,
        retired=item["deleted"] and item.get("retired") is True,
        user_pool_id=str(item.get("user_pool_id", "")),
        named=str(item.get("named", "")),
    )


def claim_from(item: Item) -> int:
    """The number of a claim as read. InvalidRecordError: not the documented shape."""
    number = item.get("epoch")
    if not _is_count(number):
        raise InvalidRecordError("a claim in the table does not have the documented shape")
    return int(number)


def claims_from(items: Mapping[str, Item], installation: Installation) -> Claims:
    """Both claims as read, Region -> item. InvalidRecordError: as `claim_from`."""
    return installation.claims({region: claim_from(item) for region, item in items.items()})


def active_from(items: Mapping[str, Item], installation: Installation) -> Active:
    """Who is active by the claims as read. InvalidRecordError: as `claim_from`."""
    makes_way = {region: _stood_down(item) for region, item in items.items()}
    return active_of(claims_from(items, installation), makes_way)


def _stood_down(item: Item) -> str:
    """The Region that a claim's Region makes way for; "": none."""
    told = item.get(STOOD_DOWN)
    return told if isinstance(told, str) else ""


def ledger_row(subject: Subject, item: Item) -> LedgerRow:
    """A ledger row as read; an item without our attributes is an empty row. InvalidRecordError."""
    with row_of_its_shape():
        return _ledger_row(subject, item)


@contextmanager
def row_of_its_shape() -> Iterator[None]:
    """InvalidRecordError: what is read within is no ledger row, or one with a word of another
    release."""
    try:
        yield
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        text = "a row of the ledger does not have the documented shape"
        raise InvalidRecordError(text) from None


def _ledger_row(subject: Subject, item: Item) -> LedgerRow:
    lease = None
    if "lease_holder" in item:
        lease = Lease(str(item["lease_holder"]), float(item["lease_expires_at"]))
    return LedgerRow(
        subject=subject,
        lease=lease,
        state=SyncState(item.get("state", SyncState.NEW)),
        local_sub=item.get("local_sub", ""),
        local_username=item.get("local_username", ""),
        base=dict(item.get("base", {})),
        target=dict(item["target"]) if "target" in item else None,
        confirmed=dict(item["confirmed"]) if "confirmed" in item else None,
        confirmed_version=confirmed_version(item),
        skipped=dict(item.get("skipped", {})),
        refused=dict(item.get("refused", {})),
        reason=item.get("reason", ""),
        summary=item.get("summary", ""),
        record_fingerprint=item.get("record_fingerprint", ""),
        user_pool_id=str(item.get("user_pool_id", "")),
        restoring=item.get("restoring") is True,
        given=frozenset(map(str, item["given"])) if "given" in item else None,
    )


def confirmed_version(item: Item) -> Version | None:
    """The version that a ledger row's replay confirmed."""
    if "confirmed_revision" not in item:
        return None
    epoch = Epoch(int(item["confirmed_epoch"]), str(item["confirmed_region"]))
    return Version(epoch, int(item["confirmed_revision"]))


def has_version(item: Item) -> bool:
    """Whether a record has everything but its body. NewerSchemaError."""
    version = item.get("schema_version")
    if _is_count(version) and version > SCHEMA_VERSION:
        raise NewerSchemaError(f"a record of schema {version}; this release reads {SCHEMA_VERSION}")
    return (
        isinstance(item.get("origin_sub"), str)
        and isinstance(item.get("region"), str)
        and _is_count(version)
        and version >= SCHEMA_VERSION - 1
        and _is_count(item.get("revision"))
        and _is_count(item.get("epoch"))
        and isinstance(item.get("deleted"), bool)
    )


def _is_count(value: Any) -> TypeGuard[int]:
    """A whole number from 0. DynamoDB's numbers arrive as Decimal."""
    return (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and value >= 0
        and value == int(value)
    )


def _is_fields(value: Any) -> TypeGuard[dict[str, str]]:
    return isinstance(value, dict) and all(isinstance(v, str) for v in value.values())
