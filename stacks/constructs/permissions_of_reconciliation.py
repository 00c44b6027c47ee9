"""What the steps of a reconciliation may do. Only the repair writes to the pool.

Nobody here may answer the brake's question: that takes an operator's own credentials.
"""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from stacks.constructs import permissions as may
from stacks.constructs.permissions import Permission, Targets, allow
from stacks.constructs.run_bucket import REPORTS, RUNS

NOTE_KEYS = ("#run", "#pool", "#notes", "#question*")


def list_pool(targets: Targets) -> iam.PolicyStatement:
    """Listings and the schema; none of these makes anybody an active user."""
    actions = "DescribeUserPool ListUsers ListGroups ListUsersInGroup"
    return allow("cognito-idp", actions, targets.user_pool)


def describe_pool(targets: Targets) -> iam.PolicyStatement:
    """The schema, and about how many users there are."""
    return allow("cognito-idp", "DescribeUserPool", targets.user_pool)


def keep_notes(targets: Targets) -> iam.PolicyStatement:
    """The lock, the pool of record, the notes of the Region, the questions, and nothing else."""
    actions = "GetItem PutItem UpdateItem DeleteItem"
    statement = allow("dynamodb", actions, targets.ledger)
    statement.add_condition("ForAllValues:StringLike", {"dynamodb:LeadingKeys": list(NOTE_KEYS)})
    return statement


def look_up_origins(targets: Targets) -> iam.PolicyStatement:
    """The ledger's reverse map."""
    return allow("dynamodb", "BatchGetItem", targets.ledger)


def compare(targets: Targets) -> iam.PolicyStatement:
    """Both tables by their shards."""
    return allow("dynamodb", "Query", targets.record_shards, targets.ledger_shards)


def strip_records(targets: Targets) -> iam.PolicyStatement:
    """Take away own tombstones that both Regions have, and nobody needs any more."""
    return allow("dynamodb", "DeleteItem", targets.records)


def see_runs(targets: Targets) -> iam.PolicyStatement:
    """Does the run that holds the pool go on?"""
    return allow("states", "DescribeExecution", targets.runs)


def list_files(targets: Targets) -> iam.PolicyStatement:
    """Names of files; without it a file that is not there cannot be told from a forbidden one, and
    with a condition on the prefix neither."""
    return allow("s3", "ListBucket", targets.run_bucket)


def keep_runs(targets: Targets) -> iam.PolicyStatement:
    """Files of the runs."""
    return allow("s3", "GetObject PutObject", f"{targets.run_bucket}/{RUNS}*")


def keep_reports(targets: Targets) -> iam.PolicyStatement:
    """Reports."""
    return allow("s3", "GetObject PutObject", f"{targets.run_bucket}/{REPORTS}*")


def tell_operators(targets: Targets) -> iam.PolicyStatement:
    """Publish to the topic of the alarms."""
    return allow("sns", "Publish", targets.alarm_topic)


def use_alarm_key(targets: Targets) -> iam.PolicyStatement:
    """The topic's own key."""
    return allow("kms", "Decrypt GenerateDataKey", targets.alarm_key)


FILES: tuple[Permission, ...] = (list_files, keep_runs)
LOCK: tuple[Permission, ...] = (keep_notes, see_runs)
OPEN: tuple[Permission, ...] = (
    *(*FILES, *LOCK, may.read_records),
    *(describe_pool, may.see_recoveries),
)
PLAN: tuple[Permission, ...] = (*FILES, *LOCK)
LIST: tuple[Permission, ...] = (*FILES, list_pool, look_up_origins)
COMPARE: tuple[Permission, ...] = (*FILES, compare, look_up_origins)
JUDGE: tuple[Permission, ...] = (
    *(*FILES, *LOCK, may.read_records),
    *(may.know_world, may.see_recoveries),
    may.publish_hints,
)
ASK: tuple[Permission, ...] = (*FILES, keep_notes, tell_operators, use_alarm_key)
REPAIR: tuple[Permission, ...] = (
    *FILES,
    *(may.keep_ledger, may.read_records, may.read_pool, may.write_records),
    *(may.know_world, may.see_recoveries),
    strip_records,
    *(may.write_profiles, may.write_memberships, may.publish_hints),
)
REPORT: tuple[Permission, ...] = (*FILES, keep_reports, keep_notes, may.read_records)
CLOSE: tuple[Permission, ...] = (keep_notes,)
