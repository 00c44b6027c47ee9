"""What a request costs: quota categories of Cognito's calls, and DynamoDB's units by size.

Everything that is counted of a run, whichever step asks, is counted by these rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from math import ceil

from cognito_standby.core.domain.quotas import (
    USER_ACCOUNT_RECOVERY,
    USER_CREATION,
    USER_LIST,
    USER_POOL_READ,
    USER_POOL_RESOURCE_READ,
    USER_POOL_RESOURCE_UPDATE,
    USER_READ,
    USER_RESOURCE_READ,
    USER_RESOURCE_UPDATE,
    USER_UPDATE,
)

POOL_READS: Mapping[str, tuple[str, ...]] = {
    "schema": (USER_POOL_READ, USER_POOL_RESOURCE_READ),
    "get_user": (USER_READ, USER_RESOURCE_READ),
    "get_user_by_sub": (USER_READ, USER_RESOURCE_READ),
    "get_profile": (USER_READ,),
    "get_profile_by_sub": (USER_READ,),
    "listed_by_sub": (USER_LIST,),
    "listed_with": (USER_LIST,),
    "recoveries": (USER_POOL_READ,),
    "get_group": (USER_POOL_RESOURCE_READ,),
}
"""Method of UserDirectory -> categories of the calls that it makes."""

POOL_WRITES: Mapping[str, tuple[str, ...]] = {
    "create_user": (USER_CREATION,),
    "set_permanent_password": (USER_ACCOUNT_RECOVERY,),
    "put_group": (USER_POOL_RESOURCE_UPDATE,),
    "delete_group": (USER_POOL_RESOURCE_UPDATE,),
    **dict.fromkeys(
        (
            *("set_attributes", "delete_attributes", "set_enabled", "delete_user"),
            *("join_group", "leave_group", "link_identity", "unlink_identity"),
        ),
        (USER_UPDATE,),
    ),
    "set_factors": (USER_RESOURCE_UPDATE,),
}
POOL_CALLS: Mapping[str, tuple[str, ...]] = {**POOL_READS, **POOL_WRITES}

_FREE_OF_CHARGE = frozenset(
    {"set_enabled", "delete_user", "listed_by_sub", "listed_with", "schema", "recoveries"}
)
"""Calls about a user that make nobody a monthly active user (developer guide, "Monthly active
users"); those about groups never do."""

_LEDGER_UNITS = {
    **{"read": (1.0, 0.0), "origin_of": (2.0, 0.0), "note_created": (0.0, 8.0)},
    **{"region_notes": (2.0, 0.0), "note_table": (0.0, 1.0), "bind": (0.0, 14.0)},
}
"""Reads and writes of a row of up to 1 KB with its entries in the two indexes; a transaction costs
twice. Everything that is not named writes the row once: a unit, and one for an index."""

RECORD_ENTRY_BYTES, ROW_ENTRY_BYTES = 330, 420
"""About an entry of the indexes by shard: keys, digests, names of attributes (docs/data.md)."""

_READ_BYTES, _WRITE_BYTES = 4096, 1024
"""Of a unit (developer guide, "Read consistency and units")."""

_BATCH_ITEM_UNITS = 0.5
"""BatchGetItem rounds each item up by itself."""


def bills_a_user(method: str) -> bool:
    """Whether a call about the pool makes somebody a monthly active user."""
    about_a_user = not method.endswith("_group") or method in ("join_group", "leave_group")
    return about_a_user and method not in _FREE_OF_CHARGE


def ledger_units(method: str) -> tuple[float, float]:
    """Read and write units of a method of Ledger."""
    return _LEDGER_UNITS.get(method, (0.0, 2.0))


def index_page(entries: int, size: int) -> float:
    """Read units of an eventually consistent page of an index, of entries of that size."""
    return max(1, -(-entries * size // _READ_BYTES)) / 2


def batch_read(items: int) -> float:
    """Read units of small items, eventually consistent."""
    return _BATCH_ITEM_UNITS * items


def record_read(fields: Mapping[str, str]) -> int:
    """Read units of a record, consistent."""
    return ceil(_item_bytes(fields) / _READ_BYTES)


def record_put(fields: Mapping[str, str]) -> int:
    """Write units of a record, in both replicas, and an entry of the index in each."""
    return 2 * (ceil(_item_bytes(fields) / _WRITE_BYTES) + 1)


def _item_bytes(fields: Mapping[str, str]) -> int:
    """About the bytes of an item with these fields (developer guide, "Item sizes and formats")."""
    return 400 + len(json.dumps(dict(fields), ensure_ascii=False).encode(errors="replace"))
