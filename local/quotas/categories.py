"""Cognito's categories of user pool operations, with their default rates.

Source: Amazon Cognito developer guide, "Quotas in Amazon Cognito" (table "Amazon Cognito user pools
API operation categories and request rate quotas"): requests a second, of an account in a Region,
all pools together. Operations of the service model that the table does not list yet are with
their kin, in `_BY_KIN`. The strict twin of a pool counts by it, too. An opinion of its own: what
the product paces itself by stands elsewhere, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Category(StrEnum):
    """The table's categories."""

    USER_AUTHENTICATION = "UserAuthentication"
    USER_CREATION = "UserCreation"
    USER_FEDERATION = "UserFederation"
    USER_ACCOUNT_RECOVERY = "UserAccountRecovery"
    USER_READ = "UserRead"
    USER_UPDATE = "UserUpdate"
    USER_TOKEN = "UserToken"  # noqa: S105 - the category's name
    USER_RESOURCE_READ = "UserResourceRead"
    USER_RESOURCE_UPDATE = "UserResourceUpdate"
    USER_LIST = "UserList"
    USER_POOL_READ = "UserPoolRead"
    USER_POOL_UPDATE = "UserPoolUpdate"
    USER_POOL_RESOURCE_READ = "UserPoolResourceRead"
    USER_POOL_RESOURCE_UPDATE = "UserPoolResourceUpdate"
    USER_POOL_CLIENT_READ = "UserPoolClientRead"
    USER_POOL_CLIENT_UPDATE = "UserPoolClientUpdate"
    CLIENT_AUTHENTICATION = "ClientAuthentication"
    LIMIT_MANAGEMENT = "LimitManagement"


RATES: Mapping[Category, float] = {
    Category.USER_AUTHENTICATION: 120,
    Category.USER_CREATION: 50,
    Category.USER_FEDERATION: 25,
    Category.USER_ACCOUNT_RECOVERY: 30,
    Category.USER_READ: 120,
    Category.USER_UPDATE: 25,
    Category.USER_TOKEN: 120,
    Category.USER_RESOURCE_READ: 50,
    Category.USER_RESOURCE_UPDATE: 25,
    Category.USER_LIST: 30,
    Category.USER_POOL_READ: 15,
    Category.USER_POOL_UPDATE: 15,
    Category.USER_POOL_RESOURCE_READ: 20,
    Category.USER_POOL_RESOURCE_UPDATE: 15,
    Category.USER_POOL_CLIENT_READ: 15,
    Category.USER_POOL_CLIENT_UPDATE: 15,
    Category.CLIENT_AUTHENTICATION: 150,
    Category.LIMIT_MANAGEMENT: 1,
}

PER_POOL = frozenset(
    {
        Category.USER_POOL_RESOURCE_READ,
        Category.USER_POOL_RESOURCE_UPDATE,
        Category.USER_POOL_CLIENT_READ,
        Category.USER_POOL_CLIENT_UPDATE,
    }
)
"""In these (the table's asterisk) one operation on one pool has at most `PER_POOL_RATE`."""
PER_POOL_RATE = 5.0

CHALLENGES = frozenset({"RespondToAuthChallenge", "AdminRespondToAuthChallenge"})
CHALLENGE_FACTOR = 3.0
"""Answers to challenges have three times UserAuthentication's rate to themselves; what exceeds it
counts as UserAuthentication ("special request rate handling", same page)."""

_TABLE: Mapping[Category, str] = {
    Category.USER_AUTHENTICATION: """
        AdminInitiateAuth AdminRespondToAuthChallenge GetTokensFromRefreshToken InitiateAuth
        RespondToAuthChallenge""",
    Category.CLIENT_AUTHENTICATION: "GetClientToken",
    Category.LIMIT_MANAGEMENT: "GetProvisionedLimit UpdateProvisionedLimit",
    Category.USER_CREATION: "AdminConfirmSignUp AdminCreateUser ConfirmSignUp SignUp",
    Category.USER_ACCOUNT_RECOVERY: """
        AdminResetUserPassword AdminSetUserPassword ChangePassword ConfirmForgotPassword
        ForgotPassword""",
    Category.USER_READ: "AdminGetUser GetUser",
    Category.USER_UPDATE: """
        AdminAddUserToGroup AdminDeleteUser AdminDeleteUserAttributes AdminDisableProviderForUser
        AdminDisableUser AdminEnableUser AdminLinkProviderForUser AdminRemoveUserFromGroup
        AdminUpdateUserAttributes AdminUserGlobalSignOut DeleteUser DeleteUserAttributes
        GlobalSignOut UpdateUserAttributes VerifyUserAttribute""",
    Category.USER_TOKEN: "RevokeToken",
    Category.USER_RESOURCE_READ: """
        AdminGetDevice AdminListDevices AdminListGroupsForUser AdminListUserAuthEvents GetDevice
        GetUserAttributeVerificationCode ListDevices ResendConfirmationCode""",
    Category.USER_RESOURCE_UPDATE: """
        AdminForgetDevice AdminSetUserMFAPreference AdminSetUserSettings
        AdminUpdateAuthEventFeedback AdminUpdateDeviceStatus AssociateSoftwareToken ConfirmDevice
        ForgetDevice SetUserMFAPreference SetUserSettings UpdateAuthEventFeedback
        UpdateDeviceStatus VerifySoftwareToken""",
    Category.USER_LIST: "ListUsers ListUsersInGroup",
    Category.USER_POOL_READ: "DescribeUserPool ListUserPools",
    Category.USER_POOL_UPDATE: "CreateUserPool DeleteUserPool UpdateUserPool",
    Category.USER_POOL_RESOURCE_READ: """
        DescribeIdentityProvider DescribeResourceServer DescribeRiskConfiguration
        DescribeUserImportJob DescribeUserPoolDomain GetCSVHeader GetGroup
        GetIdentityProviderByIdentifier GetSigningCertificate GetUICustomization
        GetUserPoolMfaConfig ListGroups ListIdentityProviders ListResourceServers
        ListTagsForResource ListUserImportJobs""",
    Category.USER_POOL_RESOURCE_UPDATE: """
        AddCustomAttributes CreateGroup CreateIdentityProvider CreateResourceServer
        CreateUserImportJob CreateUserPoolDomain DeleteGroup DeleteIdentityProvider
        DeleteResourceServer DeleteUserPoolDomain SetRiskConfiguration SetUICustomization
        SetUserPoolMfaConfig StartUserImportJob StopUserImportJob TagResource UntagResource
        UpdateGroup UpdateIdentityProvider UpdateResourceServer UpdateUserPoolDomain""",
    Category.USER_POOL_CLIENT_READ: "DescribeUserPoolClient ListUserPoolClients",
    Category.USER_POOL_CLIENT_UPDATE: """
        CreateUserPoolClient DeleteUserPoolClient UpdateUserPoolClient""",
}

