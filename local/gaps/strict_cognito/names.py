"""Usernames, and the contacts that stand for them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from local.cognito_store import User
from local.gaps.confirmation_code import CODE
from local.gaps.strict_cognito.context import CREATES, UPDATES, Context, invalid
from local.protocol import Reply

MAX_USERNAME = 128
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+\d+")
_LABELS = {
    "email": "email",
    "phone_number": "phone_number",
    "preferred_username": "preferred_username",
}


def username_form(context: Context) -> Reply | None:
    """A username has at most 128 characters without spaces, and is not itself an alias.

    API reference, SignUp (Username: pattern, length); developer guide, "Customizing sign-in
    attributes": in a pool with e-mail or phone aliases a username may not have their form.
    """
    if context.operation not in CREATES:
        return None
    username = str(context.call.params.get("Username") or "")
    if len(username) > MAX_USERNAME or re.search(r"\s", username):
        return invalid(
            "1 validation error detected: Value at 'username' failed to satisfy constraint"
        )
    for alias, form, label in (
        ("email", _EMAIL, "email"),
        ("phone_number", _PHONE, "phone number"),
    ):
        if alias in context.pool.listed("AliasAttributes") and form.fullmatch(username):
            return invalid(
                f"Username cannot be of {label} format, since user pool is configured for "
                f"{label} alias."
            )
    return None


def username_taken(context: Context) -> Reply | None:
    """One user a name, whatever its case in a case-insensitive pool.

    API reference, SignUp and AdminCreateUser (UsernameExistsException); CreateUserPool
    (UsernameConfiguration). An administrator's RESEND names an existing user on purpose.
    """
    if context.operation not in CREATES or context.call.params.get("MessageAction") == "RESEND":
        return None
    username = str(context.call.params.get("Username") or "")
    names = context.pool.listed("UsernameAttributes")
    wanted = _fold(context, username)
    for user in context.pool.users():
        held = [user.username, *(user.attributes.get(name, "") for name in names)]
        if wanted in {_fold(context, name) for name in held if name}:
            return Reply.refusal("UsernameExistsException", _taken_text(context, names))
    return None


def contact_taken(context: Context) -> Reply | None:
    """A contact that signs in belongs to one user.

    Developer guide, "Customizing sign-in attributes": as alias a contact is unique among verified
    ones, as username it is unique outright. API reference (AliasExistsException): AdminCreateUser
    with the verified mark and without ForceAliasCreation, ConfirmSignUp without it, and updates.
    """
    for contact, value in _claimed(context):
        for other in context.pool.users():
            if context.user is not None and other.sub == context.user.sub:
                continue
            same = _fold(context, other.attributes.get(contact, "")) == _fold(context, value)
            if same and _holds(context, other, contact):
                label = _LABELS[contact]
                text = f"An account with the {label} already exists."
                return Reply.refusal("AliasExistsException", text)
    return None


def _claimed(context: Context) -> Iterator[tuple[str, str]]:
    """The contacts that the call would make somebody's own."""
    names, aliases = _signing(context)
    given = context.attributes
    forced = context.call.params.get("ForceAliasCreation") is True
    confirming = context.operation == "ConfirmSignUp" and not forced
    confirming = confirming and context.call.params.get("ConfirmationCode") == CODE
    if confirming and context.user is not None:
        for contact in context.pool.listed("AutoVerifiedAttributes"):
            if contact in aliases and context.user.attributes.get(contact):
                yield contact, context.user.attributes[contact]
    for contact in (*names, *aliases):
        if not given.get(contact):
            yield from _vouched_alone(context, contact)
            continue
        verified = given.get(f"{contact}_verified", "").lower() == "true"
        sure = contact in names or contact == "preferred_username" or verified
        if context.operation in UPDATES and sure:
            yield contact, given[contact]
        if context.operation == "AdminCreateUser" and contact in aliases and sure and not forced:
            yield contact, given[contact]
        if context.operation == "SignUp" and contact == "preferred_username" and contact in aliases:
            yield contact, given[contact]


def _vouched_alone(context: Context, contact: str) -> Iterator[tuple[str, str]]:
    """A flag without its contact makes the one that the user has sign in."""
    verified = context.attributes.get(f"{contact}_verified", "").lower() == "true"
    held = context.user.attributes.get(contact, "") if context.user else ""
    if context.operation in UPDATES and verified and held:
        yield contact, held


def _signing(context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    names = context.pool.listed("UsernameAttributes")
    return names, tuple(a for a in context.pool.listed("AliasAttributes") if a not in names)


def _holds(context: Context, user: User, contact: str) -> bool:
    names, _ = _signing(context)
    return contact in names or contact == "preferred_username" or user.verified(contact)


def _fold(context: Context, name: str) -> str:
    configuration = context.pool.setting("UsernameConfiguration") or {}
    return name if configuration.get("CaseSensitive", True) else name.casefold()


def _taken_text(context: Context, names: tuple[str, ...]) -> str:
    if names:
        return "An account with the given email already exists."
    return "User already exists" if context.operation == "SignUp" else "User account already exists"
