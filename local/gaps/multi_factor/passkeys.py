"""Passkeys are marked as registered: nobody registers one here, since that takes a browser."""

from __future__ import annotations

from typing import Any

from local.cognito_factors import PASSKEYS
from local.cognito_store import CognitoStore
from local.protocol import Reply


class Passkeys:
    """An act of the control interface."""

    def __init__(self, store: CognitoStore) -> None:
        self._store = store

    async def mark(self, wanted: dict[str, Any]) -> Reply:
        """`pool`, `username` and `count`, 0 for none."""
        pool = self._store.pool(str(wanted["pool"]))
        user = pool.find(str(wanted["username"])) if pool else None
        if pool is None or user is None:
            return Reply.refusal("UserNotFoundException", "User does not exist.")
        pool.raw["_users"][user.username][PASSKEYS] = int(wanted["count"])
        return Reply.of({"username": user.username, "count": int(wanted["count"])})
