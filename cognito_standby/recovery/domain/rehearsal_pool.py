"""The throw-away pool of a rehearsal: the standby's settings, from which no message leaves. Pure.

What DescribeUserPool tells becomes what CreateUserPool takes, field by field (API reference of
both). Each field has its place in one table below; what has none is refused, for a guess could
leave out what decides a sign-in, or carry over what sends messages.

No message leaves because each of Cognito's ways to send one is closed: no address is verified by
itself, nobody can sign up or ask for a code (only administrators reset), there is no second factor,
no one-time code and no SMS role, no trigger runs, invitations are suppressed, and the only client
takes an administrator's sign-in alone. Should one be open all the same, the addresses lead nowhere
(`rehearsal_people`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.recovery.domain.rehearsal_marks import Mark

Described = Mapping[str, Any]
"""A UserPoolType of DescribeUserPool."""

COPIED = frozenset({"AliasAttributes", "UsernameAttributes", "UsernameConfiguration"})
"""As they are."""
_MADE = frozenset({"Policies", "SchemaAttributes", "UserPoolTier"})
"""Copied, in another form or in part."""
CLOSED: Mapping[str, Any] = {
    "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]},
    "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True},
    "AutoVerifiedAttributes": [],
    "DeletionProtection": "INACTIVE",
    "MfaConfiguration": "OFF",
}
"""Set so, whatever the standby has: they could send a message, or keep the pool."""
_OWN = frozenset({"Name", "UserPoolTags"})
"""The pool's own."""

_SENDS = "it could send a message"
_TEXTS = "the text of a message, and none is sent"
LEFT_OUT: Mapping[str, str] = {
    "LambdaConfig": "triggers write and send",
    "EmailConfiguration": _SENDS,
    "SmsConfiguration": _SENDS,
    "EmailVerificationMessage": _TEXTS,
    "EmailVerificationSubject": _TEXTS,
    "SmsAuthenticationMessage": _TEXTS,
    "SmsVerificationMessage": _TEXTS,
    "VerificationMessageTemplate": _TEXTS,
    "UserAttributeUpdateSettings": "nobody changes an address of their own here",
    "UserPoolAddOns": "threat protection sends notices, and its risks are about real people",
    "DeviceConfiguration": "nobody signs in from a device",
    "DcrConfiguration": "apps do not register here",
    "AcrConfiguration": "it is about second factors and managed login, which are not here",
    "Domain": "managed login is not rehearsed",
    "CustomDomain": "a name belongs to one pool",
    "KeyConfiguration": "what lies here is made up, and gone soon",
    "IssuerConfiguration": "the pool has an issuer of its own",
}
"""Not copied, and why."""
_FACTS = frozenset(
    {
        *("Id", "Arn", "Status", "CreationDate", "LastModifiedDate", "EstimatedNumberOfUsers"),
        *("SmsConfigurationFailure", "EmailConfigurationFailure"),
    }
)
"""No settings."""
KNOWN = COPIED | _MADE | CLOSED.keys() | _OWN | LEFT_OUT.keys() | _FACTS

_PASSWORD_POLICY = frozenset(
    {
        *("MinimumLength", "RequireUppercase", "RequireLowercase", "RequireNumbers"),
        *("RequireSymbols", "PasswordHistorySize", "TemporaryPasswordValidityDays"),
    }
)
_ATTRIBUTE = frozenset(
    {
        *("Name", "AttributeDataType", "DeveloperOnlyAttribute", "Mutable", "Required"),
        *("NumberAttributeConstraints", "StringAttributeConstraints"),
    }
)
_PREFIXES = ("custom:", "dev:")
_COGNITOS_OWN = frozenset({"sub", "identities"})

PLANS = {"LITE": "Lite", "ESSENTIALS": "Essentials", "PLUS": "Plus"}
"""UserPoolTier -> the plan as it is priced."""

CLIENT: Mapping[str, Any] = {
    "ClientName": "drill",
    "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    "PreventUserExistenceErrors": "LEGACY",  # a refusal is one, and no answer that looks like a yes
    "GenerateSecret": False,
    "AccessTokenValidity": 5,
    "IdTokenValidity": 5,
    "RefreshTokenValidity": 60,
    "TokenValidityUnits": {
        "AccessToken": "minutes",
        "IdToken": "minutes",
        "RefreshToken": "minutes",
    },
}
"""The only app client: its one way in needs an administrator's rights, so knowing its id is no
use to anybody."""


class NotCopiedError(Exception):
    """The standby has a setting of which it is not known what it would do. The text names it."""


