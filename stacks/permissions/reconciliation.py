"""What the steps of a reconciliation may do. Only the repair writes to the pool.

Nobody here may answer the brake's question: that takes an operator's own credentials.
"""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.ledger_keys import FIRST_POOL, NOTES, QUESTION, RUN
from cognito_standby.core.domain.subjects import CONFIGURATION_KEY
from stacks.constructs.storage.run_bucket import REPORTS, RUNS
from stacks.permissions import api as of_api
from stacks.permissions import core as may
from stacks.permissions.core import Permission, Targets, allow

LOCK_KEYS = (RUN, FIRST_POOL)
REGION_KEYS = (NOTES, FIRST_POOL)
"""What is noted about the Region as a whole: table, recoveries, the first pool."""
QUESTION_KEYS = f"{QUESTION.removesuffix('#')}*"
"""The questions, and the list of the open ones."""


def probe_pool(targets: Targets) -> iam.PolicyStatement:
    """The schema, all groups, and how many users a prefix has; nobody becomes an active user."""
    return allow("cognito-idp", "DescribeUserPool ListUsers ListGroups", targets.user_pool)


def list_pool(targets: Targets) -> iam.PolicyStatement:
    """The schema, the users of a prefix and the members of a group."""
    return allow("cognito-idp", "DescribeUserPool ListUsers ListUsersInGroup", targets.user_pool)


def describe_pool(targets: Targets) -> iam.PolicyStatement:
    """The schema, and about how many users there are."""
    return allow("cognito-idp", "DescribeUserPool", targets.user_pool)


def describe_sign_in(targets: Targets) -> iam.PolicyStatement:
    """The second factors that the pool offers, which DescribeUserPool does not tell."""
    return allow("cognito-idp", "GetUserPoolMfaConfig", targets.user_pool)


def hold_lock(targets: Targets) -> iam.PolicyStatement:
    """Take the lock or find who has it, and note the pool of record."""
    return _notes("GetItem PutItem", targets, *LOCK_KEYS)


def end_run(targets: Targets) -> iam.PolicyStatement:
    """Give the lock back."""
    return _notes("DeleteItem", targets, *LOCK_KEYS)


def read_pool_note(targets: Targets) -> iam.PolicyStatement:
    """What the last run saw of the pool."""
    return _notes("GetItem", targets, may.POOL_KEYS)


def keep_pool_note(targets: Targets) -> iam.PolicyStatement:
    """What the next run has to know of the pool, and when the last one ended."""
    return _notes("UpdateItem", targets, may.POOL_KEYS)


def note_question(targets: Targets) -> iam.PolicyStatement:
    """Put a question, and its name into the list of open ones."""
    return _notes("PutItem UpdateItem", targets, QUESTION_KEYS)


def settle_question(targets: Targets) -> iam.PolicyStatement:
    """Take both away."""
    return _notes("UpdateItem DeleteItem", targets, QUESTION_KEYS)


def read_region(targets: Targets) -> iam.PolicyStatement:
    """Look which table was confirmed, and after which recoveries a run has looked."""
    return _notes("GetItem", targets, *REGION_KEYS)


def settle_recoveries(targets: Targets) -> iam.PolicyStatement:
    """Note that a run has looked after a recovery of the pool."""
    return _notes("UpdateItem", targets, *REGION_KEYS)


def _notes(actions: str, targets: Targets, *keys: str) -> iam.PolicyStatement:
    return may.only_keys(allow("dynamodb", actions, targets.ledger), *keys)


def look_up_origins(targets: Targets) -> iam.PolicyStatement:
    """The ledger's reverse map."""
    return allow("dynamodb", "BatchGetItem", targets.ledger)


def compare(targets: Targets) -> iam.PolicyStatement:
    """Both tables by their shards, and what the pool does not hold."""
    indexes = (targets.record_shards, targets.ledger_shards, targets.attention_index)
    return allow("dynamodb", "Query", *indexes)


