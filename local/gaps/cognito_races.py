"""Gap: Cognito calls that run at once can break each other.

Cognito serves a pool's calls concurrently and lets exactly one of two sign-ups for a name win
(UsernameExistsException for the other). The emulator runs each call in a thread of its own over
plain dictionaries: one call that looks a user up while another creates one answers 500, and two
creations of one name can both succeed. Here look-ups see a snapshot, and creations that name the
same user or contact take turns.

Limits: creations of different names are not serialised.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

from local.cognito_store import CognitoStore, Pool
from local.gateway import Forward
from local.patching import replace
from local.protocol import Call, Reply

_TAKES_NAMES = (
    "SignUp",
    "ConfirmSignUp",
    "AdminCreateUser",
    "AdminUpdateUserAttributes",
    "UpdateUserAttributes",
)
_NAMES = ("email", "phone_number", "preferred_username")


def install() -> None:
    """Let the emulator's user look-up walk a copy."""
    from ministack.services import cognito  # noqa: PLC0415

    def wrap(resolve: Callable[..., Any]) -> Callable[..., Any]:
        def resolved(pool: dict[str, Any], username: Any) -> Any:
            if username is not None and username in pool["_users"]:
                return resolve(pool, username)
            return resolve({**pool, "_users": dict(pool["_users"])}, username)

        return resolved

    replace(cognito, "_resolve_user", wrap)


class OneAtATime:
    """A layer: calls that claim the same name in a pool take turns."""

    def __init__(self, store: CognitoStore) -> None:
        self._store = store
        self._locks: defaultdict[tuple[str, str], asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Hold every claimed name, in one order, while the call runs."""
        pool = self._store.pool_of(call) if call.operation in _TAKES_NAMES else None
        if pool is None:
            return await forward(call)
        async with AsyncExitStack() as stack:
            for name in sorted(_claims(call) | self._contacts(call, pool)):
                await stack.enter_async_context(self._locks[pool.id, name])
            return await forward(call)

    def _contacts(self, call: Call, pool: Pool) -> set[str]:
        """A confirmation claims the contacts that the person signed up with."""
        user = self._store.user_of(call, pool) if call.operation == "ConfirmSignUp" else None
        found = (user.attributes.get(name, "") for name in _NAMES) if user else ()
        return {value.casefold() for value in found if value}


def _claims(call: Call) -> set[str]:
    values = {
        str(a.get("Value", ""))
        for a in call.params.get("UserAttributes") or ()
        if a.get("Name") in _NAMES
    }
    return {value.casefold() for value in {*values, str(call.params.get("Username", ""))} if value}
