"""The bucket of a Region's reconciliation: files of the runs, and reports; and the document that
says which pool is active.

No versions: every file is written once, and one that is written again says the same. The files of
a run hold ids and digests; what expires is gone.
"""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Duration, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cognito_standby.reconciliation.domain import file_names
from cognito_standby.recovery.domain.rehearsal_marks import NOTES
from stacks.config.parts import Retention
from stacks.constructs.storage.keeping import kept
from stacks.names import Names

RUNS, REPORTS = file_names.RUNS, file_names.REPORTS


class RunBucket(Construct):
    """Private, encrypted, TLS only; `protect` keeps it when its stack goes.

    `arn` is made of the name, so that policies can be read.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        retention: Retention,
        key: kms.IKey | None,
        protect: bool,
    ) -> None:
        super().__init__(scope, "Runs")
        stack = Stack.of(self)
        name = names.run_bucket(stack.account, stack.region)
        self.arn = stack.format_arn(service="s3", region="", account="", resource=name)
        managed = s3.BucketEncryption.S3_MANAGED
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            bucket_name=name,
            encryption=s3.BucketEncryption.KMS if key else managed,
            encryption_key=key,
            bucket_key_enabled=True if key else None,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            removal_policy=kept(protect),
            lifecycle_rules=[
                _expiry(RUNS, retention.runs_days),
                _expiry(REPORTS, retention.reports_days),
                _expiry(NOTES, retention.reports_days),
            ],
        )
        Validations.of(self.bucket).acknowledge(
            Ack(
                id="AwsSolutions-S1",
                reason="Its readers are our functions and operators, whom CloudTrail can record; "
                "a log of them needs a bucket of its own.",
            )
        )

    def let_write_alone(self, key: str, role: iam.IRole) -> None:
        """Nobody but `role` may put the file `key`, whatever else allows it: apps believe it."""
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[f"{self.arn}/{key}"],
                conditions={"ArnNotEquals": {"aws:PrincipalArn": role.role_arn}},
            )
        )


def _expiry(prefix: str, days: int) -> s3.LifecycleRule:
    return s3.LifecycleRule(
        prefix=prefix,
        expiration=Duration.days(days),
        abort_incomplete_multipart_upload_after=Duration.days(1),
    )
