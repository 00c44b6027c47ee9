"""A trail of this Region's write management events, for CloudTrail to tell the default bus of them.

EventBridge sees an API call only where a trail with logging switched on records it (EventBridge
user guide, "AWS service events delivered via AWS CloudTrail"). The log files are not read by us;
they are kept as briefly as the config says. Data events and reads are not recorded, and KMS and the
RDS data API are left out, whose calls are many and tell of no user.
"""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Duration, RemovalPolicy, Stack, Validations
from aws_cdk import aws_cloudtrail as cloudtrail
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct

from stacks.names import Names

LEFT_OUT = ("kms.amazonaws.com", "rdsdata.amazonaws.com")
"""Event sources that a trail can leave out (EventSelector, API reference)."""


class Trail(Construct):
    """Write management events of one Region into a bucket of their own."""

    def __init__(self, scope: Construct, *, names: Names, days: int) -> None:
        super().__init__(scope, "Trail")
        self.bucket = self._bucket(days)
        arn = Stack.of(self).format_arn(
            service="cloudtrail", resource="trail", resource_name=names.trail
        )
        self._let_cloudtrail_write(arn)
        trail = cloudtrail.CfnTrail(
            self,
            "Trail",
            trail_name=names.trail,
            is_logging=True,
            s3_bucket_name=self.bucket.bucket_name,
            is_multi_region_trail=False,
            include_global_service_events=False,
            enable_log_file_validation=True,
            event_selectors=[
                cloudtrail.CfnTrail.EventSelectorProperty(
                    include_management_events=True,
                    read_write_type="WriteOnly",
                    exclude_management_event_sources=list(LEFT_OUT),
                )
            ],
        )
        if self.bucket.policy is not None:
            trail.node.add_dependency(self.bucket.policy)

    def _bucket(self, days: int) -> s3.Bucket:
        """Kept when the stack goes, because CloudFormation deletes no bucket that holds anything;
        its contents expire by themselves."""
        bucket = s3.Bucket(
            self,
            "Logs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.RETAIN,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(days),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
        )
        Validations.of(bucket).acknowledge(
            Ack(
                id="AwsSolutions-S1",
                reason="It holds logs that nobody reads; a log of their readers needs one, too.",
            )
        )
        return bucket

    def _let_cloudtrail_write(self, trail_arn: str) -> None:
        """As the CloudTrail user guide has it ("Amazon S3 bucket policy for CloudTrail")."""
        account, service = Stack.of(self).account, iam.ServicePrincipal("cloudtrail.amazonaws.com")
        source = {"aws:SourceArn": trail_arn}
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[service],
                actions=["s3:GetBucketAcl"],
                resources=[self.bucket.bucket_arn],
                conditions={"StringEquals": source},
            )
        )
        owned = {"s3:x-amz-acl": "bucket-owner-full-control"}
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[service],
                actions=["s3:PutObject"],
                resources=[self.bucket.arn_for_objects(f"AWSLogs/{account}/*")],
                conditions={"StringEquals": {**source, **owned}},
            )
        )
