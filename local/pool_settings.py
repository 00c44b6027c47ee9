"""A pool of the emulator as the rule book reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cognito_rules.pools import (
    CONTACTS,
    MAX_VALUE_LENGTH,
    AppClient,
    AttributeSpec,
    Kind,
    PasswordPolicy,
    PoolSettings,
)


def settings_of(raw: Mapping[str, Any]) -> PoolSettings:
    """From the emulator's own record, which names things as `DescribeUserPool` does."""
    updating = raw.get("UserAttributeUpdateSettings") or {}
    return PoolSettings(
        attributes={entry["Name"]: _spec(entry) for entry in raw.get("SchemaAttributes") or ()},
        username_attributes=tuple(raw.get("UsernameAttributes") or ()),
        alias_attributes=tuple(raw.get("AliasAttributes") or ()),
        auto_verified=tuple(raw.get("AutoVerifiedAttributes") or ()),
        recovery=_recovery(raw.get("AccountRecoverySetting") or {}),
        case_sensitive=bool((raw.get("UsernameConfiguration") or {}).get("CaseSensitive", True)),
        verify_before_update=tuple(updating.get("AttributesRequireVerificationBeforeUpdate") or ()),
        password_policy=_policy((raw.get("Policies") or {}).get("PasswordPolicy") or {}),
    )


def client_of(raw: Mapping[str, Any] | None) -> AppClient:
    """From an app client's record; None: an administrator's call."""
    return AppClient(frozenset((raw or {}).get("WriteAttributes") or ()))


def _spec(entry: Mapping[str, Any]) -> AttributeSpec:
    strings = entry.get("StringAttributeConstraints") or {}
    numbers = entry.get("NumberAttributeConstraints") or {}
    return AttributeSpec(
        mutable=bool(entry.get("Mutable", True)),
        required=bool(entry.get("Required")),
        kind=Kind(entry.get("AttributeDataType") or Kind.STRING),
        min_length=int(strings.get("MinLength") or 0),
        max_length=int(strings.get("MaxLength") or MAX_VALUE_LENGTH),
        min_value=_number(numbers.get("MinValue")),
        max_value=_number(numbers.get("MaxValue")),
    )


def _number(given: str | None) -> int | None:
    return int(given) if given else None


def _recovery(setting: Mapping[str, Any]) -> tuple[str, ...]:
    ways = setting.get("RecoveryMechanisms") or ()
    if not ways:
        return PoolSettings.recovery
    order = sorted(ways, key=lambda way: int(way.get("Priority", 1)))
    contacts = [str(way["Name"]).removeprefix("verified_") for way in order]
    return tuple(contact for contact in contacts if contact in CONTACTS)


def _policy(policy: Mapping[str, Any]) -> PasswordPolicy:
    return PasswordPolicy(
        minimum_length=int(policy.get("MinimumLength", 8)),
        lower=bool(policy.get("RequireLowercase", True)),
        upper=bool(policy.get("RequireUppercase", True)),
        numbers=bool(policy.get("RequireNumbers", True)),
        symbols=bool(policy.get("RequireSymbols", True)),
    )
