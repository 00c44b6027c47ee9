"""What mends a difference in the standby's pool: a command, or a step in the console. Pure.

UpdateUserPool and UpdateUserPoolClient reset whatever they are not sent (API reference), so there
is a command only where one call is about nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from shlex import quote
from typing import Any

from cognito_standby.configuration.domain.differences import Difference, Kind, paired_clients
from cognito_standby.configuration.domain.document import (
    POOL,
    Fields,
    PoolConfiguration,
    Section,
)

_NEVER = ("UsernameAttributes", "AliasAttributes", "UsernameConfiguration")
CONSOLE: Mapping[Section, str] = {
    Section.TRIGGERS: "Extensions > Lambda triggers",
    Section.MFA: "Sign-in > Multi-factor authentication",
    Section.SESSIONS: "App clients",
    Section.PROVIDERS: "Social and external providers",
    Section.CLIENTS: "App clients",
    Section.DOMAINS: "Branding > Domain",
    Section.UI: "Branding > Domain",
    Section.BRANDING: "Branding > Managed login",
    Section.TERMS: "Branding > Managed login",
    Section.RISK: "Security > Threat protection",
    Section.LOGS: "Security > Log streaming",
    Section.ATTRIBUTES: "Sign-up > Custom attributes",
}
_NAMED = (Section.CLIENTS, Section.PROVIDERS)
_PLACES: Mapping[str, str] = {
    "Policies.PasswordPolicy": "Authentication methods > Password policy",
    "Policies": "Sign-in",
    "MfaConfiguration": "Sign-in > Multi-factor authentication",
    "DeviceConfiguration": "Sign-in > Device tracking",
    "AccountRecoverySetting": "Sign-in > User account recovery",
    "AdminCreateUserConfig": "Sign-up > Self-service sign-up",
    "AutoVerifiedAttributes": "Sign-up > Attribute verification and user account confirmation",
    "UserAttributeUpdateSettings": "Sign-up > Attribute verification",
    "EmailVerificationMessage": "Authentication methods > Message templates",
    "EmailVerificationSubject": "Authentication methods > Message templates",
    "SmsVerificationMessage": "Authentication methods > Message templates",
    "SmsAuthenticationMessage": "Authentication methods > Message templates",
    "VerificationMessageTemplate": "Authentication methods > Message templates",
    "EmailConfiguration": "Authentication methods > Email",
    "SmsConfiguration": "Authentication methods > SMS",
    "UserPoolTier": "Settings > Feature plan",
    "UserPoolAddOns": "Security > Threat protection",
    "KeyConfiguration": "Settings > Encryption key",
}


def mend(each: Difference, active: PoolConfiguration, standby: PoolConfiguration) -> str:
    """Values in <brackets> are the reader's."""
    if each.kind is Kind.UNKNOWN:
        return (
            "the function snapshot_configuration may not read it: make deploy; or, as somebody "
            "who may: standby config diff --live"
        )
    match each.section:
        case Section.TAGS:
            return _tags(each, standby)
        case Section.RESOURCE_SERVERS:
            return _resource_server(each, active, standby)
        case Section.WEB_ACL:
            return _web_acl(each, standby)
        case Section.SESSIONS if wanted := active.items(Section.SESSIONS).get(each.item):
            client = _client_there(each.item, active, standby)
            return session_command(standby.region, standby.user_pool_id, wanted, client)
        case _:
            return _created(each, active, standby) or _step(each, active, standby)


def arn_of(pool: PoolConfiguration) -> str:
    """Of the standard partition, as no other is supported."""
    place = f"arn:aws:cognito-idp:{pool.region}:{pool.account}"
    return f"{place}:userpool/{pool.user_pool_id}"


def aws(region: str, service: str, operation: str, **options: str) -> str:
    """A command of the AWS CLI."""
    given = " ".join(f"--{name.replace('_', '-')} {value}" for name, value in options.items())
    return f"aws {service} {operation} --region {region} {given}"


def _aws(pool: PoolConfiguration, service: str, operation: str, **options: str) -> str:
    return aws(pool.region, service, operation, **options)


def _of_pool(pool: PoolConfiguration, operation: str, **options: str) -> str:
    return _aws(pool, "cognito-idp", operation, user_pool_id=pool.user_pool_id, **options)


