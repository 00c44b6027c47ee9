"""What the resets before a Region opens may do."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.changed_passwords import PASSWORD_KEY
from stacks.permissions import core as may
from stacks.permissions.core import Permission, Targets, allow


def list_notes(targets: Targets) -> iam.PolicyStatement:
    """Who set a password, by the index of the records, and nobody else."""
    return may.only_keys(allow("dynamodb", "Query", targets.record_shards), f"{PASSWORD_KEY}*")


def hold_rows(targets: Targets) -> iam.PolicyStatement:
    """Leases, and what the rows tell of resets."""
    return allow("dynamodb", "GetItem UpdateItem", targets.ledger)


def look_at_users(targets: Targets) -> iam.PolicyStatement:
    """A user without groups, and what the pool offers."""
    users = "AdminGetUser AdminGetUserAuthFactors ListUsers"
    return allow("cognito-idp", f"{may.SCHEMA} {users}", targets.user_pool)


def set_unknown(targets: Targets) -> iam.PolicyStatement:
    """A permanent password, and no session: neither sends a message."""
    actions = "AdminSetUserPassword AdminUserGlobalSignOut"
    return allow("cognito-idp", actions, targets.user_pool)


RESET: tuple[Permission, ...] = (
    *(list_notes, may.read_records, hold_rows),
    *(look_at_users, set_unknown),
)
