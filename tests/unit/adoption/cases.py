"""Cases of one finding each, for what no odd pool has, by the code that they lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cognito_standby.adoption.domain.sides import Account, Case, Part, Plan, Side, Unread, User
from cognito_standby.configuration.domain.differences import differences
from cognito_standby.configuration.domain.document import POOL, PoolConfiguration, Section
from tests.odd_pools import ACCOUNT
from tests.unit.adoption.recorded import AWAY, HOME, case_of, odd

ROLE = f"arn:aws:iam::{ACCOUNT}:role/standby-dr-{AWAY}"
USER = f"arn:aws:iam::{ACCOUNT}:user/break-glass"
STANDING = Plan("standby", ACCOUNT, deployed=True, roles={})
_ORIGIN = {"custom:origin_sub": {"AttributeDataType": "String", "Mutable": True}}
_FUNCTION = f"arn:aws:lambda:{AWAY}:{ACCOUNT}:function:hello"
_IDENTITY = f"arn:aws:ses:{AWAY}:{ACCOUNT}:identity/mail.example.org"
_BY_SES: dict[str, Any] = {
    "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": _IDENTITY}
}
_BY_SMS: dict[str, Any] = {
    "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::1:role/sms", "SnsRegion": AWAY}
}


def changed(
    found: PoolConfiguration, section: Section, item: str, fields: Mapping[str, Any]
) -> PoolConfiguration:
    """With these fields of an item, which may be new."""
    items = dict(found.items(section))
    items[item] = {**items.get(item, {}), **fields}
    return replace(found, sections={**found.sections, section: items})


def plain(region: str = AWAY, **pool: Any) -> PoolConfiguration:
    """The plain pool with these settings, protected and with the mark of origin."""
    found = changed(odd("plain", region), Section.POOL, POOL, {"DeletionProtection": "ACTIVE"})
    marked = changed(found, Section.ATTRIBUTES, "custom:origin_sub", _ORIGIN["custom:origin_sub"])
    (client,) = marked.items(Section.CLIENTS)
    rights = {"WriteAttributes": ["email"], "ReadAttributes": ["email"]}
    return changed(changed(marked, Section.CLIENTS, client, rights), Section.POOL, POOL, pool)


def facts(**there: Any) -> Case:
    """Two plain pools, and what is told of the backup's Region."""
    return case_of(plain(HOME, **_BY_SES), plain(**_BY_SES), there=_parts(there))


def _parts(told: Mapping[str, Any]) -> dict[Part, Any]:
    return {Part[name.upper()]: each for name, each in told.items()}


def _trigger(slot: str, arn: str = _FUNCTION, **more: Any) -> PoolConfiguration:
    return changed(plain(**_BY_SES), Section.TRIGGERS, slot, {"LambdaArn": arn, **more})


def _home(section: Section, item: str, **fields: Any) -> PoolConfiguration:
    return changed(plain(HOME, **_BY_SES), section, item, fields)


def _away(section: Section, item: str, **fields: Any) -> PoolConfiguration:
    return changed(plain(**_BY_SES), section, item, fields)


def _provider(region: str, client: str = "one", **more: Any) -> PoolConfiguration:
    provider = {"ProviderType": "OIDC", "ProviderDetails": {"client_id": client}, **more}
    return changed(plain(region, **_BY_SES), Section.PROVIDERS, "Partner", provider)


def _client(**more: Any) -> PoolConfiguration:
    found = plain(**_BY_SES)
    (client,) = found.items(Section.CLIENTS)
    return changed(found, Section.CLIENTS, client, more)


def _standing(role: Any, users: Mapping[str, Any] | None = None, sts: str = "regional") -> Case:
    there = {Part.FAILOVER_ROLE: role}
    case = case_of(plain(HOME, **_BY_SES), plain(**_BY_SES), STANDING, there=there)
    return replace(case, account=Account(ACCOUNT, "", users or {}, sts))