def shell(value: Any) -> str:
    """A value as one word of a shell; what is no text as JSON."""
    return quote(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _tags(each: Difference, standby: PoolConfiguration) -> str:
    if each.kind is Kind.ONLY_RIGHT:
        gone = {"resource_arn": arn_of(standby), "tag_keys": shell(each.item)}
        return _aws(standby, "cognito-idp", "untag-resource", **gone)
    value = each.left.get("Value") if isinstance(each.left, Mapping) else each.left
    tags = shell({each.item: value})
    return _aws(standby, "cognito-idp", "tag-resource", resource_arn=arn_of(standby), tags=tags)


def _resource_server(
    each: Difference, active: PoolConfiguration, standby: PoolConfiguration
) -> str:
    named = {"identifier": shell(each.item)}
    wanted = active.items(Section.RESOURCE_SERVERS).get(each.item)
    if wanted is None:
        return _of_pool(standby, "delete-resource-server", **named)
    operation = "update" if each.path else "create"
    told = {"name": shell(wanted.get("Name", each.item))}
    scopes = {"scopes": shell(wanted["Scopes"])} if wanted.get("Scopes") else {}
    return _of_pool(standby, f"{operation}-resource-server", **named, **told, **scopes)


def session_command(region: str, user_pool_id: str, wanted: Fields, client: str = "") -> str:
    """What sets session tracking, of the pool or of a client: a call of its own each."""
    names = {"UserSessionTracking": "user_session_tracking", "TokenSession": "token_session"}
    names["SSOSession"] = "sso_session"
    options = {names[key]: shell(value) for key, value in wanted.items() if key in names}
    owner = {"client_id": shell(client)} if client else {}
    of_client = "client-" if client else ""
    operation = f"set-user-pool-{of_client}session-configuration"
    return aws(region, "cognito-idp", operation, user_pool_id=user_pool_id, **owner, **options)


def _client_there(name: str, active: PoolConfiguration, standby: PoolConfiguration) -> str:
    """The standby's client for one of the active pool's; empty: it is about the pool."""
    if name == POOL:
        return ""
    pairs = paired_clients(active.items(Section.CLIENTS), standby.items(Section.CLIENTS))
    found = [theirs for theirs, ours in pairs.items() if ours == name]
    return found[0] if found else f"<id of the client for {name}>"


def _web_acl(each: Difference, standby: PoolConfiguration) -> str:
    if each.kind is Kind.ONLY_RIGHT:
        return _aws(standby, "wafv2", "disassociate-web-acl", resource_arn=arn_of(standby))
    acl = "'<ARN of a web ACL of that Region>'"
    return _aws(
        standby, "wafv2", "associate-web-acl", web_acl_arn=acl, resource_arn=arn_of(standby)
    )


def _created(each: Difference, active: PoolConfiguration, standby: PoolConfiguration) -> str:
    """What the standby lacks as a whole and one call makes; empty: that is not so."""
    if each.kind is not Kind.ONLY_LEFT or each.path:
        return ""
    item = active.items(each.section).get(each.item, {})
    if each.section is Section.CLIENTS:
        make = _of_pool(
            standby, "create-user-pool-client", client_name=shell(item.get("ClientName", ""))
        )
        return f"{make}  # and its other settings: {_shown(active)}; then pools.clients"
    if each.section is Section.PROVIDERS:
        make = _of_pool(
            standby,
            "create-identity-provider",
            provider_name=shell(each.item),
            provider_type=shell(item.get("ProviderType", "")),
            attribute_mapping=shell(item.get("AttributeMapping", {})),
            provider_details="'<client_id, client_secret, ...>'",
        )
        return f"{make}  # what it has: {_shown(active)}"
    if each.section is Section.ATTRIBUTES and each.item.startswith("custom:"):
        told = {**item, "Name": each.item.removeprefix("custom:")}
        attributes = {"custom_attributes": shell([told])}
        return _of_pool(standby, "add-custom-attributes", **attributes)
    if each.section is Section.DOMAINS:
        return _of_pool(standby, "create-user-pool-domain", domain="'<a name that is free>'")
    return ""


def _shown(pool: PoolConfiguration) -> str:
    return f"standby config show --region {pool.region}"


def _step(each: Difference, active: PoolConfiguration, standby: PoolConfiguration) -> str:
    fixed = each.section is Section.ATTRIBUTES and each.path
    if fixed or (each.section is Section.POOL and each.path.split(".")[0] in _NEVER):
        return "it cannot be changed: make another pool for the standby, docs/runbooks/reconcile.md"
    where = f"console, {standby.region}, user pool {standby.user_pool_id}: {_place(each, active)}"
    if each.section is Section.TRIGGERS:
        return f"ours: standby attach, of created pools make deploy; yours: {where}"
    return f"{where}; or in the stack that made the pool"


def _place(each: Difference, active: PoolConfiguration) -> str:
    if each.section is Section.POOL:
        found = (where for path, where in _PLACES.items() if f"{each.path}.".startswith(f"{path}."))
        return next(found, "Settings")
    place = CONSOLE.get(each.section, "Settings")
    told = active.items(each.section).get(each.item) or each.right
    named = (told.get("ClientName") if isinstance(told, Mapping) else "") or each.item
    return f"{place} > {named}" if each.section in _NAMED else place
