"""How a pool of the strict twin is set up.

Source of the standard attributes and their properties: developer guide, "Working with user
attributes", and the SchemaAttributes that DescribeUserPool answers for a new pool.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, AttributeRule, PoolSchema

CONTACTS = ("email", "phone_number")
"""The attributes that can be verified."""

MAX_VALUE_LENGTH = 2048
"""Characters of an attribute's value (AttributeValueType in the API model)."""


class Kind(StrEnum):
    """AttributeDataType."""

    STRING = "String"
    NUMBER = "Number"
    BOOLEAN = "Boolean"
    DATE_TIME = "DateTime"


@dataclass(frozen=True)
class AttributeSpec:
    """SchemaAttributeType. The lengths are of strings, in characters."""

    mutable: bool = True
    required: bool = False
    kind: Kind = Kind.STRING
    min_length: int = 0
    max_length: int = MAX_VALUE_LENGTH


_STANDARD: Mapping[str, AttributeSpec] = {
    **dict.fromkeys(
        (
            "address",
            "email",
            "family_name",
            "gender",
            "given_name",
            "locale",
            "middle_name",
            "name",
            "nickname",
            "phone_number",
            "picture",
            "preferred_username",
            "profile",
            "website",
            "zoneinfo",
        ),
        AttributeSpec(),
    ),
    "sub": AttributeSpec(mutable=False, required=True, min_length=1),
    "birthdate": AttributeSpec(min_length=10, max_length=10),
    "updated_at": AttributeSpec(kind=Kind.NUMBER),
    "email_verified": AttributeSpec(kind=Kind.BOOLEAN),
    "phone_number_verified": AttributeSpec(kind=Kind.BOOLEAN),
}


@dataclass(frozen=True)
class PasswordPolicy:
    """PasswordPolicyType, with the console's defaults."""

    minimum_length: int = 8
    lower: bool = True
    upper: bool = True
    numbers: bool = True
    symbols: bool = True


@dataclass(frozen=True)
class PoolConfig:
    """Settings of one pool. `attributes` adds to, or overrides, the standard ones.

    recovery               AccountRecoverySetting: the verified contact that is tried first
    verify_before_update   AttributesRequireVerificationBeforeUpdate
    unwritable             what the app client may not write (WriteAttributes turned round)
    page_sizes             sizes that cap the pages of a listing, in turn; 0 is an empty page
    alias_moves_on_update  an administrator's update that verifies another user's alias moves it,
                           as has been observed on AliasAttributes pools (re:Post,
                           "cognito-email-verified-attribute"), where the API reference lists
                           AliasExistsException
    triggers               Lambda triggers that bear on replays, by name
    """

    pool_id: str = "us-east-1_MemoryPool"
    attributes: Mapping[str, AttributeSpec] = field(default_factory=dict)
    username_attributes: tuple[str, ...] = ()
    alias_attributes: tuple[str, ...] = ()
    auto_verified: tuple[str, ...] = ("email",)
    recovery: tuple[str, ...] = CONTACTS
    case_sensitive: bool = False
    verify_before_update: tuple[str, ...] = ()
    password_policy: PasswordPolicy = PasswordPolicy()
    unwritable: frozenset[str] = frozenset({ORIGIN_SUB_ATTRIBUTE})
    page_sizes: tuple[int, ...] = ()
    alias_moves_on_update: bool = False
    triggers: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.username_attributes and self.alias_attributes:
            raise ValueError("a pool has username attributes or alias attributes, not both")
        if not set(self.verify_before_update) <= set(self.auto_verified):
            # UpdateUserPool answers so (aws-cli, issue 7151).
            raise ValueError("what requires verification must be auto-verified")
        if self.page_sizes and not any(self.page_sizes):
            raise ValueError("a listing of empty pages alone would never end")
        required = self.specs()["preferred_username"].required
        if required and "preferred_username" in self.alias_attributes:
            raise ValueError("preferred_username is an alias or required, not both")

    def specs(self) -> dict[str, AttributeSpec]:
        """Every attribute of the schema."""
        return {**_STANDARD, **self.attributes}

    def spec(self, name: str) -> AttributeSpec | None:
        """One attribute of the schema."""
        return self.attributes.get(name) or _STANDARD.get(name)

    def schema(self) -> PoolSchema:
        """What the port tells of it."""
        rules = {name: AttributeRule(s.mutable, s.required) for name, s in self.specs().items()}
        return PoolSchema(rules, self.username_attributes, self.alias_attributes, self.triggers)