def _trusting(*principals: str) -> dict[str, Any]:
    return {"arn": ROLE, "principals": list(principals)}


def _other_account() -> Case:
    case = case_of(plain(HOME), plain())
    return replace(case, backup=replace(case.backup, account="222222222222"), plan=STANDING)


def _sends_as_the_other() -> Case:
    case = case_of(plain(HOME), plain(**_BY_SES))
    return replace(case, backup=replace(case.backup, account="222222222222"))


def _gone() -> Case:
    case = case_of(plain(HOME), plain())
    return Case(case.primary, Side(AWAY, "us-west-2_gone", gone=True))


def _both(one: PoolConfiguration, other: PoolConfiguration, **there: Any) -> Case:
    return case_of(one, other, there=_parts(there))


def _lacks() -> Case:
    case = case_of(plain(HOME), plain())
    return replace(case, backup=replace(case.backup, lacks=("terms",)))


def _role_of_group() -> Case:
    roles = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("home", "away", "other")]
    one = _home(Section.GROUPS, "staff", RoleArn=roles[0])
    other = _away(Section.GROUPS, "staff", RoleArn=roles[2])
    return case_of(one, other, Plan(roles={roles[0]: roles[1]}))


_KEYED: dict[str, Any] = {
    "KeyConfiguration": {"KmsKeyArn": f"arn:aws:kms:{AWAY}:{ACCOUNT}:key/one"}
}
_SAML_DOMAIN = changed(_provider(AWAY), Section.DOMAINS, "away", {"ManagedLoginVersion": 2})
_ONE_DOMAIN = {"ManagedLoginVersion": 2}

