"""What Cognito refuses for its content. Pure; each rule names its source.

API: the operation or type in the Amazon Cognito user pools API reference, whose limits are those
of the service model in botocore. Guide: the Amazon Cognito developer guide.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from tests.twins.pool.config import (
    CONTACTS,
    MAX_VALUE_LENGTH,
    AttributeSpec,
    Kind,
    PasswordPolicy,
    PoolConfig,
)
from tests.twins.pool.errors import CognitoError, invalid, not_authorized

MAX_NAME_LENGTH = 128
"""Characters of a username or a group name (API: UsernameType, GroupNameType)."""
MAX_DESCRIPTION_LENGTH = 2048
"""API: DescriptionType."""
MAX_PASSWORD_LENGTH = 256
"""Guide, "Quotas in Amazon Cognito"."""
MAX_GROUPS_OF_USER = 100
"""Guide, "Quotas in Amazon Cognito"."""
MAX_GROUPS_OF_POOL = 10_000
"""Guide, "Quotas in Amazon Cognito"."""

_SET_BY_COGNITO = frozenset({"sub", "identities"})
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"\+[0-9]{1,15}")


def is_email(value: str) -> bool:
    """Guide, "Working with user attributes": the standard form with @ sign and domain."""
    return _EMAIL.fullmatch(value) is not None


def is_phone(value: str) -> bool:
    """Guide, "Working with user attributes": a plus sign, then digits only; 15 by E.164."""
    return _PHONE.fullmatch(value) is not None


def check_name(name: str, what: str) -> None:
    """API, UsernameType and GroupNameType: 1 to 128 characters of [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}],
    so neither blanks nor control characters."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        raise invalid(f"{what} must have 1 to {MAX_NAME_LENGTH} characters")
    if any(unicodedata.category(c)[0] not in "LMSNP" for c in name):
        raise invalid(f"{what} must satisfy the pattern")


def check_username(config: PoolConfig, name: str) -> None:
    """Guide, "Customizing sign-in attributes": where addresses are usernames nothing else is
    one; where addresses are aliases, a username must not look like one."""
    check_name(name, "username")
    looks_like = {"email": is_email(name), "phone_number": is_phone(name)}
    if config.username_attributes:
        if not any(looks_like.get(a) for a in config.username_attributes):
            raise invalid(f"Username should be either of {', '.join(config.username_attributes)}")
    elif any(looks_like.get(a) for a in config.alias_attributes):
        raise invalid("Username cannot be of email or phone number format")


def check_creation(config: PoolConfig, attributes: Mapping[str, str]) -> None:
    """What may be given to a user at creation: immutable attributes too, `sub` never."""
    for name, value in attributes.items():
        spec = _spec(config, name)
        if name in _SET_BY_COGNITO:
            raise invalid(f"{name}: Attribute cannot be set")
        _check_value(name, value, spec)
    _check_flags(attributes, attributes)


def check_sign_up(config: PoolConfig, attributes: Mapping[str, str]) -> None:
    """Guide, "Working with user attributes": a person cannot register without the required ones
    (an administrator can), nor with an alias `preferred_username`."""
    check_creation(config, attributes)
    check_client(config, attributes)
    for name, spec in config.specs().items():
        if spec.required and name not in _SET_BY_COGNITO and not attributes.get(name):
            raise invalid(f"{name}: The attribute is required")
    if "preferred_username" in config.alias_attributes and "preferred_username" in attributes:
        raise invalid("User is not confirmed; cannot set alias preferred_username")


def check_update(
    config: PoolConfig, current: Mapping[str, str], attributes: Mapping[str, str]
) -> None:
    """Guide, "Custom attributes": an immutable attribute can be written at creation only.
    API, AdminUpdateUserAttributes: a blank value deletes."""
    for name, value in attributes.items():
        spec = _spec(config, name)
        if not spec.mutable or name in _SET_BY_COGNITO:
            raise invalid(f"user.{name}: Attribute cannot be updated")
        if value == "":
            check_deletion(config, current, (name,))
        else:
            _check_value(name, value, spec)
    _check_flags(attributes, {**current, **attributes})


def check_deletion(config: PoolConfig, current: Mapping[str, str], names: Iterable[str]) -> None:
    """A required or immutable attribute stays, and so does the address that is the username.

    The guide says that required attributes need a value and immutable ones cannot be changed; it
    does not give the error of a deletion, so InvalidParameterException is our reading.
    """
    for name in names:
        spec = _spec(config, name)
        if not spec.mutable or name in _SET_BY_COGNITO:
            raise invalid(f"user.{name}: Attribute cannot be updated")
        if spec.required:
            raise invalid(f"user.{name}: Attribute is required")
        others = set(config.username_attributes) - {name}
        if name in config.username_attributes and not any(current.get(o) for o in others):
            raise invalid(f"user.{name}: Attribute is the username")


def check_client(config: PoolConfig, names: Iterable[str]) -> None:
    """Guide, "Attribute permissions and scopes": NotAuthorizedException for what the app client
    may not write. A person never sets their own verification flags."""
    flags = {f"{contact}_verified" for contact in CONTACTS}
    if any(name in config.unwritable or name in flags for name in names):
        raise not_authorized("A client attempted to write unauthorized attribute")


def check_password(policy: PasswordPolicy, password: str) -> None:
    """API, PasswordPolicyType and PasswordType: up to 256 characters without blanks."""
    wanted = {
        "a lower-case letter": (policy.lower, string.ascii_lowercase),
        "an upper-case letter": (policy.upper, string.ascii_uppercase),
        "a digit": (policy.numbers, string.digits),
        "a symbol": (policy.symbols, string.punctuation),
    }
    lacking = [w for w, (on, kind) in wanted.items() if on and not set(kind) & set(password)]
    if not policy.minimum_length <= len(password) <= MAX_PASSWORD_LENGTH:
        lacking.append("the right length")
    if re.search(r"\s", password):
        lacking.append("no blanks")
    if lacking:
        raise CognitoError("InvalidPasswordException", f"needs {', '.join(lacking)}")


def _spec(config: PoolConfig, name: str) -> AttributeSpec:
    """API: an attribute that the schema does not have is an InvalidParameterException."""
    spec = config.spec(name)
    if spec is None:
        raise invalid(f"user.{name}: Attribute does not exist in the schema")
    return spec


def _check_value(name: str, value: str, spec: AttributeSpec) -> None:
    if len(value) > MAX_VALUE_LENGTH:
        raise invalid(f"{name}: more than {MAX_VALUE_LENGTH} characters")
    if value == "":
        return
    well_formed = {
        "email": is_email,
        "phone_number": is_phone,
        "birthdate": _is_date,
    }.get(name, lambda _: True)(value)
    match spec.kind:
        case Kind.STRING:
            well_formed &= spec.min_length <= len(value) <= spec.max_length
        case Kind.NUMBER:
            well_formed &= re.fullmatch(r"-?[0-9]+", value) is not None
        case Kind.BOOLEAN:
            well_formed &= value.lower() in ("true", "false")
        case Kind.DATE_TIME:
            well_formed &= value.isdigit() or _is_date(value[:10])
    if not well_formed:
        raise invalid(f"Attributes did not conform to the schema: {name}")


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _check_flags(written: Mapping[str, str], after: Mapping[str, str]) -> None:
    """A flag without its address is refused. Our reading: no source was found."""
    for contact in CONTACTS:
        if written.get(f"{contact}_verified") and not after.get(contact):
            raise invalid(f"{contact} is required to verify/un-verify it")
