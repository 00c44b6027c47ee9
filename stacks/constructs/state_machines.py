"""The state machines: one entry of `MACHINES` each. `workflows/<name>.asl.json` defines <name>."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import Acknowledgment as Ack
from aws_cdk import RemovalPolicy, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

import workflows
from stacks.names import Names


@dataclass(frozen=True)
class Machine:
    """One machine and the tasks that its definition calls."""

    name: str
    tasks: tuple[str, ...]


MACHINES = (
    Machine(
        "sync_user",
        ("plan_sync", "capture_record", "replay_profile", "replay_memberships", "confirm_sync"),
    ),
)
"""Every machine. A new one is one entry."""


class Workflow(Construct):
    """A Standard machine with a role that may only call its own functions."""

    def __init__(
        self,
        scope: Construct,
        machine: Machine,
        *,
        names: Names,
        functions: Mapping[str, lambda_.IFunction],
        log_days: logs.RetentionDays,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, machine.name)
        definition = workflows.load(machine.name)
        called = {task: functions[task].function_arn for task in machine.tasks}
        role = self._role(list(called.values()))
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=names.machine(machine.name),
            state_machine_type=sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_string(definition.text),
            definition_substitutions=definition.substitutions(
                {f"{task}_arn": arn for task, arn in called.items()}
            ),
            role=role,
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=self._log_group(names.machine(machine.name), log_days, key),
                level=sfn.LogLevel.ERROR,
                include_execution_data=False,
            ),
        )
        self._explain(role)

    def _role(self, functions: list[str]) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=functions)
        )
        return role

    def _log_group(
        self, name: str, retention: logs.RetentionDays, key: kms.IKey | None
    ) -> logs.LogGroup:
        # Under /aws/vendedlogs/ the account's log resource policy does not grow with each group
        # (Step Functions developer guide, "Logging using CloudWatch Logs").
        return logs.LogGroup(
            self,
            "Logs",
            log_group_name=f"/aws/vendedlogs/states/{name}",
            retention=retention,
            encryption_key=key,
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _explain(self, role: iam.Role) -> None:
        Validations.of(role).acknowledge(
            Ack(
                id="AwsSolutions-IAM5[Resource::*]",
                reason="X-Ray's and CloudWatch Logs' delivery actions know no resources.",
            )
        )
        Validations.of(self.machine).acknowledge(
            Ack(
                id="AwsSolutions-SF1",
                reason="Errors only: the history of a Standard execution is kept 90 days anyway.",
            )
        )
