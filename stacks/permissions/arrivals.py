"""What the triggers of a pool that is filled on demand may do. Nothing where it is not."""

from __future__ import annotations

from collections.abc import Callable

from aws_cdk import aws_iam as iam

from stacks.permissions import core as may
from stacks.permissions.core import SCHEMA, USER, Permission, Targets, allow


def name_creations(targets: Targets) -> iam.PolicyStatement:
    """Leases and intents, the confirmed table, and who was erased."""
    return allow("dynamodb", "GetItem BatchGetItem UpdateItem", targets.ledger)


def _on_demand(permission: Callable[[Targets], iam.PolicyStatement | None]) -> Permission:
    return lambda targets: permission(targets) if targets.on_demand else None


def _note_bound(targets: Targets) -> iam.PolicyStatement:
    """Note the sub of whom Cognito has just made: a transaction of the row and the reverse map."""
    return allow("dynamodb", "GetItem PutItem UpdateItem", targets.ledger)


def _read_rows(targets: Targets) -> iam.PolicyStatement:
    """Who was in the pool before."""
    return allow("dynamodb", "GetItem", targets.ledger)


def _know_names(targets: Targets) -> iam.PolicyStatement | None:
    """By what people sign in to an existing pool; of a created one the function is told."""
    pool = targets.user_pool
    return allow("cognito-idp", "DescribeUserPool", pool) if pool else None


MIGRATE: tuple[Permission, ...] = (
    *(name_creations, may.read_records, may.read_names_key, may.find_names),
    *(may.know_world, may.publish_hints),
)
"""For UserMigration; what it may do with pools is a policy of its own (`of_pools`)."""
BIND: tuple[Permission, ...] = (_on_demand(_note_bound),)
"""For PreTokenGeneration."""
KEEP_NAMES: tuple[Permission, ...] = tuple(
    map(_on_demand, (may.read_records, may.read_names_key, may.find_names, _read_rows, _know_names))
)
"""For PreSignUp."""


def of_pools(user_pool: str, old_pool: str | None) -> list[iam.PolicyStatement]:
    """Look at users of the pool, and have another one take a password."""
    own = allow("cognito-idp", f"{SCHEMA} {USER} ListUsers", user_pool)
    if old_pool is None:
        return [own]
    return [own, allow("cognito-idp", "AdminInitiateAuth AdminGetUser", old_pool)]
