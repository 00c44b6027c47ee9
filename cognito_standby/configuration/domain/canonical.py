"""One form of what Cognito answers: what is equal looks equal. Pure.

Cognito tells what is not set as null, as an empty string or list, or not at all, depending on the
field and on how the pool was made; and many of its lists are sets, told in the order given.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

VOLATILE = frozenset(
    {
        *("CreationDate", "LastModifiedDate", "UserPoolId", "ManagedLoginBrandingId", "TermsId"),
        *("CIMDPolicyId", "CSSVersion"),
    }
)
"""Of any item: times, the pool (the document names it), and ids that Cognito gives anew."""
FACTS_OF_POOL = frozenset(
    {
        *("Id", "Arn", "Status", "EstimatedNumberOfUsers"),
        *("SmsConfigurationFailure", "EmailConfigurationFailure"),
        *("Domain", "CustomDomain", "LambdaConfig", "SchemaAttributes", "UserPoolTags"),
    }
)
"""Of DescribeUserPool: no settings, or settings with a section of their own."""
FACTS_OF_DOMAIN = frozenset(
    {"AWSAccountId", "Domain", "S3Bucket", "CloudFrontDistribution", "Version", "Status"}
)
"""Of DescribeUserPoolDomain: Cognito's own."""
FACTS_OF_PROVIDER = frozenset({"ActiveEncryptionCertificate"})
"""Of ProviderDetails: made by Cognito for this pool."""

_SETS = frozenset(
    {
        *("AliasAttributes", "UsernameAttributes", "AutoVerifiedAttributes"),
        *("ReadAttributes", "WriteAttributes", "ExplicitAuthFlows", "SupportedIdentityProviders"),
        *("CallbackURLs", "LogoutURLs", "AllowedOAuthFlows", "AllowedOAuthScopes"),
        *("IdpIdentifiers", "AllowedFirstAuthFactors", "EventFilter", "URLPatterns"),
        *("AttributesRequireVerificationBeforeUpdate", "AllowedScopes"),
        *("BlockedIPRangeList", "SkippedIPRangeList"),
        *("AuthenticatedGrantTypes", "OpenDcrGrantTypes"),
    }
)
"""Lists of words whose order says nothing."""
_SORTED_BY: Mapping[str, tuple[str, ...]] = {
    "Scopes": ("ScopeName",),
    "RecoveryMechanisms": ("Priority", "Name"),
    "Assets": ("Category", "ColorMode", "Extension"),
}
"""Lists of objects whose order says nothing, and by what they are told apart."""
_AS_IT_IS = frozenset({"Settings"})
"""Documents of somebody else: in managed login's settings an empty string is a setting."""


def canonical(fields: Mapping[str, Any], without: Collection[str] = ()) -> dict[str, Any]:
    """An item's fields in their one form, less VOLATILE and `without`, which count for the item's
    own fields alone."""
    left_out = VOLATILE | frozenset(without)
    told = {name: _formed(name, each) for name, each in fields.items() if name not in left_out}
    return {name: each for name, each in sorted(told.items()) if is_set(each)}


def is_set(value: object) -> bool:
    """Whether there is anything; false and 0 are something."""
    return value not in (None, "", [], {}, ())


def _formed(name: str, value: Any) -> Any:
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return value.isoformat()
    if name in _AS_IT_IS:
        return value
    if isinstance(value, Mapping):
        told = {str(key): _formed(str(key), each) for key, each in value.items()}
        return {key: each for key, each in sorted(told.items()) if is_set(each)}
    if isinstance(value, list | tuple):
        told_list = [_formed("", each) for each in value]
        if name in _SETS:
            return sorted(set(told_list))
        if by := _SORTED_BY.get(name):
            return sorted(told_list, key=lambda each: [str(each.get(key, "")) for key in by])
        return told_list
    return value
