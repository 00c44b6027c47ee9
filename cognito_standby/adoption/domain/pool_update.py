"""UpdateUserPool sets back whatever it is not sent: all that a pool has is sent again. Pure.

Source: API reference, UpdateUserPool ("If you don't provide a value for an attribute, Amazon
Cognito sets it to its default value"). A test compares the tables with the SDK's models, so that a
field of a newer SDK is decided about; a field that this SDK does not know is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SENT = frozenset(
    {
        *("Policies", "DeletionProtection", "LambdaConfig", "AutoVerifiedAttributes"),
        *("SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject"),
        *("VerificationMessageTemplate", "SmsAuthenticationMessage", "MfaConfiguration"),
        *("UserAttributeUpdateSettings", "DeviceConfiguration", "EmailConfiguration"),
        *("SmsConfiguration", "UserPoolTags", "AdminCreateUserConfig", "UserPoolAddOns"),
        *("AccountRecoverySetting", "UserPoolTier", "KeyConfiguration", "IssuerConfiguration"),
        *("AcrConfiguration", "DcrConfiguration"),
    }
)
"""Sent as they are described."""
RENAMED: Mapping[str, str] = {"Id": "UserPoolId", "Name": "PoolName"}
NOT_SET_BACK = frozenset(
    {
        *("Arn", "CreationDate", "LastModifiedDate", "Status", "EstimatedNumberOfUsers"),
        *("SchemaAttributes", "AliasAttributes", "UsernameAttributes", "UsernameConfiguration"),
        *("Domain", "CustomDomain", "EmailConfigurationFailure", "SmsConfigurationFailure"),
    }
)
"""UpdateUserPool takes none of them: they are facts, or set for good, or by calls of their own."""
VOLATILE = frozenset(
    {
        *("LastModifiedDate", "EstimatedNumberOfUsers"),
        *("EmailConfigurationFailure", "SmsConfigurationFailure"),
    }
)
"""Differ between two looks though nobody changed the pool's configuration."""
TRIGGERS = "LambdaConfig"
_UNSET: tuple[Any, ...] = (None, "", [], {})
"""Told of what is not set up. UpdateUserPool takes no empty text, and leaves it unset anyway."""


class UnknownFieldError(Exception):
    """The pool has a setting that would be set back, because this release does not know it."""


@dataclass(frozen=True)
class PoolSettings:
    """A pool as it is described.

    fields  of DescribeUserPool's UserPool
    mfa     GetUserPoolMfaConfig's answer, which has what the former does not tell
    unknown paths of the answer that the SDK left out, because it does not know them
    """

    fields: Mapping[str, Any]
    mfa: Mapping[str, Any]
    unknown: tuple[str, ...] = ()

    @property
    def triggers(self) -> Mapping[str, Any]:
        """Slot -> function, as Cognito tells it."""
        return self.fields.get(TRIGGERS) or {}


def lost_on_the_way(sent: Any, read: Any, path: str = "") -> Iterator[str]:
    """Paths that an answer had and the SDK did not read."""
    match sent, read:
        case dict(), dict():
            for name, value in sent.items():
                here = f"{path}.{name}" if path else str(name)
                if name in read:
                    yield from lost_on_the_way(value, read[name], here)
                elif value is not None:
                    yield here
        case list(), list():
            for number, (value, seen) in enumerate(zip(sent, read, strict=False)):
                yield from lost_on_the_way(value, seen, f"{path}[{number}]")
        case _:
            pass


def update_of(pool: PoolSettings, triggers: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateUserPool's request that changes the triggers and nothing else. UnknownFieldError."""
    strange = [*pool.unknown, *sorted(pool.fields.keys() - SENT - RENAMED.keys() - NOT_SET_BACK)]
    if strange:
        raise UnknownFieldError(", ".join(strange))
    request = {name: value for name, value in pool.fields.items() if name in SENT}
    request |= {asked: pool.fields[name] for name, asked in RENAMED.items()}
    request[TRIGGERS] = dict(triggers)
    request["AdminCreateUserConfig"] = _invited(request)
    return {
        name: value for name, value in request.items() if value not in _UNSET or name == TRIGGERS
    }


def _invited(fields: Mapping[str, Any]) -> dict[str, Any]:
    """UnusedAccountValidityDays is told beside TemporaryPasswordValidityDays, which replaced it;
    both together are refused (API reference, AdminCreateUserConfigType)."""
    policy = (fields.get("Policies") or {}).get("PasswordPolicy") or {}
    older = {"UnusedAccountValidityDays"} if "TemporaryPasswordValidityDays" in policy else set()
    told = fields.get("AdminCreateUserConfig") or {}
    return {name: value for name, value in told.items() if name not in older}


def changed_besides(before: PoolSettings, after: PoolSettings) -> tuple[str, ...]:
    """Settings other than triggers that are not as they were; second factors are `MFA`."""
    names = (before.fields.keys() | after.fields.keys()) - VOLATILE - {TRIGGERS}
    was, now = _compared(before.fields), _compared(after.fields)
    found = [name for name in sorted(names) if was.get(name) != now.get(name)]
    return (*found, *(["MFA"] if before.mfa != after.mfa else []))


def _compared(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing set up is told as empty, or not at all."""
    told = {**fields, "AdminCreateUserConfig": _invited(fields)}
    return {name: value for name, value in told.items() if value not in _UNSET}
