"""What a function may do, by name, so that the table of tasks reads as a table.

Every permission is on named actions and named resources. One limit is not IAM's to enforce: a
Region may write only its own items of the records table, but the condition key
dynamodb:LeadingKeys covers the partition key and nothing covers a sort key, which is where the
Region stands. The record store refuses it instead, and its contract tests show it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aws_cdk import aws_iam as iam


@dataclass(frozen=True)
class Targets:
    """ARNs of what the functions work on in their Region; unknown ones are empty."""

    bus: str
    parked_hints: str
    ledger: str
    records: str
    user_pool: str
    kms_key: str | None


Permission = Callable[[Targets], iam.PolicyStatement]
"""Makes one statement."""


def _allow(prefix: str, actions: str, resource: str) -> iam.PolicyStatement:
    names = [f"{prefix}:{action}" for action in actions.split()]
    return iam.PolicyStatement(actions=names, resources=[resource])


def publish_hints(targets: Targets) -> iam.PolicyStatement:
    """Put hints on the installation's bus."""
    return _allow("events", "PutEvents", targets.bus)


def park_hints(targets: Targets) -> iam.PolicyStatement:
    """Put a hint into the queue that feeds the same path."""
    return _allow("sqs", "SendMessage", targets.parked_hints)


def keep_ledger(targets: Targets) -> iam.PolicyStatement:
    """Leases, intents and confirmations; a transaction needs the actions of its parts."""
    actions = "GetItem BatchGetItem PutItem UpdateItem DeleteItem ConditionCheckItem"
    return _allow("dynamodb", actions, targets.ledger)


def read_records(targets: Targets) -> iam.PolicyStatement:
    """Both Regions' records, and the claims."""
    return _allow("dynamodb", "GetItem BatchGetItem Query", targets.records)


def write_records(targets: Targets) -> iam.PolicyStatement:
    """Own records, tombstones included: nothing is ever deleted here."""
    return _allow("dynamodb", "PutItem UpdateItem", targets.records)


def read_pool(targets: Targets) -> iam.PolicyStatement:
    """Look at a user, a group and the schema."""
    actions = "DescribeUserPool AdminGetUser AdminListGroupsForUser ListUsers GetGroup"
    return _allow("cognito-idp", actions, targets.user_pool)


def write_profiles(targets: Targets) -> iam.PolicyStatement:
    """Make a user equal to the record; AdminDeleteUser evicts a deleted one whose name is needed.

    No AdminResetUserPassword and no sign-in calls: a replay sends no message to anybody.
    """
    users = (
        "AdminCreateUser AdminUpdateUserAttributes AdminDeleteUserAttributes AdminEnableUser "
        "AdminDisableUser AdminSetUserPassword AdminDeleteUser"
    )
    groups = "CreateGroup UpdateGroup DeleteGroup"
    return _allow("cognito-idp", f"{users} {groups}", targets.user_pool)


def write_memberships(targets: Targets) -> iam.PolicyStatement:
    """Join and leave groups."""
    actions = "AdminAddUserToGroup AdminRemoveUserFromGroup"
    return _allow("cognito-idp", actions, targets.user_pool)


def use_key(targets: Targets) -> iam.PolicyStatement | None:
    """Use the customer-managed key, if there is one, as tables and queues need it."""
    if targets.kms_key is None:
        return None
    return _allow("kms", "Decrypt Encrypt GenerateDataKey DescribeKey", targets.kms_key)
