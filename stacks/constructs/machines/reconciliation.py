"""What `reconcile_pool` and its functions are told, and what a machine with such maps may do."""

from __future__ import annotations

from aws_cdk import Annotations, Stack
from aws_cdk import aws_iam as iam

from stacks.advice import about_runs
from stacks.config.model import Config
from stacks.constructs.arns import children_arn, executions_arn, machine_arn
from stacks.constructs.machines.state_machines import Service
from stacks.constructs.storage.run_bucket import RUNS, RunBucket
from stacks.names import Names


def warn_of_runs(stack: Stack, config: Config) -> None:
    """Tell at synthesis what expires before the next run."""
    for number, text in enumerate(about_runs(config)):
        Annotations.of(stack).add_warning_v2(f"cognito-standby:runs-{number}", text)


def services(stack: Stack, names: Names, runs: RunBucket, machine: str) -> dict[str, Service]:
    """What such a machine does beside calling functions: it reads lists of work items, and runs
    their children as executions of its own (Step Functions developer guide, "IAM policies for using
    Distributed Map states")."""
    read = iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"{runs.arn}/{RUNS}*"])
    start = iam.PolicyStatement(
        actions=["states:StartExecution"], resources=[machine_arn(stack, names, machine)]
    )
    follow = iam.PolicyStatement(
        actions=["states:DescribeExecution", "states:StopExecution"],
        resources=[executions_arn(stack, names, machine)],
    )
    redrive = iam.PolicyStatement(
        actions=["states:RedriveExecution"],
        resources=[children_arn(stack, names, machine)],
    )
    return {"run_bucket_name": Service(runs.bucket.bucket_name, (read, start, follow, redrive))}
