"""Pools of every kind, as requests of Cognito's API: what a pool can be set up as.

`ODD_POOLS` has each kind once, small enough to be read. `build` makes one by any client of
cognito-idp. A request names app clients by the name that `clients` gives them (`CLIENT`), because
their ids are Cognito's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Request = Mapping[str, Any]

ACCOUNT, REGION = "111111111111", "us-east-1"
CLIENT = "app"
"""The client of a pool that has one."""


def function(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
SENDER = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/mail.example.org"
CERTIFICATE = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/11111111-2222-4333-8444-555555555555"
SMS = {"SnsCallerArn": role("sms"), "ExternalId": "odd", "SnsRegion": REGION}
DEVELOPER = {"EmailSendingAccount": "DEVELOPER", "SourceArn": SENDER}
PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(16)
METADATA = "https://idp.example.org/metadata.xml"


@dataclass(frozen=True)
class OddPool:
    """One kind. `pool`: CreateUserPool less its name; the rest: requests less pool and client.

    `ui`, `branding`, `risk`, `sessions`: client's name, or "pool" for all of them -> request.
    `terms`: (client's name, request). `domains`: `{}` in a prefix's name stands for what is unique.
    """

    about: str
    pool: Request = field(default_factory=dict)
    mfa: Request = field(default_factory=dict)
    clients: tuple[Request, ...] = ()
    groups: tuple[Request, ...] = ()
    providers: tuple[Request, ...] = ()
    resource_servers: tuple[Request, ...] = ()
    domains: tuple[Request, ...] = ()
    ui: Mapping[str, Request] = field(default_factory=dict)
    branding: Mapping[str, Request] = field(default_factory=dict)
    risk: Mapping[str, Request] = field(default_factory=dict)
    sessions: Mapping[str, Request] = field(default_factory=dict)
    logs: tuple[Request, ...] = ()
    terms: tuple[tuple[str, Request], ...] = ()
    client_metadata: tuple[tuple[str, Request], ...] = ()


_APP: Request = {
    "ClientName": CLIENT,
    "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
}
_CODE_APP: Request = {
    **_APP,
    "AllowedOAuthFlows": ["code"],
    "AllowedOAuthFlowsUserPoolClient": True,
    "AllowedOAuthScopes": ["openid", "email"],
    "CallbackURLs": ["https://app.example.org/in", "https://app.example.org/also"],
    "LogoutURLs": ["https://app.example.org/out"],
    "DefaultRedirectURI": "https://app.example.org/in",
    "SupportedIdentityProviders": ["COGNITO"],
}
_MAILS = {"BlockEmail": {"Subject": "Blocked", "HtmlBody": "<p>Blocked</p>", "TextBody": "Blocked"}}

ODD_POOLS: Mapping[str, OddPool] = {
    "plain": OddPool("nothing set", clients=(_APP,)),
    "without_clients": OddPool("nobody can sign in", {}),
    "aliases": OddPool(
        "username, or one of three aliases",
        {
            "AliasAttributes": ["phone_number", "email", "preferred_username"],
            "AutoVerifiedAttributes": ["email"],
            "UsernameConfiguration": {"CaseSensitive": False},
        },
        clients=(_APP,),
    ),
    "email_names": OddPool(
        "addresses as usernames, case ignored",
        {
            "UsernameAttributes": ["email"],
            "UsernameConfiguration": {"CaseSensitive": False},
            "AutoVerifiedAttributes": ["email"],
            "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        },
        clients=(_APP,),
    ),
    "phone_names": OddPool(
        "numbers or addresses as usernames, capitals count",
        {
            "UsernameAttributes": ["phone_number", "email"],
            "UsernameConfiguration": {"CaseSensitive": True},
            "AutoVerifiedAttributes": ["phone_number", "email"],
            "SmsConfiguration": SMS,
            "SmsVerificationMessage": "Your code: {####}",
        },
    ),
    "attributes": OddPool(
        "custom attributes of every type with limits, required and immutable standard ones",
        {
            "Schema": [
                {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
                {
                    "Name": "family_name",
                    "AttributeDataType": "String",
                    "Required": True,
                    "Mutable": True,
                    "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "40"},
                },
                {
                    "Name": "badge",
                    "AttributeDataType": "String",
                    "Mutable": False,
                    "StringAttributeConstraints": {"MinLength": "3", "MaxLength": "12"},
                },
                {
                    "Name": "level",
                    "AttributeDataType": "Number",
                    "Mutable": True,
                    "NumberAttributeConstraints": {"MinValue": "-5", "MaxValue": "100"},
                },
                {"Name": "since", "AttributeDataType": "DateTime", "Mutable": True},
                {"Name": "member", "AttributeDataType": "Boolean", "Mutable": True},
                {"Name": "note", "AttributeDataType": "String", "Mutable": True},
                {
                    "Name": "origin_sub",
                    "AttributeDataType": "String",
                    "Mutable": True,
                    "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "128"},
                },
                {
                    "Name": "secret_mark",
                    "AttributeDataType": "String",
                    "DeveloperOnlyAttribute": True,
                    "Mutable": True,
                },
            ]
        },
        clients=(
            {
                **_APP,
                "ReadAttributes": ["email", "custom:note", "custom:badge"],
                "WriteAttributes": ["email", "family_name", "custom:note"],
            },
        ),
    ),
    "password_policy": OddPool(
        "long passwords that were not used lately",
        {
            "Policies": {
                "PasswordPolicy": {
                    "MinimumLength": 16,
                    "RequireUppercase": True,
                    "RequireLowercase": True,
                    "RequireNumbers": False,
                    "RequireSymbols": False,
                    "PasswordHistorySize": 5,
                    "TemporaryPasswordValidityDays": 2,
                }
            }
        },
    ),
    "mfa_optional": OddPool(
        "codes by SMS or an authenticator, if somebody wants",
        {"SmsConfiguration": SMS, "SmsAuthenticationMessage": "Code {####}"},
        {
            "MfaConfiguration": "OPTIONAL",
            "SmsMfaConfiguration": {
                "SmsAuthenticationMessage": "Code {####}",
                "SmsConfiguration": SMS,
            },
            "SoftwareTokenMfaConfiguration": {"Enabled": True},
        },
        clients=(_APP,),
    ),
    "mfa_required": OddPool(
        "an authenticator for everybody",
        mfa={"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": True}},
    ),
    "mfa_by_mail": OddPool(
        "codes by mail as second factor",
        {
            "EmailConfiguration": DEVELOPER,
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [
                    {"Name": "verified_phone_number", "Priority": 1},
                    {"Name": "verified_email", "Priority": 2},
                ]
            },
        },
        {
            "MfaConfiguration": "OPTIONAL",
            "EmailMfaConfiguration": {"Message": "Code {####}", "Subject": "Your code"},
        },
    ),
    "passwordless": OddPool(
        "codes by mail and passkeys first",
        {
            "EmailConfiguration": DEVELOPER,
            "AutoVerifiedAttributes": ["email"],
            "Policies": {
                "PasswordPolicy": {"MinimumLength": 8},
                "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]},
            },
        },
        {
            "MfaConfiguration": "OFF",
            "WebAuthnConfiguration": {
                "RelyingPartyId": "sign-in.example.org",
                "UserVerification": "required",
            },
        },
        clients=({"ClientName": CLIENT, "ExplicitAuthFlows": ["ALLOW_USER_AUTH"]},),
    ),
    "lite": OddPool("the smallest plan", {"UserPoolTier": "LITE"}, clients=(_APP,)),
    "plus": OddPool(
        "threat protection, apart for one client",
        {
            "UserPoolTier": "PLUS",
            "EmailConfiguration": DEVELOPER,
            "UserPoolAddOns": {
                "AdvancedSecurityMode": "ENFORCED",
                "AdvancedSecurityAdditionalFlows": {"CustomAuthMode": "AUDIT"},
            },
        },
        clients=(_APP,),
        risk={
            "pool": {
                "CompromisedCredentialsRiskConfiguration": {
                    "EventFilter": ["SIGN_IN", "SIGN_UP"],
                    "Actions": {"EventAction": "BLOCK"},
                },
                "AccountTakeoverRiskConfiguration": {
                    "NotifyConfiguration": {"SourceArn": SENDER, "From": "a@b.example", **_MAILS},
                    "Actions": {
                        "LowAction": {"Notify": False, "EventAction": "NO_ACTION"},
                        "HighAction": {"Notify": True, "EventAction": "MFA_REQUIRED"},
                    },
                },
            },
            CLIENT: {
                "RiskExceptionConfiguration": {
                    "BlockedIPRangeList": ["198.51.100.0/24", "192.0.2.0/24"],
                    "SkippedIPRangeList": ["203.0.113.7/32"],
                }
            },
        },
    ),
    "triggers": OddPool(
        "a function in each slot",
        {
            "LambdaConfig": {
                **{
                    slot: function(slot)
                    for slot in (
                        *("PreSignUp", "CustomMessage", "PostConfirmation", "PreAuthentication"),
                        *("PostAuthentication", "DefineAuthChallenge", "CreateAuthChallenge"),
                        *("VerifyAuthChallengeResponse", "UserMigration"),
                    )
                },
                "PreTokenGeneration": function("token"),
                "PreTokenGenerationConfig": {
                    "LambdaVersion": "V2_0",
                    "LambdaArn": function("token"),
                },
            }
        },
        clients=({**_APP, "ExplicitAuthFlows": ["ALLOW_CUSTOM_AUTH"]},),
    ),
    "custom_senders": OddPool(
        "mail and SMS sent by functions, with a key",
        {
            "LambdaConfig": {
                "CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": function("sms")},
                "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": function("mail")},
                "KMSKeyID": KEY,
            }
        },
    ),
    "tags": OddPool(
        "tags",
        {"UserPoolTags": {"owner": "identity", "cost:centre": "4711", "mit Leerzeichen": "ä ö"}},
    ),
    "protected": OddPool(
        "no deletion; administrators alone create and recover",
        {
            "DeletionProtection": "ACTIVE",
            "AdminCreateUserConfig": {
                "AllowAdminCreateUserOnly": True,
                "InviteMessageTemplate": {
                    "EmailMessage": "{username}, your password is {####}",
                    "EmailSubject": "Welcome",
                    "SMSMessage": "{username} {####}",
                },
            },
            "AccountRecoverySetting": {
                "RecoveryMechanisms": [{"Name": "admin_only", "Priority": 1}]
            },
        },
    ),
    "devices": OddPool(
        "devices are remembered if people say so",
        {
            "DeviceConfiguration": {
                "ChallengeRequiredOnNewDevice": True,
                "DeviceOnlyRememberedOnUserPrompt": True,
            }
        },
        clients=(_APP,),
    ),
    "messages": OddPool(
        "own sender, own texts, a link instead of a code",
        {
            "AutoVerifiedAttributes": ["email"],
            "EmailConfiguration": {
                **DEVELOPER,
                "From": "Sign-in <no-reply@mail.example.org>",
                "ReplyToEmailAddress": "help@example.org",
                "ConfigurationSet": "sign-in",
            },
            "VerificationMessageTemplate": {
                "DefaultEmailOption": "CONFIRM_WITH_LINK",
                "EmailMessageByLink": "<p>{##Confirm##}</p>",
                "EmailSubjectByLink": "Confirm",
            },
        },
    ),
    "providers": OddPool(
        "SAML, OIDC and Google, and clients that use them",
        providers=(
            {
                "ProviderName": "Corporate",
                "ProviderType": "SAML",
                "ProviderDetails": {
                    "MetadataURL": METADATA,
                    "IDPSignout": "true",
                    "RequestSigningAlgorithm": "rsa-sha256",
                },
                "AttributeMapping": {"email": "urn:mail", "given_name": "urn:given"},
                "IdpIdentifiers": ["example.org", "corp.example.org"],
            },
            {
                "ProviderName": "Partner",
                "ProviderType": "OIDC",
                "ProviderDetails": {
                    "client_id": "partner-id",
                    "client_secret": "hush-of-partner",
                    "authorize_scopes": "openid email",
                    "oidc_issuer": "https://partner.example.org",
                    "attributes_request_method": "GET",
                },
                "AttributeMapping": {"username": "sub", "email": "email"},
            },
            {
                "ProviderName": "Google",
                "ProviderType": "Google",
                "ProviderDetails": {
                    "client_id": "google-id",
                    "client_secret": "hush-of-google",
                    "authorize_scopes": "openid email profile",
                },
                "AttributeMapping": {"email": "email"},
            },
        ),
        clients=(
            {**_CODE_APP, "SupportedIdentityProviders": ["COGNITO", "Google", "Corporate"]},
            {**_CODE_APP, "ClientName": "partners", "SupportedIdentityProviders": ["Partner"]},
        ),
    ),
    "machines": OddPool(
        "resource servers, and a client that is a machine",
        resource_servers=(
            {
                "Identifier": "https://api.example.org",
                "Name": "API",
                "Scopes": [
                    {"ScopeName": "write", "ScopeDescription": "changes"},
                    {"ScopeName": "read", "ScopeDescription": "looks"},
                ],
            },
            {"Identifier": "reports", "Name": "Reports"},
        ),
        clients=(
            {
                "ClientName": "nightly",
                "GenerateSecret": True,
                "AllowedOAuthFlows": ["client_credentials"],
                "AllowedOAuthFlowsUserPoolClient": True,
                "AllowedOAuthScopes": ["https://api.example.org/read"],
            },
        ),
    ),
    "managed_login": OddPool(
        "a prefix and a custom domain with managed login's style",
        clients=(_CODE_APP, {**_CODE_APP, "ClientName": "other"}),
        domains=(
            {"Domain": "odd-{}", "ManagedLoginVersion": 2},
            {
                "Domain": "sign-in-{}.example.org",
                "ManagedLoginVersion": 2,
                "CustomDomainConfig": {"CertificateArn": CERTIFICATE},
            },
        ),
        branding={
            CLIENT: {
                "Settings": {"components": {"form": {"borderRadius": 8.0, "text": ""}}},
                "Assets": [
                    {
                        "Category": "FORM_LOGO",
                        "ColorMode": "LIGHT",
                        "Extension": "PNG",
                        "Bytes": PIXEL,
                    }
                ],
            },
            "other": {"UseCognitoProvidedValues": True},
        },
    ),
    "classic": OddPool(
        "classic hosted UI, styled for all and for one",
        clients=(_CODE_APP,),
        domains=({"Domain": "classic-{}", "ManagedLoginVersion": 1},),
        ui={
            "pool": {"CSS": ".banner-customizable {background: #fff;}"},
            CLIENT: {"CSS": ".label-customizable {color: #111;}"},
        },
    ),
    "clients": OddPool(
        "clients of every kind, two of one name",
        clients=(
            {**_APP, "ClientName": "twin", "AccessTokenValidity": 10},
            {**_APP, "ClientName": "twin", "AccessTokenValidity": 20},
            {
                "ClientName": "strict",
                "GenerateSecret": True,
                "ExplicitAuthFlows": ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH"],
                "AccessTokenValidity": 15,
                "IdTokenValidity": 15,
                "RefreshTokenValidity": 12,
                "TokenValidityUnits": {
                    "AccessToken": "minutes",
                    "IdToken": "minutes",
                    "RefreshToken": "hours",
                },
                "PreventUserExistenceErrors": "ENABLED",
                "EnableTokenRevocation": False,
                "EnablePropagateAdditionalUserContextData": True,
                "AuthSessionValidity": 10,
                "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30},
            },
        ),
    ),
    "groups": OddPool(
        "groups with and without role and precedence",
        groups=(
            {"GroupName": "admins", "Description": "all", "Precedence": 0, "RoleArn": role("all")},
            {"GroupName": "readers", "Precedence": 10},
            {"GroupName": "new.people"},
        ),
    ),
    "logs": OddPool(
        "logs of messages and of threat protection",
        {"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}},
        logs=(
            {
                "LogLevel": "ERROR",
                "EventSource": "userNotification",
                "CloudWatchLogsConfiguration": {
                    "LogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:odd"
                },
            },
            {
                "LogLevel": "INFO",
                "EventSource": "userAuthEvents",
                "S3Configuration": {"BucketArn": "arn:aws:s3:::odd-log-bucket"},
            },
        ),
    ),
    "new_features": OddPool(
        "terms, sessions, client metadata, own key, own issuer, app registration",
        {
            "KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY},
            "IssuerConfiguration": {"Type": "UPDATED"},
            "DcrConfiguration": {
                "EnableStatus": "Enabled",
                "OpenDcrEnabled": True,
                "OpenDcrGrantTypes": ["code"],
                "AllowedScopes": ["openid"],
            },
            "AcrConfiguration": {"SMS_MFA": {"AcrValue": "urn:two"}},
        },
        clients=(_CODE_APP,),
        terms=(
            (
                CLIENT,
                {
                    "TermsName": "terms-of-use",
                    "TermsSource": "LINK",
                    "Enforcement": "NONE",
                    "Links": {"cognito:default": "https://example.org/terms"},
                },
            ),
        ),
        sessions={
            "pool": {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 3}},
            CLIENT: {"SSOSession": {"MaxValidityMinutes": 15}},
        },
        client_metadata=(
            (
                CLIENT,
                {"PolicyName": "agents", "URLPatterns": ["https://agents.example.org/*"]},
            ),
        ),
    ),
}
"""By a short name."""


def build(cognito: Any, odd: OddPool, name: str) -> str:
    """Make the pool and what belongs to it; the pool's id. `name` is unique among all pools, of
    lower-case letters and digits."""
    pool = cognito.create_user_pool(PoolName=f"odd-{name}", **odd.pool)["UserPool"]["Id"]
    for each in odd.resource_servers:
        cognito.create_resource_server(UserPoolId=pool, **{"Scopes": [], **each})
    for each in odd.providers:
        cognito.create_identity_provider(UserPoolId=pool, **each)
    ids = _clients(cognito, odd, pool)
    for each in odd.groups:
        cognito.create_group(UserPoolId=pool, **each)
    if odd.mfa:
        cognito.set_user_pool_mfa_config(UserPoolId=pool, **odd.mfa)
    for each in odd.domains:
        domain = each["Domain"].format(name)
        cognito.create_user_pool_domain(UserPoolId=pool, **{**each, "Domain": domain})
    _of_clients(cognito, odd, pool, ids)
    if odd.logs:
        cognito.set_log_delivery_configuration(UserPoolId=pool, LogConfigurations=list(odd.logs))
    return str(pool)


def _clients(cognito: Any, odd: OddPool, pool: str) -> dict[str, str]:
    made = {}
    for each in odd.clients:
        answer = cognito.create_user_pool_client(UserPoolId=pool, **each)
        made[each["ClientName"]] = str(answer["UserPoolClient"]["ClientId"])
    return made


def _of_clients(cognito: Any, odd: OddPool, pool: str, ids: Mapping[str, str]) -> None:
    def of(client: str) -> dict[str, str]:
        return {"UserPoolId": pool, **({"ClientId": ids[client]} if client in ids else {})}

    for client, each in odd.ui.items():
        cognito.set_ui_customization(**of(client), **each)
    for client, each in odd.branding.items():
        cognito.create_managed_login_branding(**of(client), **each)
    for client, each in odd.risk.items():
        cognito.set_risk_configuration(**of(client), **each)
    for client, each in odd.sessions.items():
        if client in ids:
            cognito.set_user_pool_client_session_configuration(**of(client), **each)
        else:
            cognito.set_user_pool_session_configuration(**of(client), **each)
    for client, each in odd.terms:
        cognito.create_terms(**of(client), **each)
    for client, each in odd.client_metadata:
        cognito.create_cimd_policy(**of(client), **each)
