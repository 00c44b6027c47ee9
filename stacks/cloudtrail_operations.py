"""What becomes of each Cognito call that CloudTrail reports. The reasons stand beside them.

Every operation of the service model stands here exactly once (a test walks the model), so that an
operation which Cognito adds demands a decision. CloudTrail shows calls in different ways, hence
different rules: with IAM credentials the pool's id is in requestParameters; a person's own calls
carry at most additionalEventData.userPoolId; calls on group definitions concern no user and name
the group; managed login reports events of its own, with the pool in additionalEventData. Nothing
that CloudTrail masks is needed: only ids are taken, and the state is read from the pool.
"""

from __future__ import annotations

from typing import Final

Reasons = dict[str, str]
"""Operation -> why."""

ADMIN: Final[Reasons] = {
    "AdminCreateUser": "a user made by an administrator; no trigger fires for it",
    "AdminConfirmSignUp": "confirms a user; the trigger fires too, where its slot is ours",
    "AdminUpdateUserAttributes": "attributes and verified flags",
    "AdminDeleteUserAttributes": "attributes removed",
    "AdminAddUserToGroup": "membership",
    "AdminRemoveUserFromGroup": "membership",
    "AdminEnableUser": "enabled flag",
    "AdminDisableUser": "enabled flag",
    "AdminDeleteUser": "deletion",
    "AdminSetUserPassword": "confirms a user whose first password was temporary; noted",
    "AdminResetUserPassword": "the former password opens nothing any more, which is noted",
    "AdminLinkProviderForUser": "the attribute `identities` of a local user",
    "AdminDisableProviderForUser": "the attribute `identities` of a local user",
    "AdminSetUserMFAPreference": "second factors and the preferred one",
    "AdminSetUserSettings": "the older way to turn SMS MFA on and off",
    "AdminDeleteSoftwareToken": "an authenticator is gone",
}
"""Can change a user's record. Called with IAM credentials."""

SELF_SERVICE: Final[Reasons] = {
    "SignUp": "confirmed at once where a PreSignUp trigger says so; otherwise skipped",
    "ConfirmSignUp": "confirms a user; the trigger fires too, where its slot is ours",
    "UpdateUserAttributes": "attributes changed by the person",
    "DeleteUserAttributes": "attributes removed by the person",
    "VerifyUserAttribute": "a changed address becomes the valid one, and verified",
    "DeleteUser": "the person deletes the account",
    "ConfirmForgotPassword": "recovery by e-mail verifies the address; a password was set",
    "ChangePassword": "a password was set, which is noted; the password itself cannot be read",
    "SetUserMFAPreference": "second factors and the preferred one",
    "SetUserSettings": "the older way to turn SMS MFA on and off",
    "VerifySoftwareToken": "an authenticator is there; where MFA is required it is asked for",
    "CompleteWebAuthnRegistration": "a passkey, which is told to be enrolled again",
    "DeleteWebAuthnCredential": "a passkey is gone",
}
"""Can change a user's record. Called with the person's token or none."""

CHALLENGES: Final[Reasons] = {
    "RespondToAuthChallenge": "a first password may come with required attributes; a code that was "
    "answered can verify where it went",
    "AdminRespondToAuthChallenge": "as RespondToAuthChallenge",
}
"""Can change a user's record when they answer one of CHALLENGE_NAMES. Other answers are steps of a
sign-in, of which there are many more than changes."""

CHALLENGE_NAMES: Final = ("EMAIL_OTP", "NEW_PASSWORD_REQUIRED", "SMS_MFA", "SMS_OTP")
"""NEW_PASSWORD_REQUIRED takes `userAttributes.*` and confirms (RespondToAuthChallenge, API
reference); a code that was answered shows whose address or number it is, so that Cognito may verify
it: a number by SMS_MFA, too."""

GROUPS: Final[Reasons] = {
    "CreateGroup": "a definition that memberships need",
    "UpdateGroup": "description and precedence",
    "DeleteGroup": "the definition is gone; its members see FOLLOWED",
}
"""Can change a group's record."""

FOLLOWED: Final[Reasons] = {
    "DeleteGroup": "its members are in it no more, and no event names them; the pool cannot list "
    "them any more, so `hint_members` finds them in the records",
}
"""Concern many users, whom a machine looks up and hints one by one."""

RECONCILED: Final[Reasons] = {
    "StartUserImportJob": "users appear one by one until the job ends, hours later, without events",
    "InitiateAuth": "a migration trigger can make a user; a hint for each sign-in would cost more "
    "than the reconciliation that finds them",
    "AdminInitiateAuth": "as InitiateAuth",
    "ForgotPassword": "as InitiateAuth: a migration trigger can make a user here, too",
}
"""Can change users whom neither the event nor a record names: the reconciliation finds them."""

RECOVERED: Final[Reasons] = {
    "StartPointInTimeRecovery": "users go, come back and change at once, and no event names them: "
    "a reconciliation waits until it has ended, and looks",
}
"""Change the whole pool: a reconciliation is started at once instead of tomorrow's."""

NOT_FOLLOWED: Final[Reasons] = {
    "DeleteUserPool": "everybody is gone at once: a disaster to recover from, never to repeat",
}
"""Would be harmful to follow."""

