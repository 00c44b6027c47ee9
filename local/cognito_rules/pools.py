"""The settings of a pool that bear on its rules.

Source of the standard attributes and their properties: guide, "Working with user attributes", and
the SchemaAttributes that DescribeUserPool answers for a new pool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CONTACTS = ("email", "phone_number")
"""The attributes that can be verified."""

MAX_VALUE_LENGTH = 2048
"""Characters of an attribute's value (API: AttributeValueType)."""


class Kind(StrEnum):
    """AttributeDataType."""

    STRING = "String"
    NUMBER = "Number"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"


@dataclass(frozen=True)
class AttributeSpec:
    """SchemaAttributeType. Lengths are of strings, in characters; values of numbers."""

    mutable: bool = True
    required: bool = False
    kind: Kind = Kind.STRING
    min_length: int = 0
    max_length: int = MAX_VALUE_LENGTH
    min_value: int | None = None
    max_value: int | None = None


STANDARD: Mapping[str, AttributeSpec] = {
    **dict.fromkeys(
        (
            *("address", "email", "family_name", "gender", "given_name", "locale", "middle_name"),
            *("name", "nickname", "phone_number", "picture", "preferred_username", "profile"),
            *("website", "zoneinfo"),
        ),
        AttributeSpec(),
    ),
    "sub": AttributeSpec(mutable=False, required=True, min_length=1),
    "birthdate": AttributeSpec(min_length=10, max_length=10),
    "updated_at": AttributeSpec(kind=Kind.NUMBER, min_value=0),
    "email_verified": AttributeSpec(kind=Kind.BOOLEAN),
    "phone_number_verified": AttributeSpec(kind=Kind.BOOLEAN),
}


@dataclass(frozen=True)
class PasswordPolicy:
    """PasswordPolicyType, with the defaults of a new pool."""

    minimum_length: int = 8
    lower: bool = True
    upper: bool = True
    numbers: bool = True
    symbols: bool = True


@dataclass(frozen=True)
class PoolSettings:
    """A pool as its rules see it.

    attributes             adds to, or overrides, the standard ones
    recovery               AccountRecoverySetting: the contact that is tried first comes first; by
                           API, UserPoolType, the phone does where nothing is set
    verify_before_update   AttributesRequireVerificationBeforeUpdate
    """

    attributes: Mapping[str, AttributeSpec] = field(default_factory=dict)
    username_attributes: tuple[str, ...] = ()
    alias_attributes: tuple[str, ...] = ()
    auto_verified: tuple[str, ...] = ()
    recovery: tuple[str, ...] = ("phone_number", "email")
    case_sensitive: bool = True
    verify_before_update: tuple[str, ...] = ()
    password_policy: PasswordPolicy = PasswordPolicy()

    def specs(self) -> dict[str, AttributeSpec]:
        """Every attribute of the schema."""
        return {**STANDARD, **self.attributes}

    def spec(self, name: str) -> AttributeSpec | None:
        """One attribute of the schema."""
        return self.attributes.get(name) or STANDARD.get(name)


@dataclass(frozen=True)
class AppClient:
    """WriteAttributes: what a person may write through the client; empty: no list was given."""

    writable: frozenset[str] = frozenset()