@dataclass(frozen=True)
class Copy:
    """What CreateUserPool is given, and which settings of the standby it lacks, each with why."""

    request: Mapping[str, Any]
    left_out: Mapping[str, str]
    plan: str


def copy_of(pool: Described, mark: Mark) -> Copy:
    """The throw-away pool of this standby. NotCopiedError."""
    _refuse_unknown("the pool", pool, KNOWN)
    tier = str(pool.get("UserPoolTier") or "ESSENTIALS")
    if tier not in PLANS:
        raise NotCopiedError(f"the plan {tier} is not known, and so not what it costs")
    policies = _mapping(pool, "Policies")
    _refuse_unknown("Policies", policies, {"PasswordPolicy", "SignInPolicy"})
    rules = _mapping(policies, "PasswordPolicy")
    _refuse_unknown("Policies.PasswordPolicy", rules, _PASSWORD_POLICY)
    request: dict[str, Any] = {
        **CLOSED,
        "PoolName": mark.pool_name,
        "UserPoolTags": mark.tags,
        "UserPoolTier": tier,
        "Schema": [each for one in pool.get("SchemaAttributes") or () if (each := _attribute(one))],
    }
    if rules:
        request["Policies"] = {"PasswordPolicy": dict(rules)}
    request |= {name: pool[name] for name in sorted(COPIED) if _is_set(pool.get(name))}
    return Copy(request, _left_out(pool, policies), PLANS[tier])


def client_of(pool: Described) -> dict[str, Any]:
    """What CreateUserPoolClient is given beside the pool: the client reads every attribute, for
    without ReadAttributes it reads no custom one (API reference)."""
    names = {str(each["Name"]) for each in pool.get("SchemaAttributes") or ()}
    read = [n for n in sorted(names - _COGNITOS_OWN) if not n.startswith("dev:")]
    return {**CLIENT, "ReadAttributes": read, "WriteAttributes": _written(pool)}


def marks_origins(pool: Described) -> bool:
    """Whether its users say whose copy they are."""
    told = (each.get("Name") for each in pool.get("SchemaAttributes") or ())
    return ORIGIN_SUB_ATTRIBUTE in told


def _written(pool: Described) -> list[str]:
    """Cognito wants the required ones among them; nobody writes any."""
    needed = [e["Name"] for e in pool.get("SchemaAttributes") or () if e.get("Required")]
    return sorted({*(str(name) for name in needed if name not in _COGNITOS_OWN), "name"})


def _left_out(pool: Described, policies: Described) -> dict[str, str]:
    told = {name: why for name, why in LEFT_OUT.items() if _is_set(pool.get(name))}
    if pool.get("MfaConfiguration", "OFF") != "OFF":
        told["MfaConfiguration"] = "a second factor is a message, or a secret that no record has"
    first = _mapping(policies, "SignInPolicy").get("AllowedFirstAuthFactors") or ["PASSWORD"]
    if first != ["PASSWORD"]:
        told["SignInPolicy"] = "people sign in by a password here: a one-time code is a message"
    if _is_set(pool.get("AutoVerifiedAttributes")):
        told["AutoVerifiedAttributes"] = _SENDS
    recovery = _mapping(pool, "AccountRecoverySetting").get("RecoveryMechanisms") or ()
    if [each.get("Name") for each in recovery] != ["admin_only"]:
        told["AccountRecoverySetting"] = "a recovery is a message; who could is told all the same"
    return told


def _attribute(raw: Described) -> dict[str, Any]:
    """A SchemaAttributeType as CreateUserPool takes it, without the prefix that Cognito gives to
    custom ones; nothing for a standard one that is as every pool has it."""
    _refuse_unknown("SchemaAttributes", raw, _ATTRIBUTE)
    name = str(raw["Name"])
    told = {key: value for key, value in raw.items() if _is_set(value)}
    if prefix := next((each for each in _PREFIXES if name.startswith(each)), ""):
        return {**told, "Name": name.removeprefix(prefix)}
    plain = raw.get("Mutable", True) and not raw.get("Required", False)
    return {} if name in _COGNITOS_OWN or plain else told


def _refuse_unknown(where: str, told: Described, known: Collection[str]) -> None:
    unknown = sorted(name for name in told if name not in known and _is_set(told[name]))
    if unknown:
        raise NotCopiedError(
            f"{where} has {', '.join(unknown)}, of which this release does not know what it does; "
            "nothing was made"
        )


def _mapping(told: Described, name: str) -> Described:
    found = told.get(name)
    return found if isinstance(found, Mapping) else {}


def _is_set(value: object) -> bool:
    """Whether there is anything; false and 0 are something."""
    return value not in (None, "", [], {}, ())
