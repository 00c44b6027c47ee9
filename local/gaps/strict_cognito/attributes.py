"""What may be written into attributes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local.gaps.strict_cognito.context import CONTACTS, CREATES, UPDATES, Context, invalid
from local.protocol import Reply

MAX_VALUE = 2048
_NEVER = ("sub", "identities")
_PHONE = re.compile(r"\+[1-9]\d{1,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def value_sizes(context: Context) -> Reply | None:
    """A value has at most 2,048 characters (API reference, AttributeType)."""
    for position, value in enumerate(context.attributes.values(), start=1):
        if len(value) > MAX_VALUE:
            return invalid(
                f"1 validation error detected: Value at 'userAttributes.{position}.member.value' "
                "failed to satisfy constraint: Member must have length less than or equal to 2048"
            )
    return None


def immutable(context: Context) -> Reply | None:
    """`sub` and `identities` are never writable, immutable attributes only at creation.

    Developer guide, "Working with user attributes": a custom attribute is mutable or not for good;
    an immutable value can be written when the user is created, and never changed.
    """
    for name in context.attributes:
        if name in _NEVER:
            return invalid(f"Cannot modify the non-mutable attribute {name}")
        definition = context.pool.schema.get(name)
        frozen = definition is not None and not definition.get("Mutable", True)
        if frozen and context.operation in UPDATES:
            return invalid(f"user.{name}: Attribute cannot be updated.\n")
    return None


def known(context: Context) -> Reply | None:
    """Every attribute is in the pool's schema (developer guide, "Custom attributes")."""
    for name in context.attributes:
        if name in context.pool.schema:
            continue
        if context.operation in CREATES:
            return _nonconforming(name, "Attribute does not exist in the schema.")
        return invalid(f"user.{name}: Attribute does not exist in the schema.\n")
    return None


def required(context: Context) -> Reply | None:
    """A person who signs up gives every required attribute.

    API reference, AdminCreateUser: an administrator need not; the person is asked at first sign-in.
    """
    if context.operation != "SignUp":
        return None
    given = {name for name, value in context.attributes.items() if value}
    given.update(context.pool.listed("UsernameAttributes")[:1])
    for name, definition in context.pool.schema.items():
        if definition.get("Required") and name not in {*given, *_NEVER}:
            return _nonconforming(name, "The attribute is required")
    return None


def formats(context: Context) -> Reply | None:
    """Addresses, numbers, dates, booleans, and the schema's own limits.

    Developer guide, "Working with user attributes": phone numbers are E.164, birthdates
    YYYY-MM-DD; API reference, StringAttributeConstraintsType and NumberAttributeConstraintsType.
    """
    for name, value in context.attributes.items():
        if not value:
            continue
        if name == "phone_number" and not _PHONE.fullmatch(value):
            return invalid("Invalid phone number format.")
        if name == "email" and not _EMAIL.fullmatch(value):
            return invalid("Invalid email address format.")
        if name == "birthdate" and not _DATE.fullmatch(value):
            return _nonconforming(name, "Invalid birthdate format")
        problem = _against(context.pool.schema.get(name) or {}, value)
        if problem:
            return _nonconforming(name, problem)
    return None


def flags(context: Context) -> Reply | None:
    """A contact cannot be marked verified where there is none.

    Developer guide, "Working with user attributes": `email_verified` and `phone_number_verified`
    tell about the address of the same user.
    """
    held = dict(context.user.attributes) if context.user else {}
    if context.operation == "AdminCreateUser" and context.pool.listed("UsernameAttributes"):
        username = str(context.call.params.get("Username") or "")
        held = {"email" if "@" in username else "phone_number": username}
    elif context.operation == "AdminCreateUser":
        held = {}
    held.update(context.attributes)
    for contact in CONTACTS:
        marked = context.attributes.get(f"{contact}_verified", "").lower() == "true"
        if marked and not held.get(contact):
            return invalid(f"user.{contact}_verified: There is no {contact} to be verified.")
    return None


def _against(definition: Mapping[str, Any], value: str) -> str:
    kind = definition.get("AttributeDataType")
    if kind == "Boolean" and value.lower() not in ("true", "false"):
        return "Invalid boolean value"
    if kind == "Number":
        return _against_number(definition.get("NumberAttributeConstraints") or {}, value)
    limits = definition.get("StringAttributeConstraints") or {}
    if len(value) > int(limits.get("MaxLength") or MAX_VALUE):
        return f"String must be no longer than {limits['MaxLength']} characters"
    if len(value) < int(limits.get("MinLength") or 0):
        return f"String must be no shorter than {limits['MinLength']} characters"
    return ""


def _against_number(limits: Mapping[str, Any], value: str) -> str:
    if not re.fullmatch(r"-?\d+", value):
        return "Invalid number"
    number = int(value)
    if number > int(limits.get("MaxValue") or number):
        return f"Number must be at most {limits['MaxValue']}"
    if number < int(limits.get("MinValue") or number):
        return f"Number must be at least {limits['MinValue']}"
    return ""


def _nonconforming(name: str, problem: str) -> Reply:
    return invalid(f"Attributes did not conform to the schema: {name}: {problem}\n")
