"""What a successful call changes besides what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from local.gaps.strict_cognito.context import CONTACTS, UPDATES, Context
from local.gateway import Emulator
from local.protocol import Call


class Effects:
    """Side effects of writing contacts and blank values.

    * A blank value deletes the attribute (API reference, AdminUpdateUserAttributes and
      UpdateUserAttributes).
    * A changed contact is unverified at once, unless the same call says otherwise (developer guide,
      "Verifying updates to email addresses and phone numbers").
    * With `AttributesRequireVerificationBeforeUpdate` the old value stays until the new one is
      verified, by code or by the same call (API reference, UserAttributeUpdateSettingsType).
    * ForceAliasCreation takes a verified contact away from its holder (API reference,
      ConfirmSignUp and AdminCreateUser).
    """

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._waiting: dict[tuple[str, str, str], str] = {}

    def before(self, context: Context) -> Call:
        """The call as the emulator should see it."""
        if context.operation not in UPDATES or context.user is None:
            return context.call
        kept = []
        for name, value in context.attributes.items():
            if value and name in self._changed(context) and self._waits(context, name):
                self._waiting[context.pool.id, context.user.sub, name] = value
            elif value:
                kept.append({"Name": name, "Value": value})
        kept += [{"Name": f"{n}_verified", "Value": "false"} for n in self._unverified(context)]
        return _with(context.call, UserAttributes=kept)

    async def after(self, context: Context) -> None:
        """What follows a success."""
        if context.operation == "VerifyUserAttribute" and context.user is not None:
            name = str(context.call.params.get("AttributeName"))
            value = self._waiting.pop((context.pool.id, context.user.sub, name), None)
            if value is not None:
                await self._write(context, context.user.username, {name: value})
        if context.operation in UPDATES and context.user is not None:
            blank = [name for name, value in context.attributes.items() if not value]
            if blank:
                await self._emulator.cognito(
                    context.pool.region,
                    "AdminDeleteUserAttributes",
                    UserPoolId=context.pool.id,
                    Username=context.user.username,
                    UserAttributeNames=blank,
                )
        if context.call.params.get("ForceAliasCreation") is True:
            await self._take_away(context)

    def _changed(self, context: Context) -> list[str]:
        before: Mapping[str, str] = context.user.attributes if context.user else {}
        given = context.attributes
        return [c for c in CONTACTS if given.get(c) and given[c] != before.get(c)]

    def _waits(self, context: Context, contact: str) -> bool:
        settings = context.pool.setting("UserAttributeUpdateSettings") or {}
        first = settings.get("AttributesRequireVerificationBeforeUpdate") or ()
        sure = context.attributes.get(f"{contact}_verified", "").lower() == "true"
        return contact in first and not sure

    def _unverified(self, context: Context) -> list[str]:
        return [
            contact
            for contact in self._changed(context)
            if f"{contact}_verified" not in context.attributes and not self._waits(context, contact)
        ]

    async def _take_away(self, context: Context) -> None:
        taker = context.pool.find(str(context.call.params.get("Username") or ""))
        if taker is None:
            return
        for other in list(context.pool.users()):
            marks = {
                f"{contact}_verified": "false"
                for contact in context.pool.listed("AliasAttributes")
                if taker.verified(contact)
                and other.verified(contact)
                and other.attributes[contact] == taker.attributes[contact]
            }
            if marks and other.sub != taker.sub:
                await self._write(context, other.username, marks)

    async def _write(self, context: Context, username: str, values: dict[str, str]) -> None:
        await self._emulator.cognito(
            context.pool.region,
            "AdminUpdateUserAttributes",
            UserPoolId=context.pool.id,
            Username=username,
            UserAttributes=[{"Name": name, "Value": value} for name, value in values.items()],
        )


def _with(call: Call, **params: Any) -> Call:
    return replace(call, params={**call.params, **params})
