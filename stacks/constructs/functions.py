"""The functions: one entry of `TASKS` each. `tasks/<name>.py` is the code of the task <name>."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from pathlib import Path
from typing import TypedDict

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Duration, RemovalPolicy, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.constructs import permissions as may
from stacks.constructs import permissions_of_api as api
from stacks.constructs import permissions_of_changes as changes
from stacks.constructs import permissions_of_containment as also_may
from stacks.constructs import permissions_of_reconciliation as compares
from stacks.constructs.explained import explain_patterns
from stacks.constructs.permissions import Permission, Targets
from stacks.names import Names

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64


class Role(Enum):
    """What a function is for: decides its settings and whether its calls are echoes."""

    TRIGGER = auto()
    """Called by the pool; told TriggerSettings."""
    SYNC = auto()
    """A step of sync_user; told SyncSettings."""
    REPLAY = auto()
    """A step that writes to the pool: its own calls are no hints. Told SyncSettings."""
    NOTE = auto()
    """Notes a failure and claims its letter; told NoteSettings."""
    CANARY = auto()
    """Measures the RPO; told CanarySettings."""
    SWEEP = auto()
    """Looks for what the status events missed; told SweepSettings."""
    RECONCILE = auto()
    """A step of reconcile_pool; told ReconcileSettings."""
    REPAIR = auto()
    """The one that writes to the pool: its own calls are no hints. Told ReconcileSettings."""
    CHANGE = auto()
    """A step of apply_admin_change, or what makes a pool safe after one: its own calls are no
    hints. Told ChangeSettings."""
    API = auto()
    """Answers the gateway; told ApiSettings."""
    MEMBERS = auto()
    """Finds those who were in a group; told MembersSettings."""


class _Limits(TypedDict):
    timeout_seconds: int
    memory_mb: int


@dataclass(frozen=True)
class Task:
    """One function."""

    name: str
    role: Role
    permissions: tuple[Permission, ...]
    timeout_seconds: int = 30
    memory_mb: int = 512


_LONG: _Limits = {"timeout_seconds": 240, "memory_mb": 1024}
"""Within the 5 minutes of an Express execution; the memory buys CPU for comparing."""

_SYNC = (may.keep_ledger, may.read_records, may.read_pool)

TASKS = (
    # 5 s is Cognito's own limit of a trigger; the memory buys CPU for the cold start.
    Task(
        "post_confirmation",
        Role.TRIGGER,
        (may.publish_hints, may.park_hints),
        timeout_seconds=5,
        memory_mb=1024,
    ),
    Task("plan_sync", Role.SYNC, (*_SYNC, may.write_records, may.publish_hints)),
    Task("capture_record", Role.SYNC, (*_SYNC, may.write_records, may.publish_hints)),
    Task("replay_profile", Role.REPLAY, (*_SYNC, may.write_profiles, may.publish_hints)),
    Task("replay_memberships", Role.REPLAY, (*_SYNC, may.write_memberships, may.publish_hints)),
    Task("confirm_sync", Role.SYNC, (*_SYNC, may.write_records, may.publish_hints)),
    Task("snapshot_user", Role.CHANGE, changes.STEP),
    Task("apply_change", Role.CHANGE, (*changes.APPLY, changes.note_erasures)),
    Task("write_record", Role.CHANGE, changes.STEP),
    Task("compensate_change", Role.CHANGE, (*changes.COMPENSATE, changes.note_erasures)),
    Task("complete_change", Role.CHANGE, changes.COMPLETE),
    Task("note_failure", Role.NOTE, (*also_may.NOTE, changes.keep_change)),
    Task(
        "contain_failure",
        Role.CHANGE,
        (
            *(*_SYNC, changes.read_changes, may.publish_hints),
            *(also_may.describe_executions, also_may.quarantine),
        ),
    ),
    Task(
        "measure_rpo",
        Role.CANARY,
        (may.read_records, may.read_pool, also_may.change_canary),
    ),
    # Below the gateway's limit of 29 s; the memory buys CPU for the cold start.
    Task("admin_api", Role.API, api.ADMIN_API, timeout_seconds=28, memory_mb=1024),
    Task("hint_members", Role.MEMBERS, (may.search_records, may.publish_hints), timeout_seconds=60),
    Task("open_run", Role.RECONCILE, compares.OPEN, timeout_seconds=45),
    Task("plan_listing", Role.RECONCILE, (*compares.PLAN, compares.list_pool), **_LONG),
    Task("list_part", Role.RECONCILE, compares.LIST, **_LONG),
    Task("plan_comparison", Role.RECONCILE, compares.PLAN, timeout_seconds=45),
    Task("compare_bucket", Role.RECONCILE, compares.COMPARE, **_LONG),
    Task("judge_drift", Role.RECONCILE, compares.JUDGE, **_LONG),
    Task("ask_operator", Role.RECONCILE, compares.ASK),
    Task("plan_repairs", Role.RECONCILE, compares.PLAN, **_LONG),
    Task("repair_batch", Role.REPAIR, compares.REPAIR, **_LONG),
    Task("write_report", Role.RECONCILE, compares.REPORT, **_LONG),
    Task("close_run", Role.RECONCILE, compares.CLOSE),
    Task("sweep_failures", Role.SWEEP, (*also_may.SWEEP, may.publish_hints), timeout_seconds=60),
)
"""Every task of the state machines and triggers. A new one is one entry."""


def tasks_with(*roles: Role) -> tuple[Task, ...]:
    """The tasks of these roles."""
    return tuple(task for task in TASKS if task.role in roles)


@dataclass(frozen=True)
class Packages:
    """What all functions of a stack share."""

    code: lambda_.Code
    layer: lambda_.ILayerVersion
    key: kms.IKey | None
    log_days: logs.RetentionDays


def own_code(root: Path) -> lambda_.Code:
    """Our own packages, without the command line, tests and compiled files."""
    return lambda_.Code.from_asset(_staged(root).name)


@cache
def _staged(root: Path) -> tempfile.TemporaryDirectory[str]:
    """A copy of what is deployed; it lives as long as the process."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", "cli", "tests", ".*")
    staged = tempfile.TemporaryDirectory(prefix="cognito-standby-code-")
    for package in ("cognito_standby", "tasks"):
        shutil.copytree(root / package, Path(staged.name) / package, ignore=ignored)
    return staged


