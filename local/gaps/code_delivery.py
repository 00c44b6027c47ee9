"""Gap: a code is said to go where it does not, and its address is shown.

SignUp and ResendConfirmationCode send a code to an auto-verified contact only, and without one
SignUp tells of no delivery; a destination is masked (`t***@t***`, `+*******9934`); ForgotPassword
chooses by the pool's AccountRecoverySetting among verified contacts; a changed, auto-verified
contact gets a code, which UpdateUserAttributes tells of (Amazon Cognito API reference,
CodeDeliveryDetailsType and the operations named; the masks: tests of moto's that were verified
against AWS). Before each of these messages the pool's CustomMessage trigger is asked.

Here the details are put right after the call, and nothing is sent.

Limits: what the trigger answers is not checked for its placeholder; a user who signs up stays
although the trigger refused (a reading of ours).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from local.cognito_factors import blocked
from local.cognito_rules import changes, codes, states
from local.cognito_store import CognitoStore, Pool, User
from local.gaps.triggers.invoking import AnsweredError, Invoker
from local.gaps.triggers.messages import TRIGGER, message_event
from local.gateway import Forward
from local.protocol import Call, Reply

_UPDATES = ("UpdateUserAttributes", "AdminUpdateUserAttributes")
_RESETS = ("ForgotPassword", "AdminResetUserPassword")
_SOURCES = {
    "SignUp": "CustomMessage_SignUp",
    "ResendConfirmationCode": "CustomMessage_ResendCode",
    "GetUserAttributeVerificationCode": "CustomMessage_VerifyUserAttribute",
    **dict.fromkeys(_RESETS, "CustomMessage_ForgotPassword"),
    **dict.fromkeys(_UPDATES, "CustomMessage_UpdateUserAttribute"),
}
_SILENT = ("AdminResetUserPassword", "AdminUpdateUserAttributes")
"""Send, but answer nothing."""


class CodeDelivery:
    """A layer that tells where a code went, and asks what it should say."""

    def __init__(self, store: CognitoStore, invoker: Invoker) -> None:
        self._store, self._invoker = store, invoker

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Let the call happen, then say where its code went."""
        pool = self._store.pool_of(call) if call.operation in _SOURCES else None
        if pool is None:
            return await forward(call)
        before = self._store.user_of(call, pool)
        if call.operation == "ResendConfirmationCode" and before is not None:
            refusal = _no_code_for(pool, before)
            if refusal is not None:
                return refusal
        reply = await forward(call)
        user = self._store.user_of(call, pool) or (before and pool.find(before.username))
        if not reply.ok:
            return reply
        if user is None:
            return _pretended(reply)
        contacts = _contacts(call, pool, before, user)
        for contact in contacts:
            refusal = await self._refusal(call, pool, user, contact)
            if refusal is not None:
                return refusal
        return reply if call.operation in _SILENT else _told(call, reply, contacts)

    async def _refusal(
        self, call: Call, pool: Pool, user: User, contact: tuple[str, str]
    ) -> Reply | None:
        function = pool.trigger(TRIGGER)
        if not function:
            return None
        event = message_event(
            _SOURCES[call.operation],
            region=pool.region,
            pool_id=pool.id,
            username=user.username,
            client_id=str(call.params.get("ClientId", "")),
            attributes={
                **user.attributes,
                contact[0]: contact[1],
                "cognito:user_status": user.status,
            },
            client_metadata=call.params.get("ClientMetadata"),
        )
        try:
            await self._invoker.ask(TRIGGER, function, event)
        except AnsweredError as refused:
            return refused.reply
        return None


def _contacts(call: Call, pool: Pool, before: User | None, user: User) -> list[tuple[str, str]]:
    """What codes went to: attribute and value."""
    values = user.attributes
    match call.operation:
        case "SignUp" | "ResendConfirmationCode":
            waits = user.status == "UNCONFIRMED"
            contact = codes.sign_up_contact(pool.settings, values) if waits else ""
        case "GetUserAttributeVerificationCode":
            contact = str(call.params.get("AttributeName"))
        case "ForgotPassword" | "AdminResetUserPassword":
            contact = _recovering(pool, user)
        case _:
            return _changed(call, pool, before)
    return [(contact, values[contact])] if values.get(contact) else []


def _recovering(pool: Pool, user: User) -> str:
    """Whoever cannot recover gets no code, though a client that hides who exists is told of one."""
    if not user.enabled:
        return ""
    return states.recovery_contact(pool.settings, user, blocked(pool, user))


def masked(contact: str, value: str) -> str:
    """An address or a number as Cognito shows it."""
    if contact == "phone_number":
        return f"+*******{value[-4:]}"
    local, _, domain = value.partition("@")
    return f"{local[:1]}***@{domain[:1]}***"


def _changed(call: Call, pool: Pool, before: User | None) -> list[tuple[str, str]]:
    given = {a["Name"]: str(a.get("Value", "")) for a in call.params.get("UserAttributes") or ()}
    held: Mapping[str, str] = before.attributes if before else {}
    return list(changes.updated(pool.settings, held, given).codes)


def _told(call: Call, reply: Reply, contacts: list[tuple[str, str]]) -> Reply:
    details = [
        {
            "AttributeName": contact,
            "DeliveryMedium": "EMAIL" if contact == "email" else "SMS",
            "Destination": masked(contact, value),
        }
        for contact, value in contacts
    ]
    if call.operation == "UpdateUserAttributes":
        return Reply.of({**reply.json, "CodeDeliveryDetailsList": details})
    if details:
        return Reply.of({**reply.json, "CodeDeliveryDetails": details[0]})
    if call.operation == "SignUp":
        kept = {n: v for n, v in reply.json.items() if n != "CodeDeliveryDetails"}
        return Reply.of(kept)
    return _pretended(reply)


def _pretended(reply: Reply) -> Reply:
    """No code went anywhere, and the caller is told of one: masked like any other."""
    told = dict(reply.json)
    if "CodeDeliveryDetails" in told:
        shown = str(told["CodeDeliveryDetails"].get("Destination", "")).replace("****", "***")
        told["CodeDeliveryDetails"] = {**told["CodeDeliveryDetails"], "Destination": shown}
    return replace(reply, body=Reply.of(told).body)


def _no_code_for(pool: Pool, user: User) -> Reply | None:
    """API reference, ResendConfirmationCode (InvalidParameterException)."""
    if user.status != "UNCONFIRMED":
        text = "User is already confirmed."
    elif not codes.sign_up_contact(pool.settings, user.attributes):
        text = "Auto verification not turned on."
    else:
        return None
    return Reply.refusal("InvalidParameterException", text)
