"""What a pool's configuration is made of again: fields as Cognito tells them -> as it takes them.

Sources: API reference of the Describe and Create operations. A test compares the tables with the
SDK's models, so that a field of a newer SDK is decided about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_standby.configuration.domain.document import Fields, Items
from cognito_standby.configuration.domain.secret_fields import PROVIDER_SECRETS

OF_POOL = frozenset(
    {
        *("Policies", "DeletionProtection", "AutoVerifiedAttributes", "AliasAttributes"),
        *("UsernameAttributes", "SmsVerificationMessage", "EmailVerificationMessage"),
        *("EmailVerificationSubject", "VerificationMessageTemplate", "SmsAuthenticationMessage"),
        *("UserAttributeUpdateSettings", "DeviceConfiguration", "EmailConfiguration"),
        *("SmsConfiguration", "AdminCreateUserConfig", "UserPoolAddOns", "DcrConfiguration"),
        *("UsernameConfiguration", "AccountRecoverySetting", "UserPoolTier", "KeyConfiguration"),
        *("IssuerConfiguration", "AcrConfiguration"),
    }
)
"""Given to CreateUserPool as they are."""
POOL_ELSEWHERE = frozenset({"Name", "MfaConfiguration"})
"""The name is PoolName there. MFA is set afterwards, with its factors: CreateUserPool takes a mode
that is not OFF only beside an SMS role."""

CLIENT_ELSEWHERE = frozenset({"HasSecret", "SecretManaged", "ClientType"})
"""Ours, or Cognito's own. The rest is given to CreateUserPoolClient as it is."""
OF_CLIENT = frozenset(
    {
        *("ClientName", "RefreshTokenValidity", "AccessTokenValidity", "IdTokenValidity"),
        *("TokenValidityUnits", "ReadAttributes", "WriteAttributes", "ExplicitAuthFlows"),
        *("SupportedIdentityProviders", "CallbackURLs", "LogoutURLs", "DefaultRedirectURI"),
        *("AllowedOAuthFlows", "AllowedOAuthScopes", "AllowedOAuthFlowsUserPoolClient"),
        *("AnalyticsConfiguration", "PreventUserExistenceErrors", "EnableTokenRevocation"),
        *("EnablePropagateAdditionalUserContextData", "AuthSessionValidity"),
        *("RefreshTokenRotation",),
    }
)

_COMMON = ("client_id", "client_secret", "authorize_scopes")
_GIVEN: Mapping[str, frozenset[str]] = {
    "Google": frozenset(_COMMON),
    "Facebook": frozenset({*_COMMON, "api_version"}),
    "LoginWithAmazon": frozenset(_COMMON),
    "SignInWithApple": frozenset(
        {"client_id", "team_id", "key_id", "private_key", "authorize_scopes"}
    ),
}
"""Of social providers Cognito tells endpoints of its own besides (API reference, ProviderDetails of
CreateIdentityProvider)."""
_TOLD_OF_SAML = frozenset({"SLORedirectBindingURI", "SSORedirectBindingURI"})
"""Read from the metadata by Cognito."""

_PREFIXES = ("dev:", "custom:")
_COGNITOS_OWN = frozenset({"sub", "identities"})
_STRING: Mapping[str, Any] = {
    "AttributeDataType": "String",
    "DeveloperOnlyAttribute": False,
    "Mutable": True,
    "Required": False,
    "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"},
}
_FLAG: Mapping[str, Any] = {
    "AttributeDataType": "Boolean",
    "DeveloperOnlyAttribute": False,
    "Mutable": True,
    "Required": False,
}
_STANDARD: Mapping[str, Mapping[str, Any]] = {
    "birthdate": {
        **_STRING,
        "StringAttributeConstraints": {"MinLength": "10", "MaxLength": "10"},
    },
    "email_verified": _FLAG,
    "phone_number_verified": _FLAG,
    "updated_at": {
        **_FLAG,
        "AttributeDataType": "Number",
        "NumberAttributeConstraints": {"MinValue": "0"},
    },
}
"""Standard attributes as each pool has them; those that are not here are `_STRING`."""


def schema_of(attributes: Items) -> list[dict[str, Any]]:
    """`Schema` of CreateUserPool: custom attributes without their prefixes, and those standard ones
    that are not as every pool has them."""
    told = []
    for name, fields in attributes.items():
        if name.startswith(_PREFIXES):
            short = name.removeprefix("dev:").removeprefix("custom:")
            told.append({**fields, "Name": short})
        elif name not in _COGNITOS_OWN and fields != _STANDARD.get(name, _STRING):
            told.append({**fields, "Name": name})
    return told


def triggers_of(triggers: Items) -> dict[str, Any]:
    """`LambdaConfig`: a slot with a version is told as an object."""
    return {
        slot: dict(fields) if "LambdaVersion" in fields else fields["LambdaArn"]
        for slot, fields in triggers.items()
    }


def functions_in(triggers: Items) -> dict[str, str]:
    """Slot -> ARN of its function; the key of the custom senders is none."""
    return {slot: fields["LambdaArn"] for slot, fields in triggers.items() if slot != "KMSKeyID"}


def pool_request(pool: Fields) -> dict[str, Any]:
    """CreateUserPool's, less the name, the schema, triggers and tags."""
    return {name: value for name, value in pool.items() if name in OF_POOL}


def client_request(client: Fields) -> dict[str, Any]:
    """CreateUserPoolClient's. Where there was a secret, a new one is made, in Secrets Manager where
    that one was."""
    told = {name: value for name, value in client.items() if name in OF_CLIENT}
    if client.get("HasSecret"):
        told["GenerateSecret"] = True
    if client.get("SecretManaged"):
        told["PublishSecretsInAWSSecretsManager"] = True
    return told


def provider_request(name: str, provider: Fields, secrets: Mapping[str, str]) -> dict[str, Any]:
    """CreateIdentityProvider's, with these values in the place of secrets."""
    kind = str(provider["ProviderType"])
    details = {
        key: secrets.get(key, value) if key in PROVIDER_SECRETS else value
        for key, value in (provider.get("ProviderDetails") or {}).items()
        if key in _GIVEN.get(kind, {key}) and key not in _TOLD_OF_SAML
    }
    return {**provider, "ProviderName": name, "ProviderDetails": details}


def secrets_of(provider: Fields) -> frozenset[str]:
    """Which secrets a provider has."""
    return PROVIDER_SECRETS & (provider.get("ProviderDetails") or {}).keys()
