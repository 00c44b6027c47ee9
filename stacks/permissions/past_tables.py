"""What opening and removing the table of a time may do. Its pattern holds no other table:
a name with the prefix is no other's (`cognito_standby/recovery/domain/past_tables.py`)."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from stacks.permissions.core import Permission, Targets, allow


def see(targets: Targets) -> iam.PolicyStatement:
    """How far a table is."""
    return allow("dynamodb", "DescribeTable", targets.past_tables)


def see_window(targets: Targets) -> iam.PolicyStatement:
    """The moments that the records can be restored to."""
    return allow("dynamodb", "DescribeContinuousBackups", targets.records)


def restore(targets: Targets) -> iam.PolicyStatement:
    """Read the records as of a time; into which table is said by `fill`."""
    return allow("dynamodb", "RestoreTableToPointInTime", targets.records)


def fill(targets: Targets) -> iam.PolicyStatement:
    """DynamoDB fills the new table in the caller's name, and needs just these (developer guide,
    "Using IAM with DynamoDB backup and restore")."""
    actions = "BatchWriteItem DeleteItem GetItem PutItem Query Scan UpdateItem"
    return allow("dynamodb", actions, targets.past_tables)


def encrypt(targets: Targets) -> iam.PolicyStatement | None:
    """The new table has the records' key, if that is a customer's. Whoever makes a table under one
    needs these besides `core.use_key` (developer guide, "Managing encrypted tables in DynamoDB");
    only by way of DynamoDB."""
    if targets.kms_key is None:
        return None
    statement = allow("kms", "ReEncryptFrom ReEncryptTo", targets.kms_key)
    statement.add_condition("StringLike", {"kms:ViaService": "dynamodb.*.amazonaws.com"})
    return statement


def grant_key(targets: Targets) -> iam.PolicyStatement | None:
    """DynamoDB uses the key by a grant, which is made in the caller's name, and for no other."""
    if targets.kms_key is None:
        return None
    statement = allow("kms", "CreateGrant", targets.kms_key)
    statement.add_condition("StringLike", {"kms:ViaService": "dynamodb.*.amazonaws.com"})
    statement.add_condition("Bool", {"kms:GrantIsForAWSResource": "true"})
    return statement


def remove(targets: Targets) -> iam.PolicyStatement:
    """Take it away."""
    return allow("dynamodb", "DeleteTable", targets.past_tables)


def find(_: Targets) -> iam.PolicyStatement:
    """Which there are. The action knows no resources (service authorization reference)."""
    return allow("dynamodb", "ListTables", "*")


def see_restores(targets: Targets) -> iam.PolicyStatement:
    """Does a restore run?"""
    return allow("states", "ListExecutions", targets.restore_machine)


OPEN: tuple[Permission, ...] = (see, see_window, restore, fill, encrypt, grant_key)
CLOSE: tuple[Permission, ...] = (see, remove)
SWEEP: tuple[Permission, ...] = (find, see, remove, see_restores)
