"""Which of Cognito's operations tell a pool's configuration, and why the others do not. Pure.

A test compares the two tables with the SDK's model, so that an operation of a newer SDK is decided
about before anything else.
"""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.configuration.domain.document import Section

READ: Mapping[str, tuple[Section, ...]] = {
    "DescribeUserPool": (Section.POOL, Section.ATTRIBUTES, Section.TRIGGERS, Section.TAGS),
    "GetUserPoolMfaConfig": (Section.MFA,),
    "GetUserPoolSessionConfiguration": (Section.SESSIONS,),
    "GetUserPoolClientSessionConfiguration": (Section.SESSIONS,),
    "ListResourceServers": (Section.RESOURCE_SERVERS,),
    "ListIdentityProviders": (Section.PROVIDERS,),
    "DescribeIdentityProvider": (Section.PROVIDERS,),
    "ListUserPoolClients": (Section.CLIENTS,),
    "DescribeUserPoolClient": (Section.CLIENTS,),
    "ListGroups": (Section.GROUPS,),
    "DescribeUserPoolDomain": (Section.DOMAINS,),
    "GetUICustomization": (Section.UI,),
    "DescribeManagedLoginBrandingByClient": (Section.BRANDING,),
    "ListTerms": (Section.TERMS,),
    "DescribeTerms": (Section.TERMS,),
    "DescribeRiskConfiguration": (Section.RISK,),
    "GetLogDeliveryConfiguration": (Section.LOGS,),
    "ListCIMDPolicies": (Section.CLIENT_METADATA,),
    "DescribeCIMDPolicy": (Section.CLIENT_METADATA,),
    "ListUserPoolReplicas": (Section.REPLICAS,),
}
"""What a reading asks, and which sections are made of the answer."""

OF_WAF = "GetWebACLForResource"
"""Of AWS WAF, for `Section.WEB_ACL`."""

_SAME = "what another operation tells already"
_PEOPLE = "about people, not about the pool's configuration"
_PASSED = "about what happened, not about what is set up"

NOT_READ: Mapping[str, str] = {
    "AdminGetDevice": _PEOPLE,
    "AdminGetUser": _PEOPLE,
    "AdminGetUserAuthFactors": _PEOPLE,
    "AdminListDevices": _PEOPLE,
    "AdminListGroupsForUser": _PEOPLE,
    "AdminListUserAuthEvents": _PEOPLE,
    "AdminListUserSessions": _PEOPLE,
    "DescribeManagedLoginBranding": _SAME,
    "DescribePointInTimeRecovery": _PASSED,
    "DescribeResourceServer": _SAME,
    "DescribeTermsByClient": _SAME,
    "DescribeUserImportJob": _PASSED,
    "GetCSVHeader": "follows from the schema",
    "GetClientToken": "issues a token",
    "GetDerivedToken": "issues a token",
    "GetDevice": _PEOPLE,
    "GetGroup": _SAME,
    "GetIdentityProviderByIdentifier": _SAME,
    "GetProvisionedLimit": "about the account in a Region, not about a pool",
    "GetSigningCertificate": "made by Cognito for each pool; a new pool has another one",
    "GetTokensFromRefreshToken": "issues a token",
    "GetUser": _PEOPLE,
    "GetUserAttributeVerificationCode": _PEOPLE,
    "GetUserAuthFactors": _PEOPLE,
    "ListClientMetadataURLs": "a cache of what clients showed, not what is set up",
    "ListDevices": _PEOPLE,
    "ListPointInTimeRecoveries": _PASSED,
    "ListTagsForResource": _SAME,
    "ListUserImportJobs": _PASSED,
    "ListUserPoolClientSecrets": "which secrets of a client there are changes by rotation alone; "
    "whether it has one is told by DescribeUserPoolClient",
    "ListUserPools": "about the account",
    "ListUserSessions": _PEOPLE,
    "ListUsers": _PEOPLE,
    "ListUsersInGroup": _PEOPLE,
    "ListWebAuthnCredentials": _PEOPLE,
}
"""The other operations that describe, get or list, each with why it is not asked."""