CASES: dict[str, Callable[[], Case]] = {
    "pool-missing": _gone,
    "pool-account": _other_account,
    "other-account": _sends_as_the_other,
    "quota-lower": lambda: facts(quotas={"UserCreation": 25.0}),
    "trail-missing": lambda: facts(trail=[]),
    "identity-pool": lambda: case_of(
        plain(HOME),
        plain(),
        here={Part.IDENTITY_POOLS: {"apps": [f"cognito-idp.{HOME}/{HOME}_oddone:client"]}},
    ),
    "attribute-type": lambda: _both(
        _home(Section.ATTRIBUTES, "custom:age", AttributeDataType="Number"),
        _away(Section.ATTRIBUTES, "custom:age", AttributeDataType="String"),
    ),
    "attribute-immutable": lambda: _both(
        _home(Section.ATTRIBUTES, "custom:age", Mutable=True),
        _away(Section.ATTRIBUTES, "custom:age", Mutable=False),
    ),
    "origin-sub-unfit": lambda: _both(
        plain(HOME), _away(Section.ATTRIBUTES, "custom:origin_sub", Mutable=False)
    ),
    "origin-sub-writable": lambda: _both(plain(HOME), _client(WriteAttributes=[])),
    "origin-sub-mapped": lambda: _both(
        _provider(HOME), _provider(AWAY, AttributeMapping={"custom:origin_sub": "claim"})
    ),
    "mfa-optional": lambda: _both(
        _home(Section.MFA, POOL, MfaConfiguration="ON"),
        _away(Section.MFA, POOL, MfaConfiguration="OPTIONAL"),
    ),
    "mfa-factor-missing": lambda: _both(
        _home(
            *(Section.MFA, POOL),
            MfaConfiguration="OPTIONAL",
            SoftwareTokenMfaConfiguration={"Enabled": True},
        ),
        _away(Section.MFA, POOL, MfaConfiguration="OPTIONAL"),
    ),
    "client-secret": lambda: _both(plain(HOME), _client(HasSecret=True)),
    "group-role-other": _role_of_group,
    "trigger-version": lambda: _both(
        changed(
            *(plain(HOME), Section.TRIGGERS, "PreTokenGenerationConfig"),
            {"LambdaArn": _FUNCTION.replace(AWAY, HOME), "LambdaVersion": "V2_0"},
        ),
        _trigger("PreTokenGeneration"),
        functions={},
    ),
    "trigger-function-missing": lambda: _both(
        plain(HOME), _trigger("PostAuthentication"), functions={_FUNCTION: None}
    ),
    "trigger-ours-late": lambda: _standing(_trusting(USER), {USER: User(USER, 1, True)}),
    "trigger-ours-missing": lambda: _standing(_trusting(USER), {USER: User(USER, 1, True)}),
    "provider-type": lambda: _both(_provider(HOME), _provider(AWAY, ProviderType="SAML")),
    "provider-client": lambda: _both(_provider(HOME), _provider(AWAY, "other")),
    "provider-mapping": lambda: _both(
        _provider(HOME, AttributeMapping={"email": "email"}), _provider(AWAY)
    ),
    "provider-identifiers": lambda: _both(
        _provider(HOME, IdpIdentifiers=["example.org"]), _provider(AWAY)
    ),
    "provider-registration": lambda: _both(_provider(HOME), _SAML_DOMAIN),
    "domain-custom-missing": lambda: _both(
        _home(Section.DOMAINS, "sign-in.example.org", Custom=True, **_ONE_DOMAIN),
        _away(Section.DOMAINS, "away", **_ONE_DOMAIN),
    ),
    "domain-version": lambda: _both(
        _home(Section.DOMAINS, "home", **_ONE_DOMAIN), _away(Section.DOMAINS, "away")
    ),
    "resource-scope-missing": lambda: _both(
        _home(Section.RESOURCE_SERVERS, "api", Scopes=[{"ScopeName": "read"}]),
        _away(Section.RESOURCE_SERVERS, "api", Scopes=[]),
    ),
    "web-acl-missing": lambda: _both(
        _home(Section.WEB_ACL, POOL, WebACLArn="arn:aws:wafv2:acl"), plain()
    ),
    "pool-key": lambda: _both(
        plain(HOME), plain(**_KEYED), keys={_KEYED["KeyConfiguration"]["KmsKeyArn"]: "Disabled"}
    ),
    "mail-identity": lambda: facts(mail_identity={"verified": None}),
    "mail-sandbox": lambda: facts(
        mail_sending={"production": False, "enabled": True, "mails_a_day": 50_000.0}
    ),
    "mail-paused": lambda: facts(
        mail_sending={"production": True, "enabled": False, "mails_a_day": 50_000.0}
    ),
    "mail-quota": lambda: facts(
        mail_sending={"production": True, "enabled": True, "mails_a_day": 200.0}
    ),
    "sms-sandbox": lambda: _both(plain(HOME), plain(**_BY_SMS), sms={"sandbox": True}),
    "messages-failing": lambda: _both(
        plain(HOME), plain(SmsConfigurationFailure="role cannot be assumed")
    ),
    "failover-role-missing": lambda: _standing(None),
    "break-glass-missing": lambda: _standing(
        _trusting(f"arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_dr")
    ),
    "break-glass-user": lambda: _standing(_trusting(USER), {USER: None}),
    "break-glass-key": lambda: _standing(_trusting(USER), {USER: User(USER, 0, True)}),
    "break-glass-right": lambda: _standing(_trusting(USER), {USER: User(USER, 1, False)}),
    "break-glass-unknown": lambda: _standing(
        _trusting(USER), {USER: Unread("ListAccessKeys: AccessDenied", "iam:ListAccessKeys")}
    ),
    "sts-legacy": lambda: _standing(_trusting(USER), {USER: User(USER, 1, True)}, sts="legacy"),
    "unread": lambda: facts(trail=Unread("DescribeTrails: AccessDeniedException")),
    "not-offered": _lacks,
}
"""Code -> a case that leads to it."""

__all__ = ["CASES", "changed", "differences", "facts", "plain"]