_BY_KIN: Mapping[Category, str] = {
    Category.USER_READ: "AdminGetUserAuthFactors GetUserAuthFactors",
    Category.USER_TOKEN: """
        AdminRevokeUserSession GetDerivedToken RevokeUserSession""",
    Category.USER_RESOURCE_READ: "AdminListUserSessions ListUserSessions ListWebAuthnCredentials",
    Category.USER_RESOURCE_UPDATE: """
        AdminDeleteSoftwareToken CompleteWebAuthnRegistration DeleteWebAuthnCredential
        StartWebAuthnRegistration""",
    Category.USER_POOL_UPDATE: """
        CancelPointInTimeRecovery CreateUserPoolReplica DeleteUserPoolReplica
        InitiatePointInTimeRecovery StartPointInTimeRecovery UpdateUserPoolReplica""",
    Category.USER_POOL_READ: """
        DescribePointInTimeRecovery ListPointInTimeRecoveries ListUserPoolReplicas""",
    Category.USER_POOL_RESOURCE_READ: """
        DescribeManagedLoginBranding DescribeManagedLoginBrandingByClient DescribeTerms
        DescribeTermsByClient GetLogDeliveryConfiguration ListTerms DescribeCIMDPolicy
        GetUserPoolSessionConfiguration ListCIMDPolicies""",
    Category.USER_POOL_RESOURCE_UPDATE: """
        CreateManagedLoginBranding CreateTerms DeleteManagedLoginBranding DeleteTerms
        SetLogDeliveryConfiguration UpdateManagedLoginBranding UpdateTerms CreateCIMDPolicy
        DeleteCIMDPolicy SetUserPoolSessionConfiguration UpdateCIMDPolicy""",
    Category.USER_POOL_CLIENT_READ: """
        GetUserPoolClientSessionConfiguration ListClientMetadataURLs ListUserPoolClientSecrets""",
    Category.USER_POOL_CLIENT_UPDATE: """
        AddUserPoolClientSecret DeleteUserPoolClientSecret SetUserPoolClientSessionConfiguration
        UpdateClientMetadataURLState""",
}

CATEGORY_OF: Mapping[str, Category] = {
    operation: category
    for table in (_TABLE, _BY_KIN)
    for category, operations in table.items()
    for operation in operations.split()
}
"""Operation -> its category; a test holds it to botocore's service model."""

FEDERATED_SIGN_IN = "FederatedSignIn"
"""No operation of the API: a sign-in through an identity provider, at a managed endpoint."""
_NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - a challenge


def category_of(operation: str, challenge: str = "") -> Category:
    """What a request counts as; `challenge`: what it answers, if it does. KeyError: unknown.

    The table's first footnote: an answer to NEW_PASSWORD_REQUIRED counts toward
    UserAccountRecovery, all other answers toward UserAuthentication.
    """
    if operation == FEDERATED_SIGN_IN:
        return Category.USER_FEDERATION
    if operation in CHALLENGES and challenge == _NEW_PASSWORD:
        return Category.USER_ACCOUNT_RECOVERY
    return CATEGORY_OF[operation]


_BILLED_CATEGORIES = frozenset(
    {
        Category.USER_AUTHENTICATION,
        Category.USER_CREATION,
        Category.USER_FEDERATION,
        Category.USER_ACCOUNT_RECOVERY,
        Category.USER_READ,
        Category.USER_UPDATE,
    }
)
_NOT_BILLED = frozenset(
    {
        *("AdminDeleteUser", "AdminDisableUser", "AdminEnableUser", "AdminResetUserPassword"),
        "DeleteUser",
    }
)
BILLED = frozenset(
    operation
    for operation, category in {**CATEGORY_OF, FEDERATED_SIGN_IN: Category.USER_FEDERATION}.items()
    if category in _BILLED_CATEGORIES and operation not in _NOT_BILLED
)
"""Operations that make their user a monthly active one (same page, "Monthly active users")."""