_DEVICES = "devices stay in their Region"
_BEGINS = "begins a registration; the operation that ends it is a hint"
_POOL = "the pool's configuration, which each Region's own stack holds"
_SESSION = "tokens and sessions belong to one pool"
_MESSAGE = "sends a message or notes an opinion; changes nothing that is carried"
_IMPORT = "prepares or ends an import; users change only while it runs"
_REPLICA = "Cognito's own replication, the alternative to this one"
_RECOVERY = "stops or resumes writes, changes nobody; whoever doubts an absence asks Cognito"
_CLIENTS = "documents by which OAuth clients introduce themselves; a matter of app clients"

NOT_USER_DATA: Final[Reasons] = {
    **dict.fromkeys(
        ("AdminForgetDevice", "AdminUpdateDeviceStatus", "ConfirmDevice", "ForgetDevice"), _DEVICES
    ),
    "UpdateDeviceStatus": _DEVICES,
    **dict.fromkeys(
        (*("AssociateSoftwareToken", "StartWebAuthnRegistration"),),
        _BEGINS,
    ),
    **dict.fromkeys(
        (
            *("AddCustomAttributes", "CreateUserPool", "UpdateUserPool", "SetUserPoolMfaConfig"),
            *("AddUserPoolClientSecret", "CreateUserPoolClient", "DeleteUserPoolClient"),
            *("DeleteUserPoolClientSecret", "UpdateUserPoolClient", "CreateUserPoolDomain"),
            *("DeleteUserPoolDomain", "UpdateUserPoolDomain", "CreateIdentityProvider"),
            *("DeleteIdentityProvider", "UpdateIdentityProvider", "CreateResourceServer"),
            *("DeleteResourceServer", "UpdateResourceServer", "CreateManagedLoginBranding"),
            *("DeleteManagedLoginBranding", "UpdateManagedLoginBranding", "SetUICustomization"),
            *("CreateTerms", "DeleteTerms", "UpdateTerms", "SetLogDeliveryConfiguration"),
            *("SetRiskConfiguration", "TagResource", "UntagResource", "UpdateProvisionedLimit"),
        ),
        _POOL,
    ),
    **dict.fromkeys(
        ("AdminUserGlobalSignOut", "GlobalSignOut", "RevokeToken", "GetTokensFromRefreshToken"),
        _SESSION,
    ),
    **dict.fromkeys(
        (
            *("GetClientToken", "GetDerivedToken", "RevokeUserSession", "AdminRevokeUserSession"),
            *("SetUserPoolSessionConfiguration", "SetUserPoolClientSessionConfiguration"),
        ),
        _SESSION,
    ),
    **dict.fromkeys(("InitiatePointInTimeRecovery", "CancelPointInTimeRecovery"), _RECOVERY),
    **dict.fromkeys(
        (
            *("CreateCIMDPolicy", "DeleteCIMDPolicy", "UpdateCIMDPolicy"),
            "UpdateClientMetadataURLState",
        ),
        _CLIENTS,
    ),
    **dict.fromkeys(
        (
            *("AdminUpdateAuthEventFeedback", "UpdateAuthEventFeedback"),
            *("GetUserAttributeVerificationCode", "ResendConfirmationCode"),
        ),
        _MESSAGE,
    ),
    **dict.fromkeys(("CreateUserImportJob", "StopUserImportJob"), _IMPORT),
    **dict.fromkeys(
        ("CreateUserPoolReplica", "DeleteUserPoolReplica", "UpdateUserPoolReplica"), _REPLICA
    ),
}
"""Write something that no record holds."""

READS: Final = frozenset(
    {
        *("AdminGetDevice", "AdminGetUser", "AdminGetUserAuthFactors", "AdminListDevices"),
        *("AdminListGroupsForUser", "AdminListUserAuthEvents", "DescribeIdentityProvider"),
        *("DescribeManagedLoginBranding", "DescribeManagedLoginBrandingByClient"),
        *("DescribeResourceServer", "DescribeRiskConfiguration", "DescribeTerms"),
        *("DescribeTermsByClient", "DescribeUserImportJob", "DescribeUserPool"),
        *("DescribeUserPoolClient", "DescribeUserPoolDomain", "GetCSVHeader", "GetDevice"),
        *("GetGroup", "GetIdentityProviderByIdentifier", "GetLogDeliveryConfiguration"),
        *("GetProvisionedLimit", "GetSigningCertificate", "GetUICustomization", "GetUser"),
        *("GetUserAuthFactors", "GetUserPoolMfaConfig", "ListDevices", "ListGroups"),
        *("ListIdentityProviders", "ListResourceServers", "ListTagsForResource", "ListTerms"),
        *("ListUserImportJobs", "ListUserPoolClientSecrets", "ListUserPoolClients"),
        *("ListUserPoolReplicas", "ListUserPools", "ListUsers", "ListUsersInGroup"),
        *("ListWebAuthnCredentials", "DescribePointInTimeRecovery", "ListPointInTimeRecoveries"),
        *("DescribeCIMDPolicy", "ListCIMDPolicies", "ListClientMetadataURLs"),
        *("ListUserSessions", "AdminListUserSessions", "GetUserPoolSessionConfiguration"),
        "GetUserPoolClientSessionConfiguration",
    }
)
"""Write nothing."""

COVERED_BY_TRIGGER: Final = frozenset(
    {"AdminConfirmSignUp", "ConfirmForgotPassword", "ConfirmSignUp", "SignUp"}
)
"""Calls for which the PostConfirmation trigger fires. Where the stack attaches it itself they are
left out, or each sign-up would start a second execution."""
