"""What containment and the sweep may do: no user is created, removed, or let in by them."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.ledger_keys import CURSOR, LETTER, ONCE
from cognito_standby.core.domain.subjects import NAME_KEY
from stacks.permissions.core import (
    KEEP_NAMES,
    POOL_KEYS,
    SCHEMA,
    USER,
    Permission,
    Targets,
    allow,
    but_claims,
    only_keys,
)

LETTER_KEYS = f"{LETTER}*"
SWEEP_KEYS = (f"{CURSOR}*", f"{ONCE}*")


def read_ledger(targets: Targets) -> iam.PolicyStatement:
    """Rows, markers and the sweep's memory."""
    return allow("dynamodb", "GetItem BatchGetItem", targets.ledger)


def claim_letters(targets: Targets) -> iam.PolicyStatement:
    """Put markers of letters, and no other items."""
    return _keyed("PutItem", targets, LETTER_KEYS)


def remember_sweeps(targets: Targets) -> iam.PolicyStatement:
    """Put and delete what the sweep keeps in mind, and no other items."""
    return _keyed("PutItem DeleteItem", targets, *SWEEP_KEYS)


def watch_reconciliations(targets: Targets) -> iam.PolicyStatement:
    """Note since when a pool waits for its first reconciliation."""
    return _keyed("UpdateItem", targets, POOL_KEYS)


def walk_records(targets: Targets) -> iam.PolicyStatement:
    """All records and entries of the index of names."""
    return allow("dynamodb", "Scan BatchGetItem", targets.records)


def mark_named(targets: Targets) -> iam.PolicyStatement:
    """The mark on a record that it is in the index of names."""
    return but_claims(allow("dynamodb", "UpdateItem", targets.records))


def drop_names(targets: Targets) -> iam.PolicyStatement:
    """Take entries of the index of names away, and no other items."""
    return only_keys(allow("dynamodb", "DeleteItem", targets.records), f"{NAME_KEY}*")


def query_attention(targets: Targets) -> iam.PolicyStatement:
    """The sparse index of what is not settled."""
    return allow("dynamodb", "Query", targets.attention_index)


def describe_executions(targets: Targets) -> iam.PolicyStatement:
    """Executions of the machines whose failures are treated."""
    return allow("states", "DescribeExecution", *targets.treated_executions)


def list_executions(targets: Targets) -> iam.PolicyStatement:
    """The same, by machine."""
    return allow("states", "ListExecutions", *targets.treated_machines)


def start_containment(targets: Targets) -> iam.PolicyStatement:
    """Start the machine `contain_failure`."""
    return allow("states", "StartExecution", targets.contain_failure)


def quarantine(targets: Targets) -> iam.PolicyStatement:
    """Disable a user, or put back attributes, memberships, linked identities and factors."""
    actions = (
        "AdminUpdateUserAttributes AdminDeleteUserAttributes AdminEnableUser AdminDisableUser "
        "AdminAddUserToGroup AdminRemoveUserFromGroup "
        "AdminLinkProviderForUser AdminDisableProviderForUser AdminSetUserMFAPreference"
    )
    return allow("cognito-idp", actions, targets.user_pool)


def change_canary(targets: Targets) -> iam.PolicyStatement:
    """Look at, create and change a user. IAM knows no single user of a pool; the code knows one."""
    changes = "AdminCreateUser AdminUpdateUserAttributes"
    return allow("cognito-idp", f"{SCHEMA} {USER} {changes}", targets.user_pool)


def _keyed(actions: str, targets: Targets, *keys: str) -> iam.PolicyStatement:
    return only_keys(allow("dynamodb", actions, targets.ledger), *keys)


NOTE: tuple[Permission, ...] = (describe_executions, read_ledger, claim_letters)
SWEEP: tuple[Permission, ...] = (
    *(list_executions, start_containment, query_attention),
    *(read_ledger, remember_sweeps, watch_reconciliations),
    *(walk_records, mark_named, drop_names, *KEEP_NAMES),
)
