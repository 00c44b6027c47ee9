"""What the publication of the active pool may do, and what ARC Region switch calls. Nobody else may
write parameter and document."""

from __future__ import annotations

from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.ledger_keys import PUBLISHED
from cognito_standby.core.domain.subjects import CLAIM_KEY, POOL_KEY
from stacks.permissions import core as may
from stacks.permissions import reconciliation as compares
from stacks.permissions.core import Permission, Targets, allow


def read_claims_and_pools(targets: Targets) -> iam.PolicyStatement:
    """Both Regions' claims and pools, and no record of anybody."""
    return may.only_keys(allow("dynamodb", "BatchGetItem", targets.records), CLAIM_KEY, POOL_KEY)


def keep_publication_note(targets: Targets) -> iam.PolicyStatement:
    """Who publishes, and what was published and told."""
    return may.only_keys(allow("dynamodb", "UpdateItem", targets.ledger), PUBLISHED)


def write_parameter(targets: Targets) -> iam.PolicyStatement:
    """The one parameter."""
    return allow("ssm", "GetParameter PutParameter", targets.active_parameter)


def write_document(targets: Targets) -> iam.PolicyStatement:
    """The one file."""
    return allow("s3", "GetObject PutObject", targets.active_document)


def set_limit(targets: Targets) -> iam.PolicyStatement | None:
    """The account's limit of sign-ins in this Region; neither action knows resources."""
    actions = "GetProvisionedLimit UpdateProvisionedLimit"
    return allow("cognito-idp", actions, "*") if targets.sets_limit else None


def start_failovers(targets: Targets) -> iam.PolicyStatement:
    """The two machines, in this Region alone."""
    return allow("states", "StartExecution", *targets.failover_machines)


def follow_failovers(targets: Targets) -> iam.PolicyStatement:
    """How far they are."""
    return allow("states", "DescribeExecution", *targets.failover_executions)


def announce_pool(records: str) -> iam.PolicyStatement:
    """Put and remove the items that say which pool a Region has, and no others."""
    return may.only_keys(allow("dynamodb", "PutItem DeleteItem", records), POOL_KEY)


def withdraw_parameter(parameter: str) -> iam.PolicyStatement:
    """Take the parameter away, when the stack goes."""
    return allow("ssm", "DeleteParameter", parameter)


def see_triggers(user_pool: str) -> iam.PolicyStatement:
    """Whether the pool still calls functions of the stack, when it goes."""
    return allow("cognito-idp", "DescribeUserPool", user_pool)


PUBLISH: tuple[Permission, ...] = (
    *(read_claims_and_pools, keep_publication_note, write_parameter, write_document),
    *(compares.list_files, set_limit, compares.tell_operators, compares.use_alarm_key),
)
SWITCH: tuple[Permission, ...] = (may.read_claims, start_failovers, follow_failovers)
