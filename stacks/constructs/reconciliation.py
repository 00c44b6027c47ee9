"""What `reconcile_pool` and its functions are told, and what the machine itself may do."""

from __future__ import annotations

import json
from dataclasses import asdict

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns

from cognito_standby.domain.quotas import DEFAULTS
from cognito_standby.settings import ReconcileSettings, SyncSettings
from stacks.config import Config
from stacks.constructs.arns import children_arn, executions_arn, machine_arn
from stacks.constructs.run_bucket import RUNS, RunBucket
from stacks.constructs.state_machines import Service
from stacks.names import Names

MACHINE = "reconcile_pool"


def settings(
    config: Config, sync: SyncSettings, bucket: s3.IBucket, topic: sns.ITopic
) -> ReconcileSettings:
    """The environment of every function of the machine."""
    part, kept = config.reconcile, config.retention
    return ReconcileSettings(
        **asdict(sync),
        run_bucket=bucket.bucket_name,
        deletion_grace_days=str(kept.deletion_grace_days),
        record_tombstone_days=str(kept.record_tombstone_days),
        quota_share=str(part.quota_share),
        quotas=json.dumps({**DEFAULTS, **part.quotas.model_dump()}),
        concurrency=str(part.concurrency),
        brake=json.dumps(asdict(part.limits)),
        bulk_above=str(part.bulk_above),
        approval_seconds=str(round(part.approval_hours * 3600)),
        alarm_topic_arn=topic.topic_arn,
    )


def services(stack: Stack, names: Names, runs: RunBucket) -> dict[str, Service]:
    """What the machine does beside calling functions: it reads lists of work items, and runs their
    children as executions of its own (Step Functions developer guide, "IAM policies for using
    Distributed Map states")."""
    read = iam.PolicyStatement(actions=["s3:GetObject"], resources=[f"{runs.arn}/{RUNS}*"])
    start = iam.PolicyStatement(
        actions=["states:StartExecution"], resources=[machine_arn(stack, names, MACHINE)]
    )
    follow = iam.PolicyStatement(
        actions=["states:DescribeExecution", "states:StopExecution"],
        resources=[executions_arn(stack, names, MACHINE)],
    )
    redrive = iam.PolicyStatement(
        actions=["states:RedriveExecution"], resources=[children_arn(stack, names, MACHINE)]
    )
    return {"run_bucket_name": Service(runs.bucket.bucket_name, (read, start, follow, redrive))}
