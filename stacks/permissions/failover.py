"""What the tasks of a failover may do. Only two of them write claims, and nothing else."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.subjects import CLAIM_KEY
from stacks.constructs.storage.run_bucket import REPORTS
from stacks.permissions import core as may
from stacks.permissions import reconciliation as compares
from stacks.permissions.core import Permission, Targets, allow


def write_claims(targets: Targets) -> iam.PolicyStatement:
    """Claims, and no other items. Everybody else is refused just these (`core.but_claims`)."""
    return may.only_keys(allow("dynamodb", "PutItem", targets.records), CLAIM_KEY)


def see_activity(targets: Targets) -> iam.PolicyStatement:
    """Do executions capture or replay?"""
    return allow("states", "ListExecutions", *targets.treated_machines)


def see_queues(targets: Targets) -> iam.PolicyStatement:
    """How many hints and letters wait."""
    return allow("sqs", "GetQueueAttributes", targets.parked_hints, targets.dead_letters)


def begin_run(targets: Targets) -> iam.PolicyStatement:
    """Start a reconciliation."""
    return allow("states", "StartExecution", targets.reconcile_machine)


def read_reports(targets: Targets) -> iam.PolicyStatement:
    """How it ended."""
    return allow("s3", "GetObject", f"{targets.run_bucket}/{REPORTS}*")


PLAN: tuple[Permission, ...] = (may.read_claims,)
SURVEY: tuple[Permission, ...] = (may.search_records,)
SETTLE: tuple[Permission, ...] = (see_activity, see_queues)
RECONCILE: tuple[Permission, ...] = (
    begin_run,
    compares.see_runs,
    compares.list_files,
    read_reports,
)
CLAIM: tuple[Permission, ...] = (may.read_claims, write_claims)