def strip_records(targets: Targets) -> iam.PolicyStatement:
    """Bring own records into the index; retire and take away own tombstones that both Regions
    have, and nobody needs any more."""
    return may.but_claims(allow("dynamodb", "UpdateItem DeleteItem", targets.records))


def see_runs(targets: Targets) -> iam.PolicyStatement:
    """Does a run go on?"""
    return allow("states", "DescribeExecution", *targets.runs)


def list_files(targets: Targets) -> iam.PolicyStatement:
    """Names of files; without it a file that is not there cannot be told from a forbidden one, and
    with a condition on the prefix neither."""
    return allow("s3", "ListBucket", targets.run_bucket)


def keep_runs(targets: Targets) -> iam.PolicyStatement:
    """Files of the runs."""
    return allow("s3", "GetObject PutObject", f"{targets.run_bucket}/{RUNS}*")


def read_runs(targets: Targets) -> iam.PolicyStatement:
    """Files of the runs, for those who write none."""
    return allow("s3", "GetObject", f"{targets.run_bucket}/{RUNS}*")


def keep_reports(targets: Targets) -> iam.PolicyStatement:
    """Reports."""
    return allow("s3", "GetObject PutObject", f"{targets.run_bucket}/{REPORTS}*")


def read_snapshots(targets: Targets) -> iam.PolicyStatement:
    """Both pools' snapshots and the notes about them, and no other items of the records."""
    return may.only_keys(
        allow("dynamodb", "BatchGetItem Query", targets.records), CONFIGURATION_KEY
    )


def tell_operators(targets: Targets) -> iam.PolicyStatement:
    """Publish to the topic of the alarms."""
    return allow("sns", "Publish", targets.alarm_topic)


def use_alarm_key(targets: Targets) -> iam.PolicyStatement:
    """The topic's own key."""
    return allow("kms", "Decrypt GenerateDataKey", targets.alarm_key)


FILES: tuple[Permission, ...] = (list_files, keep_runs)
LOCK: tuple[Permission, ...] = (hold_lock, see_runs)
OPEN: tuple[Permission, ...] = (
    *(*FILES, *LOCK, may.read_records, of_api.read_addresses),
    *(describe_pool, describe_sign_in, may.see_recoveries, read_region, read_pool_note),
)
PLAN: tuple[Permission, ...] = (*FILES, *LOCK, read_pool_note)
PROBE: tuple[Permission, ...] = (*PLAN, probe_pool, look_up_origins)
"""A probe that shows everybody of its prefix is their listing: whose they are is asked then, where
the pool's copies of the origin subs do not tell."""
LIST: tuple[Permission, ...] = (*FILES, list_pool, look_up_origins)
COMPARE: tuple[Permission, ...] = (
    *(*FILES, compare, look_up_origins),
    *may.on_demand(may.read_records),
)
"""Digests are enough of all but who is awaited: no pool tells how they get in."""
JUDGE: tuple[Permission, ...] = (
    *(*FILES, *LOCK, may.read_records),
    *(may.know_world, may.see_recoveries, read_region),
    *(may.publish_hints, read_pool_note, keep_pool_note),
)
ASK: tuple[Permission, ...] = (list_files, read_runs, note_question, tell_operators, use_alarm_key)
REPAIR: tuple[Permission, ...] = (
    *FILES,
    *(may.keep_ledger, may.forget_rows, may.read_records, may.read_pool, may.write_records),
    *(may.know_world, may.see_recoveries),
    *(strip_records, *may.KEEP_NAMES, may.find_names),
    *(may.write_profiles, may.pass_group_roles, may.write_memberships, may.publish_hints),
)
REPORT: tuple[Permission, ...] = (
    *(list_files, read_runs, keep_reports),
    *(settle_question, settle_recoveries, keep_pool_note, read_snapshots),
)
CLOSE: tuple[Permission, ...] = (end_run, settle_question)
