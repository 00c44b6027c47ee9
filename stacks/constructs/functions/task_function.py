"""How a function is built: code, layer, role, log group. Which ones there are: `task_list`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Duration, RemovalPolicy, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.constructs.explained import explain_patterns
from stacks.constructs.functions.task_list import Task
from stacks.names import Names
from stacks.permissions import core as may
from stacks.permissions.core import Targets

RUNTIME = lambda_.Runtime.PYTHON_3_13
ARCHITECTURE = lambda_.Architecture.ARM_64
ON_THE_LAPTOP = ("adoption", "cli", "console", "operator")
"""Packages of cognito_standby that no function imports."""


@dataclass(frozen=True)
class Packages:
    """What all functions of a stack share."""

    code: lambda_.Code
    layer: lambda_.ILayerVersion
    key: kms.IKey | None
    log_days: logs.RetentionDays


def own_code(root: Path) -> lambda_.Code:
    """Our own packages, without what only an operator's machine runs, and compiled files."""
    return lambda_.Code.from_asset(_staged(root).name)


@cache
def _staged(root: Path) -> tempfile.TemporaryDirectory[str]:
    """A copy of what is deployed; it lives as long as the process."""
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc", *ON_THE_LAPTOP, ".*")
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
    reserved_concurrency: int | None = None


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
        reserved_concurrency: int | None = None,
        owner_function: str | None = None,
    ) -> None:
        super().__init__(scope, task.name)
        made = [permission(targets) for permission in task.permissions]
        made += [may.use_key(targets.kms_key), may.ask_owner(owner_function)]
        statements = [statement for statement in made if statement is not None]
        function = Function(
            name=names.function(task.name),
            handler=f"tasks.{task.name}.handler",
            statements=statements,
            environment={**environment, "POWERTOOLS_SERVICE_NAME": names.installation},
            timeout=Duration.seconds(task.timeout_seconds),
            memory_mb=task.memory_mb,
            reserved_concurrency=reserved_concurrency,
        )
        self.function, self.role = build_function(self, function, packages)


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
    explain_patterns(role, function.statements)
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
        reserved_concurrent_executions=function.reserved_concurrency,
    )


def _explain(function: lambda_.Function, role: iam.Role) -> None:
    # X-Ray's two put actions know no resources (service authorization reference, AWS X-Ray).
    Validations.of(role).acknowledge(
        Ack(id="AwsSolutions-IAM5[Resource::*]", reason="X-Ray's put actions know no resources.")
    )
    Validations.of(function).acknowledge(
        Ack(id="AwsSolutions-L1", reason="python3.13 is the newest runtime that the code is run on")
    )