def dependencies(scope: Construct, directory: Path) -> lambda_.LayerVersion:
    """The layer of third-party packages, built beforehand into `directory`/python."""
    return lambda_.LayerVersion(
        scope,
        "Dependencies",
        # `installed` is the mark of the make target.
        code=lambda_.Code.from_asset(str(directory), exclude=["installed"]),
        compatible_architectures=[ARCHITECTURE],
        compatible_runtimes=[RUNTIME],
        description="Third-party packages of the functions",
    )


@dataclass(frozen=True)
class Function:
    """What differs between two functions."""

    name: str
    handler: str
    statements: Sequence[iam.PolicyStatement]
    environment: Mapping[str, str]
    timeout: Duration
    memory_mb: int


class TaskFunction(Construct):
    """A function with a role and a log group of its own."""

    def __init__(
        self,
        scope: Construct,
        task: Task,
        *,
        names: Names,
        packages: Packages,
        targets: Targets,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, task.name)
        statements = [permission(targets) for permission in task.permissions]
        if (use_key := may.use_key(targets)) is not None:
            statements.append(use_key)
        function = Function(
            name=names.function(task.name),
            handler=f"tasks.{task.name}.handler",
            statements=statements,
            environment={**environment, "POWERTOOLS_SERVICE_NAME": names.installation},
            timeout=Duration.seconds(task.timeout_seconds),
            memory_mb=task.memory_mb,
        )
        self.function, self.role = build_function(self, function, packages)
        explain_patterns(self.role, statements)


def build_function(
    scope: Construct, function: Function, packages: Packages
) -> tuple[lambda_.Function, iam.Role]:
    """A function that may write its own log group, send traces, and do what its statements say."""
    log_group = logs.LogGroup(
        scope,
        "Logs",
        log_group_name=f"/aws/lambda/{function.name}",
        retention=packages.log_days,
        encryption_key=packages.key,
        removal_policy=RemovalPolicy.DESTROY,
    )
    role = iam.Role(scope, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    log_group.grant_write(role)
    for statement in function.statements:
        role.add_to_policy(statement)
    built = _lambda(scope, function, packages, role, log_group)
    _explain(built, role)
    return built, role


def _lambda(
    scope: Construct,
    function: Function,
    packages: Packages,
    role: iam.Role,
    log_group: logs.LogGroup,
) -> lambda_.Function:
    return lambda_.Function(
        scope,
        "Function",
        function_name=function.name,
        code=packages.code,
        handler=function.handler,
        runtime=RUNTIME,
        architecture=ARCHITECTURE,
        layers=[packages.layer],
        role=role,
        log_group=log_group,
        tracing=lambda_.Tracing.ACTIVE,
        environment=dict(function.environment),
        timeout=function.timeout,
        memory_size=function.memory_mb,
    )


def _explain(function: lambda_.Function, role: iam.Role) -> None:
    # X-Ray's two put actions know no resources (service authorization reference, AWS X-Ray).
    Validations.of(role).acknowledge(
        Ack(id="AwsSolutions-IAM5[Resource::*]", reason="X-Ray's put actions know no resources.")
    )
    Validations.of(function).acknowledge(
        Ack(id="AwsSolutions-L1", reason="python3.13 is the newest runtime that the code is run on")
    )
