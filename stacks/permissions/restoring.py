"""What the tasks of a restore may do. One of them writes to the pool, by the steps of SYNC."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from stacks.constructs.storage.run_bucket import REPORTS
from stacks.permissions import api as of_api
from stacks.permissions import core as may
from stacks.permissions import past_tables as past
from stacks.permissions import reconciliation as compares
from stacks.permissions.core import Permission, Targets, allow


def write_reports(targets: Targets) -> iam.PolicyStatement:
    """Reports of restores."""
    return allow("s3", "PutObject", f"{targets.run_bucket}/{REPORTS}*")


def read_past(targets: Targets) -> iam.PolicyStatement:
    """The records as of a time."""
    return allow("dynamodb", "BatchGetItem Scan", targets.past_tables)


def look_at_schema(targets: Targets) -> iam.PolicyStatement:
    """What the pool can hold, and about how many users there are."""
    return allow("cognito-idp", f"DescribeUserPool {may.SCHEMA}", targets.user_pool)


OPEN: tuple[Permission, ...] = (
    *(*compares.FILES, *compares.LOCK, may.read_records, look_at_schema),
    *(may.know_world, may.see_recoveries, compares.read_region),
    *(past.see, past.see_window),
)
PLAN: tuple[Permission, ...] = (*compares.FILES, *compares.LOCK, may.read_claims)
RESTORE: tuple[Permission, ...] = (
    *(*compares.FILES, may.search_records, read_past, of_api.submit_changes),
    *(may.keep_ledger, may.read_records, may.read_pool, may.write_records),
    *(*may.KEEP_NAMES, may.find_names, may.know_world, may.see_recoveries),
    *(may.write_profiles, may.pass_group_roles, may.write_memberships, may.publish_hints),
)
CLOSE: tuple[Permission, ...] = (
    *(compares.list_files, compares.read_runs),
    *(write_reports, compares.end_run),
)
