"""What a function may do, by name, so that the table of tasks reads as a table.

Every permission is on named actions and named resources. One limit is not IAM's to enforce: a
Region may write only its own items of the records table, but the condition key
dynamodb:LeadingKeys covers the partition key and nothing covers a sort key, which is where the
Region stands. The record store refuses it instead, and its contract tests show it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.changed_passwords import PASSWORD_KEY
from cognito_standby.core.domain.ledger_keys import CONFLICT, OF_POOL
from cognito_standby.core.domain.subjects import (
    CLAIM_KEY,
    CONFIGURATION_KEY,
    NAME_KEY,
    POOL_KEY,
)


@dataclass(frozen=True)
class Targets:
    """ARNs of what the functions work on in their Region; unknown ones are empty."""

    bus: str
    parked_hints: str
    ledger: str
    records: str
    user_pool: str
    kms_key: str | None
    attention_index: str = ""
    changes: str = ""
    contain_failure: str = ""
    treated_machines: tuple[str, ...] = field(default=())
    """The machines whose failures are treated."""
    treated_executions: tuple[str, ...] = field(default=())
    """All executions of those."""
    record_shards: str = ""
    """The index by shard, of the records and of the ledger."""
    ledger_shards: str = ""
    runs: tuple[str, ...] = field(default=())
    """All executions that hold a pool, of reconcile_pool and restore_pool; the bucket of their
    files."""
    run_bucket: str = ""
    alarm_topic: str = ""
    """Where operators are told, and the key of that topic."""
    alarm_key: str = ""
    names_key: str = ""
    """The secret with the key of the index of names."""
    group_roles: tuple[str, ...] = field(default=())
    """IAM roles that groups of the pool may be given."""
    past_tables: str = ""
    """All tables of a time, and the machine whose executions use them."""
    restore_machine: str = ""
    dead_letters: str = ""
    reconcile_machine: str = ""
    failover_machines: tuple[str, ...] = field(default=())
    """`fail_over` and `stand_down`; and all executions of those."""
    failover_executions: tuple[str, ...] = field(default=())
    active_parameter: str = ""
    """Where the active pool is published; by it the fence knows who was last known to be active."""
    active_document: str = ""
    sets_limit: bool = False
    """Whether the limit of sign-ins is raised after a failover."""
    fenced: bool = False
    on_demand: bool = False
    """Whether the pool is filled on demand."""
    own_stack: str = ""
    two_accounts: bool = False
    web_acls: str = ""
    """All of the account's in this Region."""


LEADING_KEYS = "dynamodb:LeadingKeys"
POOL_KEYS = f"{OF_POOL}*"
"""What is kept in mind of each pool."""

Permission = Callable[[Targets], iam.PolicyStatement | None]
"""Makes one statement; None where there is nothing to be allowed."""


def allow(prefix: str, actions: str, *resources: str) -> iam.PolicyStatement:
    """Named actions of one service on named resources."""
    names = [f"{prefix}:{action}" for action in actions.split()]
    return iam.PolicyStatement(actions=names, resources=list(resources))


def only_keys(statement: iam.PolicyStatement, *keys: str) -> iam.PolicyStatement:
    """Items of these partition keys, `*` a wildcard, and no others.

    `ForAllValues` alone is true as well where a request tells no key at all (IAM User Guide, "Set
    operators for multivalued context keys"), so that the key must be there besides.
    """
    statement.add_condition("ForAllValues:StringLike", {LEADING_KEYS: list(keys)})
    statement.add_condition("Null", {LEADING_KEYS: "false"})
    return statement


def but_claims(statement: iam.PolicyStatement) -> iam.PolicyStatement:
    """Items of every partition key but that of the claims, which make a Region the active one, that
    of the pools, which apps are sent to, and that of the configurations, from which pools are made
    anew: only the machines of a failover write the first, only a deployment the second, and only
    the function that reads it the third. Of a batch it holds for all keys or for none."""
    others = [CLAIM_KEY, POOL_KEY, CONFIGURATION_KEY]
    statement.add_condition("ForAllValues:StringNotEquals", {LEADING_KEYS: others})
    statement.add_condition("Null", {LEADING_KEYS: "false"})
    return statement


def publish_hints(targets: Targets) -> iam.PolicyStatement:
    """Put hints on the installation's bus."""
    return allow("events", "PutEvents", targets.bus)


def park_hints(targets: Targets) -> iam.PolicyStatement:
    """Put a hint into the queue that feeds the same path."""
    return allow("sqs", "SendMessage", targets.parked_hints)


def keep_ledger(targets: Targets) -> iam.PolicyStatement:
    """Leases, intents and confirmations; a transaction needs the actions of its parts."""
    return allow("dynamodb", "GetItem BatchGetItem PutItem UpdateItem", targets.ledger)


def read_origins(targets: Targets) -> iam.PolicyStatement:
    """Whose copy a user of the pool is: the reverse map, and the row of one who was born here."""
    return allow("dynamodb", "BatchGetItem", targets.ledger)


def forget_rows(targets: Targets) -> iam.PolicyStatement:
    """Take away a row and its entry of the reverse map."""
    return allow("dynamodb", "DeleteItem", targets.ledger)


def forget_conflicts(targets: Targets) -> iam.PolicyStatement:
    """Take the list of conflicts of an erased user away: it has what they were."""
    return only_keys(allow("dynamodb", "DeleteItem", targets.ledger), f"{CONFLICT}*")


def read_records(targets: Targets) -> iam.PolicyStatement:
    """Both Regions' records, and the claims."""
    return allow("dynamodb", "BatchGetItem", targets.records)


