"""What the Admin API's handler may do: look, store what is asked, and wake the machine. It writes
to no pool, no record and no ledger."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from cognito_standby.changes.domain.changes import RECENT_INDEX
from cognito_standby.core.domain.subjects import ADDRESS_KEY
from stacks.permissions import containment as also_may
from stacks.permissions import core as may
from stacks.permissions.core import Permission, Targets, allow


def read_addresses(targets: Targets) -> iam.PolicyStatement:
    """Where each Region's API is, and no other items."""
    return may.only_keys(allow("dynamodb", "GetItem", targets.records), ADDRESS_KEY)


def submit_changes(targets: Targets) -> iam.PolicyStatement:
    """Store a change, and read any."""
    return allow("dynamodb", "PutItem GetItem", targets.changes)


def list_changes(targets: Targets) -> iam.PolicyStatement:
    """The index of the latest."""
    return allow("dynamodb", "Query", f"{targets.changes}/index/{RECENT_INDEX}")


def look_at_users(targets: Targets) -> iam.PolicyStatement:
    """A user, their groups and the schema."""
    return allow("cognito-idp", f"{may.SCHEMA} {may.USER} ListUsers", targets.user_pool)


def announce_address(records: str) -> iam.PolicyStatement:
    """Put and remove the items that say where an API is, and no others."""
    return may.only_keys(allow("dynamodb", "PutItem DeleteItem", records), ADDRESS_KEY)


ADMIN_API: tuple[Permission, ...] = (
    *(may.read_records, read_addresses, also_may.read_ledger, look_at_users),
    *(submit_changes, list_changes, may.publish_hints),
    *may.on_demand(may.read_names_key, may.find_names),
)
