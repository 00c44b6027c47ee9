"""What the functions of a Region's stack may be given rights to."""

from __future__ import annotations

from aws_cdk import Stack

from cognito_standby.core.domain.ledger_keys import BY_ATTENTION, BY_SHARD
from cognito_standby.failures.domain.failures import RECONCILE_MACHINE
from cognito_standby.recovery.domain.active_pool import DOCUMENT
from cognito_standby.recovery.domain.past_tables import RESTORE_POOL
from cognito_standby.recovery.domain.requests import FAIL_OVER, STAND_DOWN
from stacks.constructs.arns import (
    executions_arn,
    machine_arn,
    names_key_arn,
    parameter_arn,
    past_tables_arn,
    stack_arn,
)
from stacks.constructs.functions.environments import Resources
from stacks.constructs.machines.state_machines import TREATED
from stacks.names import Names
from stacks.permissions.core import Targets

FAILOVERS = (FAIL_OVER, STAND_DOWN)
HOLDERS = (RECONCILE_MACHINE, RESTORE_POOL)
"""Whose executions hold a pool, one at a time."""


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
    sets_limit: bool,
    fenced: bool,
    on_demand: bool,
    two_accounts: bool,
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
        runs=tuple(executions_arn(stack, names, name) for name in HOLDERS),
        run_bucket=run_bucket,
        alarm_topic=resources.alarm_topic.topic_arn,
        alarm_key=alarm_key,
        names_key=names_key_arn(stack, names),
        group_roles=group_roles,
        past_tables=past_tables_arn(stack, names),
        restore_machine=machine_arn(stack, names, RESTORE_POOL),
        dead_letters=resources.dead_letters.queue_arn,
        reconcile_machine=machine_arn(stack, names, RECONCILE_MACHINE),
        failover_machines=tuple(machine_arn(stack, names, name) for name in FAILOVERS),
        failover_executions=tuple(executions_arn(stack, names, name) for name in FAILOVERS),
        active_parameter=parameter_arn(stack, names),
        active_document=f"{run_bucket}/{DOCUMENT}",
        own_stack=stack_arn(stack, names),
        web_acls=stack.format_arn(service="wafv2", resource="regional/webacl", resource_name="*"),
        sets_limit=sets_limit,
        fenced=fenced,
        on_demand=on_demand,
        two_accounts=two_accounts,
    )