def read_claims(targets: Targets) -> iam.PolicyStatement:
    """Both claims, and nothing else of the records."""
    return only_keys(allow("dynamodb", "BatchGetItem", targets.records), CLAIM_KEY)


def read_role(targets: Targets) -> iam.PolicyStatement | None:
    """The same; for the fence."""
    return read_claims(targets) if targets.fenced else None


def read_published_role(targets: Targets) -> iam.PolicyStatement | None:
    """Who was last known to be active; for the fence."""
    return allow("ssm", "GetParameter", targets.active_parameter) if targets.fenced else None


def read_intents(targets: Targets) -> iam.PolicyStatement | None:
    """Whether a user is about to be made by a replay; for the fence."""
    return allow("dynamodb", "GetItem", targets.ledger) if targets.fenced else None


def search_records(targets: Targets) -> iam.PolicyStatement:
    """Both Regions' records, all of them."""
    return allow("dynamodb", "Scan", targets.records)


def write_records(targets: Targets) -> iam.PolicyStatement:
    """Own records, tombstones and hashes of erased users included: nothing is deleted here."""
    return but_claims(allow("dynamodb", "PutItem", targets.records))


def note_passwords(targets: Targets) -> iam.PolicyStatement:
    """Note that somebody set a password, and change no other items."""
    return only_keys(allow("dynamodb", "UpdateItem", targets.records), f"{PASSWORD_KEY}*")


def read_names_key(targets: Targets) -> iam.PolicyStatement:
    """The key of the index of names."""
    return allow("secretsmanager", "GetSecretValue", targets.names_key)


def write_names(targets: Targets) -> iam.PolicyStatement:
    """Put and delete entries of the index of names, and no other items."""
    return only_keys(allow("dynamodb", "BatchWriteItem", targets.records), f"{NAME_KEY}*")


def on_demand(*permissions: Permission) -> tuple[Permission, ...]:
    """The same, where the pool is filled on demand; elsewhere none of them."""
    return tuple(_only(each) for each in permissions)


def _only(permission: Permission) -> Permission:
    return lambda targets: permission(targets) if targets.on_demand else None


def find_names(targets: Targets) -> iam.PolicyStatement:
    """Look names up in the index, and no other items: whose an identity is that is not known."""
    return only_keys(allow("dynamodb", "Query", targets.records), f"{NAME_KEY}*")


KEEP_NAMES: tuple[Permission, ...] = (read_names_key, write_names)
"""For whoever writes records."""


SCHEMA = "DescribeUserPool ListIdentityProviders GetUserPoolMfaConfig"
"""What a pool can hold. The last one where it has MFA: nothing else tells which factors."""
USER = "AdminGetUser AdminGetUserAuthFactors AdminListGroupsForUser"
"""A user. The second one where the pool offers passkeys: nothing else tells those."""


def read_pool(targets: Targets) -> iam.PolicyStatement:
    """Look at a user, a group and the schema."""
    return allow("cognito-idp", f"{SCHEMA} {USER} ListUsers GetGroup", targets.user_pool)


def know_world(targets: Targets) -> iam.PolicyStatement:
    """Which records table this is: asked once a minute at most, before anybody is made or goes."""
    return allow("dynamodb", "DescribeTable", targets.records)


def see_replication(targets: Targets) -> iam.PolicyStatement | None:
    """Whether the table still replicates to that of the other account."""
    return know_world(targets) if targets.two_accounts else None


def see_recoveries(targets: Targets) -> iam.PolicyStatement:
    """Was the pool recovered to a point in time? Asked before a deletion is believed."""
    return allow("cognito-idp", "ListPointInTimeRecoveries", targets.user_pool)


def write_profiles(targets: Targets) -> iam.PolicyStatement:
    """Make a user equal to the record; AdminDeleteUser evicts a deleted one whose name is needed.

    No AdminResetUserPassword and no sign-in calls: a replay sends no message to anybody.
    """
    users = (
        "AdminCreateUser AdminUpdateUserAttributes AdminDeleteUserAttributes AdminEnableUser "
        "AdminDisableUser AdminSetUserPassword AdminDeleteUser "
        "AdminLinkProviderForUser AdminDisableProviderForUser AdminSetUserMFAPreference"
    )
    groups = "CreateGroup UpdateGroup DeleteGroup"
    return allow("cognito-idp", f"{users} {groups}", targets.user_pool)


def pass_group_roles(targets: Targets) -> iam.PolicyStatement | None:
    """Give a group one of the mapped roles, and no other: who passes a role hands out its rights.

    Without `iam:PassedToService`: what Cognito's value would be is not documented, and a condition
    that no request meets would be a right that never helps.
    """
    if not targets.group_roles:
        return None
    return allow("iam", "PassRole", *targets.group_roles)


def write_memberships(targets: Targets) -> iam.PolicyStatement:
    """Join and leave groups."""
    actions = "AdminAddUserToGroup AdminRemoveUserFromGroup"
    return allow("cognito-idp", actions, targets.user_pool)


def use_key(kms_key: str | None) -> iam.PolicyStatement | None:
    """Use the customer-managed key, if there is one, as tables and queues need it."""
    if kms_key is None:
        return None
    return allow("kms", "Decrypt Encrypt GenerateDataKey DescribeKey", kms_key)


def ask_owner(function: str | None) -> iam.PolicyStatement | None:
    """Call the owner's function of a trigger, if there is one."""
    return allow("lambda", "InvokeFunction", function) if function else None
