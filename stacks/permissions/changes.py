"""What the steps of an administrator's change may do beside those of a sync."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from stacks.permissions import core as may
from stacks.permissions.api import look_at_users
from stacks.permissions.core import Permission, Targets, allow


def keep_change(targets: Targets) -> iam.PolicyStatement:
    """Read a change, and note how far it is. Only the API makes changes."""
    return allow("dynamodb", "GetItem UpdateItem", targets.changes)


def read_changes(targets: Targets) -> iam.PolicyStatement:
    """Look whom a change is about."""
    return allow("dynamodb", "GetItem", targets.changes)


def read_row(targets: Targets) -> iam.PolicyStatement:
    """Look what was confirmed of a subject."""
    return allow("dynamodb", "GetItem", targets.ledger)


def alter_users(targets: Targets) -> iam.PolicyStatement:
    """Put back attributes, the enabled flag and memberships, and remove who was created. No
    AdminResetUserPassword and no sign-in calls: no message is sent to anybody."""
    actions = (
        "AdminUpdateUserAttributes AdminDeleteUserAttributes AdminEnableUser AdminDisableUser "
        "AdminDeleteUser AdminAddUserToGroup AdminRemoveUserFromGroup"
    )
    return allow("cognito-idp", actions, targets.user_pool)


def create_users(targets: Targets) -> iam.PolicyStatement:
    """Make a user who can recover a password."""
    return allow("cognito-idp", "AdminCreateUser AdminSetUserPassword", targets.user_pool)


def look_at_groups(targets: Targets) -> iam.PolicyStatement:
    """Which of somebody's former groups there still are."""
    return allow("cognito-idp", "GetGroup", targets.user_pool)


def give_back_sign_in(targets: Targets) -> iam.PolicyStatement:
    """Link identities and turn second factors on of somebody who comes back: no change of the API
    does."""
    actions = "AdminLinkProviderForUser AdminSetUserMFAPreference"
    return allow("cognito-idp", actions, targets.user_pool)


_WRITE: tuple[Permission, ...] = (
    *(may.keep_ledger, may.read_records, look_at_users, may.write_records, keep_change),
    *(*may.KEEP_NAMES, may.find_names),
)
"""Look, note, and write the record. A change is about a user, never about a group."""

STEP: tuple[Permission, ...] = (
    *(*_WRITE, may.forget_conflicts, may.publish_hints),
    *(may.know_world, may.see_recoveries),
)
"""A step that captures what the pool shows, too."""

SNAPSHOT: tuple[Permission, ...] = (
    *(*STEP, look_at_groups),
    *may.on_demand(alter_users, create_users, give_back_sign_in),
)
"""Whoever is awaited is made before they are changed."""
APPLY: tuple[Permission, ...] = (*_WRITE, alter_users, create_users, give_back_sign_in)
COMPENSATE: tuple[Permission, ...] = (*STEP, alter_users)
COMPLETE: tuple[Permission, ...] = (read_row, keep_change)
