"""UpdateUserPool sets back what it is not sent; the emulator keeps it.

Source: API reference, UpdateUserPool: "If you don't provide a value for an attribute, Amazon
Cognito sets it to its default value". What is no attribute of the request's (schema, domain) stays,
and so does the plan: the emulator says that of an omitted tier. Tags are taken to be set back, too:
whoever sends them again is right either way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.patching import replace

_OK = 200
_DEFAULTS: Mapping[str, Any] = {
    "Policies": {
        "PasswordPolicy": {
            "MinimumLength": 8,
            "RequireUppercase": True,
            "RequireLowercase": True,
            "RequireNumbers": True,
            "RequireSymbols": True,
            "TemporaryPasswordValidityDays": 7,
        }
    },
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": False, "UnusedAccountValidityDays": 7},
    "AutoVerifiedAttributes": [],
    "MfaConfiguration": "OFF",
    "DeletionProtection": "INACTIVE",
    **dict.fromkeys(("EmailVerificationMessage", "EmailVerificationSubject"), ""),
    **dict.fromkeys(("SmsVerificationMessage", "SmsAuthenticationMessage"), ""),
    **{key: {} for key in ("EmailConfiguration", "SmsConfiguration", "AccountRecoverySetting")},
    **{key: {} for key in ("LambdaConfig", "UserPoolTags")},
}
"""As the emulator makes a pool for which nothing is asked."""
_OLDER = "UnusedAccountValidityDays"
"""Replaced by TemporaryPasswordValidityDays, and told with its value; both are refused."""
_BOTH = "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of " + _OLDER
_NONE_BY_DEFAULT = (
    *("DeviceConfiguration", "UserPoolAddOns", "VerificationMessageTemplate"),
    *("UserAttributeUpdateSettings", "KeyConfiguration", "IssuerConfiguration"),
    *("DcrConfiguration", "AcrConfiguration"),
)


def install() -> None:
    """Around the emulator's own handler."""
    from ministack.services import cognito  # noqa: PLC0415

    replace(cognito, "_update_user_pool", lambda update: _setting_back(cognito, update))


def _setting_back(cognito: Any, update: Callable[..., Any]) -> Callable[..., Any]:
    def updated(data: dict[str, Any]) -> Any:
        policy = (data.get("Policies") or {}).get("PasswordPolicy") or {}
        days = policy.get("TemporaryPasswordValidityDays")
        if days is not None and _OLDER in (data.get("AdminCreateUserConfig") or {}):
            return cognito.error_response_json("InvalidParameterException", _BOTH, 400)
        reply = update({**_DEFAULTS, **data})
        if reply[0] == _OK:
            pool = cognito._user_pools[data["UserPoolId"]]
            if days is not None:
                pool["AdminCreateUserConfig"] = {**pool["AdminCreateUserConfig"], _OLDER: days}
            for name in _NONE_BY_DEFAULT:
                if name not in data:
                    pool.pop(name, None)
        return reply

    return updated
