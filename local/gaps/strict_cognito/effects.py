"""What a successful call changes that the emulator leaves out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from local.cognito_rules import names
from local.cognito_store import User
from local.gaps.strict_cognito.context import Context, Plan
from local.gateway import Emulator


class Effects:
    """Makes the changes, and remembers the addresses that wait for their verification."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._waiting: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)

    def waiting(self, context: Context) -> Mapping[str, str]:
        """The addresses of the call's user that wait."""
        user = context.user
        return self._waiting.get((context.pool.id, user.sub), {}) if user else {}

    async def after(self, context: Context, plan: Plan, losers: list[tuple[User, str]]) -> None:
        """What follows a success."""
        user = context.user or (plan.marks and context.pool.find(context.username)) or None
        if user is not None:
            self._waiting[context.pool.id, user.sub] |= plan.waiting
            await self._write(context, user, self._missing(user, plan.marks))
            if context.call.operation == "VerifyUserAttribute":
                await self._take_effect(context, user)
        if user is not None and plan.gone:
            await self._call(
                context, "AdminDeleteUserAttributes", user, UserAttributeNames=list(plan.gone)
            )
        for loser, contact in losers:
            await self._write(context, loser, {f"{contact}_verified": "false"})

    async def _take_effect(self, context: Context, user: User) -> None:
        contact = context.text("AttributeName")
        value = self._waiting[context.pool.id, user.sub].pop(contact, "")
        await self._write(context, user, {contact: value} if value else {})

    @staticmethod
    def _missing(user: User, marks: Mapping[str, str]) -> dict[str, str]:
        """PreSignUp may have verified an address already."""
        return {name: value for name, value in marks.items() if name not in user.attributes}

    async def _write(self, context: Context, user: User, values: Mapping[str, str]) -> None:
        pairs = [{"Name": name, "Value": value} for name, value in values.items()]
        if pairs:
            await self._call(context, "AdminUpdateUserAttributes", user, UserAttributes=pairs)

    async def _call(self, context: Context, operation: str, user: User, **more: Any) -> None:
        about = {"UserPoolId": context.pool.id, "Username": user.username}
        await self._emulator.cognito(context.pool, operation, **about, **more)


def losers(context: Context, plan: Plan) -> list[tuple[User, str]]:
    """Who loses which name by the call. UsernameExistsException, AliasExistsException."""
    after, pool = plan.after, context.settings
    if after is None:
        return []
    creation = not after.sub
    had = set() if creation or context.user is None else set(names.held(pool, context.user))
    lost = []
    for key in (key for key in names.held(pool, after) if key not in had):
        for other in context.pool.named(key[1]):
            if other.sub == after.sub or key not in names.held(pool, other):
                continue
            if names.moves(pool, after, key[0], creation=creation, forced=plan.forced):
                lost.append((other, key[0]))
    return lost
