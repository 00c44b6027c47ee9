"""What tables have in common, and how a Region's own ones are made."""

from __future__ import annotations

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from stacks.constructs.storage.keeping import Keep, kept


def own_table(
    scope: Construct, name: str, *, by: str, key: kms.IKey | None, keep: Keep
) -> dynamodb.Table:
    """A table that is never replicated to the other Region; `by`: its partition key, a string."""
    managed = dynamodb.TableEncryption.AWS_MANAGED
    return dynamodb.Table(
        scope,
        "Table",
        table_name=name,
        partition_key=string(by),
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        time_to_live_attribute="expires_at",
        encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if key else managed,
        encryption_key=key,
        point_in_time_recovery_specification=recovery(),
        deletion_protection=keep.protected,
        removal_policy=kept(keep.kept),
    )


def string(name: str) -> dynamodb.Attribute:
    """A key."""
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)


def recovery() -> dynamodb.PointInTimeRecoverySpecification:
    """To a point in time."""
    return dynamodb.PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True)
