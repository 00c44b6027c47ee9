"""What runs periodically: the sweep, the canary, the publication of the active pool and the
reconciliation, by EventBridge Scheduler.

A start that fails ends in the dead letter queue.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cognito_standby.failures.domain.failures import RECONCILE_MACHINE
from cognito_standby.reconciliation.domain.run_request import UNASKED
from stacks.config.parts import Schedules
from stacks.names import Names

SCHEDULE_ATTEMPTS = 10
SCHEDULE_MAX_AGE_SECONDS = 900
"""A sweep that comes too late is worth nothing: the next one does its work."""


def add_schedules(
    scope: Construct,
    *,
    names: Names,
    schedules: Schedules,
    machines: Mapping[str, sfn.IStateMachine],
    dead_letters: sqs.IQueue,
    key: kms.IKey | None,
) -> None:
    """What the config wants to be run periodically."""
    wanted = (
        ("sweep", schedules.sweep, "sweep_failures"),
        ("canary", schedules.canary, "measure_rpo"),
        ("publish", schedules.publish, "publish_active"),
        ("reconcile", schedules.reconcile, RECONCILE_MACHINE),
    )
    for name, expression, started in wanted:
        if expression:
            MachineSchedule(
                scope,
                name,
                names=names,
                expression=expression,
                machine=machines[started],
                dead_letters=dead_letters,
                key=key,
                first=machines.values(),
                # A `rate` fires when it is made; the run must know that nobody asked for it.
                given=UNASKED if started == RECONCILE_MACHINE else {},
            )


class MachineSchedule(Construct):
    """Starts a machine periodically, with the same input each time."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        names: Names,
        expression: str,
        machine: sfn.IStateMachine,
        dead_letters: sqs.IQueue,
        key: kms.IKey | None,
        first: Iterable[sfn.IStateMachine],
        given: Mapping[str, bool],
    ) -> None:
        super().__init__(scope, f"{name}-schedule")
        role = self._role(machine, dead_letters, key)
        schedule = scheduler.CfnSchedule(
            self,
            "Schedule",
            name=names.schedule(name),
            description=f"Starts {name}",
            schedule_expression=expression,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=machine.state_machine_arn,
                role_arn=role.role_arn,
                input=json.dumps(given),
                retry_policy=scheduler.CfnSchedule.RetryPolicyProperty(
                    maximum_retry_attempts=SCHEDULE_ATTEMPTS,
                    maximum_event_age_in_seconds=SCHEDULE_MAX_AGE_SECONDS,
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(
                    arn=dead_letters.queue_arn
                ),
            ),
        )
        schedule.node.add_dependency(role.node.find_child("DefaultPolicy"))
        # A `rate` fires when it is made: what it starts asks other machines, and starts them.
        schedule.node.add_dependency(*first)

    def _role(
        self, machine: sfn.IStateMachine, dead_letters: sqs.IQueue, key: kms.IKey | None
    ) -> iam.Role:
        account = Stack.of(self).account
        principal = iam.ServicePrincipal(
            "scheduler.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": account}}
        )
        role = iam.Role(self, "Role", assumed_by=principal)
        allowed = [
            ("states:StartExecution", machine.state_machine_arn),
            ("sqs:SendMessage", dead_letters.queue_arn),
        ]
        for action, resource in allowed:
            role.add_to_policy(iam.PolicyStatement(actions=[action], resources=[resource]))
        if key:
            actions = ["kms:Decrypt", "kms:GenerateDataKey"]
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=[key.key_arn]))
        return role
