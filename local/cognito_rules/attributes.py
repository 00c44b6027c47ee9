"""What may be written into attributes, and by whom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from local.cognito_rules.names import is_email, is_phone
from local.cognito_rules.people import flags
from local.cognito_rules.pools import (
    CONTACTS,
    MAX_VALUE_LENGTH,
    AppClient,
    AttributeSpec,
    Kind,
    PoolSettings,
)
from local.cognito_rules.refusals import CognitoError, constraint, invalid, not_authorized

SET_BY_COGNITO = frozenset({"sub", "identities"})


def check_creation(pool: PoolSettings, attributes: Mapping[str, str]) -> None:
    """What may be given to a user at creation: immutable attributes too, `sub` never."""
    check_sizes(attributes)
    for name in attributes:
        if name in SET_BY_COGNITO:
            raise invalid(f"Cannot modify the non-mutable attribute {name}")
        if pool.spec(name) is None:
            raise _nonconforming(name, "Attribute does not exist in the schema.")
    _check_values(pool, attributes)
    _check_flags(attributes, attributes)


def missing(pool: PoolSettings, attributes: Mapping[str, str]) -> list[str]:
    """What the schema requires and nobody gave."""
    required = [name for name, spec in pool.specs().items() if spec.required]
    return [n for n in required if n not in SET_BY_COGNITO and not attributes.get(n)]


def check_sign_up(pool: PoolSettings, attributes: Mapping[str, str]) -> None:
    """Guide, "Working with user attributes": a person cannot register without the required ones
    (an administrator can), nor with an alias `preferred_username`."""
    check_creation(pool, attributes)
    for name in missing(pool, attributes):
        raise _nonconforming(name, "The attribute is required")
    if "preferred_username" in pool.alias_attributes and attributes.get("preferred_username"):
        raise invalid("User is not confirmed; cannot set alias preferred_username")


def check_update(
    pool: PoolSettings, current: Mapping[str, str], attributes: Mapping[str, str]
) -> None:
    """Guide, "Custom attributes": an immutable attribute can be written at creation only.
    API, AdminUpdateUserAttributes: a blank value deletes."""
    check_sizes(attributes)
    for name in attributes:
        _check_alterable(pool, name)
    check_deletion(pool, current, [name for name, value in attributes.items() if not value])
    _check_values(pool, attributes)
    _check_flags(attributes, {**current, **attributes})


def check_deletion(pool: PoolSettings, current: Mapping[str, str], names: Iterable[str]) -> None:
    """A required or immutable attribute stays, and so does the address that is the username.

    The guide says that required attributes need a value and immutable ones cannot be changed; it
    does not give the error of a deletion, so InvalidParameterException is our reading.
    """
    for name in names:
        if _check_alterable(pool, name).required:
            raise invalid(f"user.{name}: Attribute cannot be deleted.\n")
        others = set(pool.username_attributes) - {name}
        if name in pool.username_attributes and not any(current.get(o) for o in others):
            raise invalid(f"user.{name}: Attribute is the username.\n")


def check_client(
    pool: PoolSettings, client: AppClient, names: Iterable[str], *, signing_up: bool = False
) -> None:
    """What a person may write through an app client, and what nobody may: their own flags.

    Guide, "Attribute permissions and scopes", and API, CreateUserPoolClient (WriteAttributes): with
    a list, only what it names; without one, every attribute but the flags. At sign-up the address
    that is the username may be repeated as an attribute.
    """
    repeated = pool.username_attributes if signing_up else ()
    for name in names:
        listed = not client.writable or name in client.writable or name in repeated
        if name in flags() or not listed:
            raise not_authorized("A client attempted to write unauthorized attribute")


def check_sizes(attributes: Mapping[str, str]) -> None:
    """API, AttributeValueType."""
    for position, value in enumerate(attributes.values(), start=1):
        if len(value) > MAX_VALUE_LENGTH:
            member = f"userAttributes.{position}.member.value"
            raise constraint(member, f"have length less than or equal to {MAX_VALUE_LENGTH}")


def _check_alterable(pool: PoolSettings, name: str) -> AttributeSpec:
    spec = pool.spec(name)
    if name in SET_BY_COGNITO:
        raise invalid(f"Cannot modify the non-mutable attribute {name}")
    if spec is None:
        raise invalid(f"user.{name}: Attribute does not exist in the schema.\n")
    if not spec.mutable:
        raise invalid(f"user.{name}: Attribute cannot be updated.\n")
    return spec


def _check_values(pool: PoolSettings, attributes: Mapping[str, str]) -> None:
    """Guide, "Working with user attributes", for addresses and "a valid 10 character date in the
    format YYYY-MM-DD"."""
    for name, value in attributes.items():
        spec = pool.spec(name)
        if not value or spec is None:
            continue
        if name == "phone_number" and not is_phone(value):
            raise invalid("Invalid phone number format.")
        if name == "email" and not is_email(value):
            raise invalid("Invalid email address format.")
        if name == "birthdate" and not _is_date(value):
            raise _nonconforming(name, "Invalid birthdate format")
        if problem := _problem(spec, value):
            raise _nonconforming(name, problem)


def _problem(spec: AttributeSpec, value: str) -> str:
    """Why the schema does not hold a value, or ""."""
    match spec.kind:
        case Kind.STRING if len(value) > spec.max_length:
            return f"String must be no longer than {spec.max_length} characters"
        case Kind.STRING if len(value) < spec.min_length:
            return f"String must be no shorter than {spec.min_length} characters"
        case Kind.NUMBER:
            return _number_problem(spec, value)
        case Kind.BOOLEAN if value.lower() not in ("true", "false"):
            return "Invalid boolean value"
        case Kind.DATE_TIME if not (value.isdigit() or _is_date(value[:10])):
            return "Invalid date"
    return ""


def _number_problem(spec: AttributeSpec, value: str) -> str:
    if re.fullmatch(r"-?[0-9]+", value) is None:
        return "Invalid number"
    if spec.max_value is not None and int(value) > spec.max_value:
        return f"Number must be at most {spec.max_value}"
    if spec.min_value is not None and int(value) < spec.min_value:
        return f"Number must be at least {spec.min_value}"
    return ""


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _check_flags(written: Mapping[str, str], after: Mapping[str, str]) -> None:
    """A flag without its address is refused, "false" too: Cognito's text, as users of the service
    and cognito-local's maintainer met it, speaks of both."""
    for contact, label in zip(CONTACTS, ("email", "phone number"), strict=True):
        if written.get(f"{contact}_verified") and not after.get(contact):
            article = "an" if contact == "email" else "a"
            text = f"{label.capitalize()} is required to verify/un-verify {article} {label}"
            raise invalid(text)


def _nonconforming(name: str, problem: str) -> CognitoError:
    return invalid(f"Attributes did not conform to the schema: {name}: {problem}\n")
