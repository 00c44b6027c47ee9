"""Which Cognito calls, as CloudTrail reports them, are hints. The reasons stand beside them.

Three kinds, because CloudTrail shows them differently: calls with IAM credentials carry the pool's
id in requestParameters; a person's own calls carry at most additionalEventData.userPoolId; calls
on group definitions concern no user and name the group. Reads, sign-ins, token calls and pool
configuration are not hints: they change no replicated state.
"""

from __future__ import annotations

ADMIN: dict[str, str] = {
    "AdminCreateUser": "a user made by an administrator; no trigger fires for it",
    "AdminConfirmSignUp": "confirms a user; the trigger fires too, where its slot is ours",
    "AdminUpdateUserAttributes": "attributes and verified flags",
    "AdminDeleteUserAttributes": "attributes removed",
    "AdminAddUserToGroup": "membership",
    "AdminRemoveUserFromGroup": "membership",
    "AdminEnableUser": "enabled flag",
    "AdminDisableUser": "enabled flag",
    "AdminDeleteUser": "deletion",
    "AdminSetUserPassword": "confirms a user whose first password was temporary",
    "AdminLinkProviderForUser": "the attribute `identities` of a local user",
    "AdminDisableProviderForUser": "the attribute `identities` of a local user",
}
"""Operation -> why it can change a record. Called with IAM credentials."""

SELF_SERVICE: dict[str, str] = {
    "ConfirmSignUp": "confirms a user; the trigger fires too, where its slot is ours",
    "UpdateUserAttributes": "attributes changed by the person",
    "DeleteUserAttributes": "attributes removed by the person",
    "VerifyUserAttribute": "a changed address becomes the valid one, and verified",
    "DeleteUser": "the person deletes the account",
    "ConfirmForgotPassword": "recovery by e-mail verifies the address",
}
"""Operation -> why it can change a record. Called with the person's token or none."""

GROUPS: dict[str, str] = {
    "CreateGroup": "a definition that memberships need",
    "UpdateGroup": "description and precedence",
    "DeleteGroup": "definition and all its memberships gone",
}
"""Operation -> why it can change a group's record."""

COVERED_BY_TRIGGER = frozenset({"AdminConfirmSignUp", "ConfirmForgotPassword", "ConfirmSignUp"})
"""Calls for which the PostConfirmation trigger fires. Where the stack attaches it itself they are
left out, or each sign-up would start a second execution."""
