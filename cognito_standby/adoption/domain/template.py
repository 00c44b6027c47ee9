"""The CloudFormation template of a proposed pool. Pure.

Source: CloudFormation template reference, the AWS::Cognito types; a test holds the properties to
the CDK's. What a template must not hold (secrets), or what only a person can choose (a domain's
name), is a parameter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cognito_standby.adoption.domain.proposal import Proposal
from cognito_standby.configuration.domain.document import POOL, Fields, PoolConfiguration, Section
from cognito_standby.configuration.domain.made_fields import (
    client_request,
    pool_request,
    provider_request,
    schema_of,
    secrets_of,
)

_POOL_ID = {"Ref": "Pool"}
_FACTORS = {
    "SmsMfaConfiguration": "SMS_MFA",
    "SoftwareTokenMfaConfiguration": "SOFTWARE_TOKEN_MFA",
    "EmailMfaConfiguration": "EMAIL_OTP",
}
_DOMAIN = "DomainName"

Resources = Iterator[tuple[str, dict[str, Any]]]


def template_of(proposal: Proposal) -> dict[str, Any]:
    """As JSON. The pool outlives its stack, and is not replaced by an update that would do so."""
    document = proposal.document
    resources = {
        "Pool": {
            "Type": "AWS::Cognito::UserPool",
            "DeletionPolicy": "Retain",
            "UpdateReplacePolicy": "Retain",
            "Properties": _pool(document),
        },
        **dict(_servers(document)),
        **dict(_providers(document)),
        **dict(_clients(document)),
        **dict(_domains(document)),
    }
    clients = [name for name in resources if name.startswith("Client")]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"A standby for the user pool {document.name}",
        **({"Parameters": told} if (told := _parameters(document)) else {}),
        "Resources": resources,
        "Outputs": {
            "UserPoolId": {"Value": _POOL_ID},
            **{f"{name}Id": {"Value": {"Ref": name}} for name in clients},
        },
    }


def _pool(document: PoolConfiguration) -> dict[str, Any]:
    mfa = document.items(Section.MFA).get(POOL, {})
    told: dict[str, Any] = {
        **pool_request(document.pool),
        "UserPoolName": document.name,
        "Schema": schema_of(document.items(Section.ATTRIBUTES)),
    }
    mode = str(mfa.get("MfaConfiguration") or "OFF")
    if mode != "OFF":
        factors = [name for key, name in _FACTORS.items() if _is_on(mfa.get(key))]
        told |= {"MfaConfiguration": mode, "EnabledMfas": factors}
    mail = mfa.get("EmailMfaConfiguration") or {}
    told |= {
        name: mail[key]
        for key, name in (
            ("Message", "EmailAuthenticationMessage"),
            ("Subject", "EmailAuthenticationSubject"),
        )
        if key in mail
    }
    if verified := (mfa.get("WebAuthnConfiguration") or {}).get("UserVerification"):
        told["WebAuthnUserVerification"] = verified
    return told


def _is_on(factor: Fields | None) -> bool:
    return bool(factor) and bool((factor or {}).get("Enabled", True))


def _servers(document: PoolConfiguration) -> Resources:
    for place, (name, item) in enumerate(document.items(Section.RESOURCE_SERVERS).items(), 1):
        told = {**item, "Identifier": name, "UserPoolId": _POOL_ID}
        yield f"ResourceServer{place}", _resource("ResourceServer", told)


def _providers(document: PoolConfiguration) -> Resources:
    for place, (name, item) in enumerate(document.items(Section.PROVIDERS).items(), 1):
        secrets = {key: f"{{{{{_parameter(place, key)}}}}}" for key in secrets_of(item)}
        told = provider_request(name, item, secrets)
        details = {
            key: {"Ref": _parameter(place, key)} if key in secrets else value
            for key, value in told["ProviderDetails"].items()
        }
        told |= {"ProviderDetails": details, "UserPoolId": _POOL_ID}
        yield f"Provider{place}", _resource("IdentityProvider", told)


def _parameter(place: int, secret: str) -> str:
    return f"Provider{place}{secret.title().replace('_', '')}"


def _clients(document: PoolConfiguration) -> Resources:
    """A client names providers and scopes that must be there first."""
    first = [name for name, _ in (*_servers(document), *_providers(document))]
    for place, item in enumerate(document.items(Section.CLIENTS).values(), 1):
        told = {
            name: each
            for name, each in client_request(item).items()
            if name not in ("AnalyticsConfiguration", "PublishSecretsInAWSSecretsManager")
        }
        yield (
            f"Client{place}",
            {
                **_resource("UserPoolClient", {**told, "UserPoolId": _POOL_ID}),
                **({"DependsOn": first} if first else {}),
            },
        )


def _domains(document: PoolConfiguration) -> Resources:
    for item in list(document.items(Section.DOMAINS).values())[:1]:
        version = item.get("ManagedLoginVersion")
        told = {"Domain": {"Ref": _DOMAIN}, "UserPoolId": _POOL_ID}
        yield (
            "Domain",
            _resource(
                "UserPoolDomain", {**told, **({"ManagedLoginVersion": version} if version else {})}
            ),
        )


def _resource(kind: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    prefix = "UserPool" if kind in ("ResourceServer", "IdentityProvider") else ""
    return {"Type": f"AWS::Cognito::{prefix}{kind}", "Properties": dict(properties)}


def _parameters(document: PoolConfiguration) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for place, (name, item) in enumerate(document.items(Section.PROVIDERS).items(), 1):
        for key in sorted(secrets_of(item)):
            about = f"{key} of the identity provider {name}"
            told[_parameter(place, key)] = {"Type": "String", "NoEcho": True, "Description": about}
    if document.items(Section.DOMAINS):
        about = "Prefix of the backup's domain: another one than the primary's, free in its Region"
        told[_DOMAIN] = {"Type": "String", "Description": about}
    return told


def parameters_of(template: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of what a deployment has to give."""
    return tuple(template.get("Parameters", {}))


def stack_name(pool_name: str) -> str:
    """CloudFormation's names are letters, digits and hyphens."""
    plain = re.sub(r"[^A-Za-z0-9-]+", "-", pool_name).strip("-")
    return f"{plain if plain[:1].isalpha() else 'pool'}-standby"[:120]
