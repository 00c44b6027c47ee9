"""Small configurations for tests."""

from __future__ import annotations

from typing import Any

from cognito_standby.configuration.domain.document import (
    POOL,
    PoolConfiguration,
    Section,
    Unread,
)

ID, OTHER_ID = "us-east-1_aaaaaaaaa", "us-east-1_bbbbbbbbb"


def document(
    *unread: Unread, user_pool_id: str = ID, **sections: dict[str, dict[str, Any]]
) -> PoolConfiguration:
    """One with these sections, and a pool called `people` where none is given."""
    pool = {Section.POOL: {POOL: {"Name": "people"}}}
    given = {Section(name): items for name, items in sections.items()}
    at = "2026-11-29T03:00:00+00:00"
    return PoolConfiguration(
        user_pool_id, "us-east-1", "111111111111", at, {**pool, **given}, unread
    )
