"""The state machines: one entry of `MACHINES` each. `workflows/<name>.asl.json` defines <name>."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from cognito_standby.recovery.domain.past_tables import RESTORE_POOL
from stacks.constructs.explained import explain_patterns
from stacks.constructs.functions.task_list import FORMER_REPLAY
from stacks.names import Names


@dataclass(frozen=True)
class Service:
    """Something other than a function that a definition calls: the value of its placeholder, and
    the statements that allow what is done with it."""

    value: str
    statements: Sequence[iam.PolicyStatement]


@dataclass(frozen=True)
class Machine:
    """One machine, the tasks that its definition calls, and the placeholders of what else."""

    name: str
    tasks: tuple[str, ...]
    services: tuple[str, ...] = ()
    former_tasks: tuple[str, ...] = ()
    """Those that only executions of a former definition call."""
    treated: bool = True
    """Whether its failures start `contain_failure`. Not those of the two that treat failures (a
    failure of theirs would start the next one), nor where the next run makes up for it."""


MACHINES = (
    Machine(
        "sync_user",
        ("plan_sync", "capture_record", "replay_record"),
        former_tasks=FORMER_REPLAY,
    ),
    Machine(
        "contain_failure",
        ("note_failure", "contain_failure"),
        ("dead_letters_url", "ledger_table_name"),
        treated=False,
    ),
    Machine(
        "apply_admin_change",
        (
            *("snapshot_user", "apply_change", "write_record"),
            *("compensate_change", "complete_change"),
        ),
    ),
    Machine("hint_members", ("hint_members",)),
    # The next run finds whatever a failed one left; an alarm of its own tells of it.
    Machine(
        "reconcile_pool",
        (
            *("open_run", "plan_listing", "list_part", "plan_comparison", "compare_bucket"),
            *("judge_drift", "ask_operator", "plan_repairs", "repair_batch"),
            *("write_report", "close_run"),
        ),
        ("run_bucket_name",),
        treated=False,
    ),
    Machine("sweep_failures", ("sweep_failures", "snapshot_configuration"), treated=False),
    # The operator who started it follows it, and runs it again where it failed.
    Machine(
        "fail_over",
        (
            *("plan_failover", "survey_records", "settle_region", "reconcile_region"),
            *("reset_changed_passwords", "claim_region", "publish_active"),
        ),
        treated=False,
    ),
    Machine(
        "stand_down",
        ("stand_down", "settle_region", "reconcile_region", "survey_records"),
        treated=False,
    ),
    Machine("measure_rpo", ("measure_rpo",), treated=False),
    # The operator who started it follows it, and resumes it where it failed.
    Machine(
        RESTORE_POOL,
        (
            *("open_restore", "open_past_table", "plan_restore", "restore_part", "close_restore"),
            "close_past_table",
        ),
        ("run_bucket_name",),
        treated=False,
    ),
    # The next run does what a failed one left.
    Machine("publish_active", ("publish_active",), treated=False),
)
"""Every machine. A new one is one entry."""

TREATED = tuple(machine.name for machine in MACHINES if machine.treated)
"""Those whose failures start `contain_failure`."""


class Workflow(Construct):
    """A Standard machine with a role that may only call its own functions."""

    def __init__(
        self,
        scope: Construct,
        machine: Machine,
        *,
        names: Names,
        functions: Mapping[str, lambda_.IFunction],
        services: Mapping[str, Service],
        log_days: logs.RetentionDays,
        key: kms.IKey | None,
    ) -> None:
        taken = machine.name in functions
        super().__init__(scope, f"{machine.name}-machine" if taken else machine.name)
        definition = workflows.load(machine.name)
        called = {task: functions[task].function_arn for task in machine.tasks}
        used = {name: services[name] for name in machine.services}
        statements = [statement for one in used.values() for statement in one.statements]
        if key and used:
            actions = ["kms:Decrypt", "kms:GenerateDataKey"]
            statements.append(iam.PolicyStatement(actions=actions, resources=[key.key_arn]))
        former = [functions[task].function_arn for task in machine.former_tasks]
        role = self._role([*called.values(), *former], statements)
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            state_machine_name=names.machine(machine.name),
            state_machine_type=sfn.StateMachineType.STANDARD,
            definition_body=sfn.DefinitionBody.from_string(definition.text),
            definition_substitutions=definition.substitutions(
                {f"{task}_arn": arn for task, arn in called.items()}
                | {name: one.value for name, one in used.items()}
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
        explain_patterns(role, statements)

    def _role(self, functions: list[str], more: list[iam.PolicyStatement]) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        invoke = iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=functions)
        for statement in (invoke, *more):
            role.add_to_policy(statement)
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
