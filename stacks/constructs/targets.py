"""What the functions of a Region's stack may be given rights to."""

from __future__ import annotations

from aws_cdk import Stack

from cognito_standby.core.domain.ledger_keys import BY_ATTENTION, BY_SHARD
from cognito_standby.failures.domain.failures import RECONCILE_MACHINE
from stacks.constructs.arns import (
    active_parameter_arn,
    executions_arn,
    machine_arn,
    names_key_arn,
)
from stacks.constructs.functions.environments import Resources
from stacks.constructs.machines.state_machines import TREATED
from stacks.names import Names
from stacks.permissions.core import Targets


def targets_of(
    stack: Stack,
    names: Names,
    resources: Resources,
    *,
    records: str,
    user_pool: str,
    run_bucket: str,
    alarm_key: str,
    kms_key: str | None,
    group_roles: tuple[str, ...],
    fenced: bool,
) -> Targets:
    """The others by their ARN. `user_pool`: "" for functions that need none."""
    ledger = resources.ledger.table_arn
    return Targets(
        bus=resources.bus.event_bus_arn,
        parked_hints=resources.parked_hints.queue_arn,
        ledger=ledger,
        records=records,
        changes=resources.changes.table_arn,
        user_pool=user_pool,
        kms_key=kms_key,
        attention_index=f"{ledger}/index/{BY_ATTENTION}",
        contain_failure=machine_arn(stack, names, "contain_failure"),
        treated_machines=tuple(machine_arn(stack, names, name) for name in TREATED),
        treated_executions=tuple(executions_arn(stack, names, name) for name in TREATED),
        record_shards=f"{records}/index/{BY_SHARD}",
        ledger_shards=f"{ledger}/index/{BY_SHARD}",
        runs=executions_arn(stack, names, RECONCILE_MACHINE),
        run_bucket=run_bucket,
        alarm_topic=resources.alarm_topic.topic_arn,
        alarm_key=alarm_key,
        names_key=names_key_arn(stack, names),
        group_roles=group_roles,
        active_parameter=active_parameter_arn(stack, names) if fenced else "",
    )
