"""The data stack: the global table that both Regions' records live in."""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import CfnOutput, Stack, Validations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from cognito_standby.core.domain.ledger_keys import BY_SHARD
from stacks.config.model import Config
from stacks.constructs.storage.keeping import kept
from stacks.constructs.storage.tables import recovery, string
from stacks.names import Names
from stacks.permissions.replication import joined_by_another_account
from stacks.settings import StackSettings

KEPT_KEY = "A new key would orphan every hash; it signs nothing that leaves the table."
SHARD_ATTRIBUTES = (
    *("region", "revision", "epoch", "deleted", "fingerprint"),
    *("observed_at", "schema_version"),
)
"""What a comparison of a whole shard needs; `region` is a key and is projected anyway."""


class DataStack(Stack):
    """The records table, declared in the primary Region with a replica in the other.

    Key: origin_sub, region. A Region writes only its own items. `shard_id` is a hash of the origin
    sub (`shard` is a reserved word in expressions). There is no time to live: it would delete the
    other Region's items, and what was just written over an expired one; and MRSC has none. Each
    Region's reconciliation takes away its own tombstones.
    """

    def __init__(self, scope: Construct, *, names: Names, settings: StackSettings) -> None:
        config = settings.config
        arguments = settings.arguments(config.primary_region, "data")
        protected = settings.protects("data")
        super().__init__(scope, names.stack("data"), **arguments)
        strong = config.consistency == "MRSC"
        self.table = dynamodb.TableV2(
            self,
            "Records",
            table_name=names.records_table,
            partition_key=string("origin_sub"),
            sort_key=string("region"),
            billing=dynamodb.Billing.on_demand(),
            dynamo_stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
            point_in_time_recovery_specification=recovery(),
            deletion_protection=protected,
            removal_policy=kept(config.protect_data),
            encryption=self._encryption(config),
            global_secondary_indexes=[_by_shard()],
            replicas=[_replica(name, protected) for name in _replicas(config)],
            multi_region_consistency=(dynamodb.MultiRegionConsistency.STRONG if strong else None),
            witness_region=config.witness_region,
            **joined_by_another_account(names, config),
        )
        self._names_key(names, config)
        CfnOutput(self, "RecordsTable", value=self.table.table_name)

    def _names_key(self, names: Names, config: Config) -> None:
        """The key of the index of names, made once, in both Regions (in two accounts by
        `deploying.names_key`).

        It goes with the stack: from the records the index can be made anew, under another key. So
        it can never be in the way of an installation over a table that was kept; CloudFormation
        deletes a secret at once.
        """
        secret = secretsmanager.CfnSecret(
            self,
            "NamesKey",
            name=names.names_secret,
            description="HMAC key of the index of names in the records table",
            generate_secret_string=secretsmanager.CfnSecret.GenerateSecretStringProperty(
                password_length=64, exclude_punctuation=True
            ),
            replica_regions=None if config.two_accounts else [_copy(config.backup_region)],
        )
        Validations.of(secret).acknowledge(Ack(id="AwsSolutions-SMG4", reason=KEPT_KEY))

    def _encryption(self, config: Config) -> dynamodb.TableEncryptionV2:
        if config.two_accounts:
            # Multi-account tables take a key that DynamoDB owns, or a customer's, and not AWS's
            # managed one (developer guide, "DynamoDB global tables security").
            return dynamodb.TableEncryptionV2.dynamo_owned_key()
        key = config.kms_key(config.primary_region)
        if key is None:
            return dynamodb.TableEncryptionV2.aws_managed_key()
        others = {name: str(config.kms_key(name)) for name in config.replica_regions}
        return dynamodb.TableEncryptionV2.customer_managed_key(
            kms.Key.from_key_arn(self, "Key", key), others
        )


def _copy(region: str) -> secretsmanager.CfnSecret.ReplicaRegionProperty:
    return secretsmanager.CfnSecret.ReplicaRegionProperty(region=region)


def _replicas(config: Config) -> tuple[str, ...]:
    """Where this stack makes replicas: in its own account alone."""
    return () if config.two_accounts else config.replica_regions


def _replica(region: str, protected: bool) -> dynamodb.ReplicaTableProps:
    # Neither protection is inherited from the table: each replica has its own.
    return dynamodb.ReplicaTableProps(
        region=region,
        deletion_protection=protected,
        point_in_time_recovery_specification=recovery(),
    )


def _by_shard() -> dynamodb.GlobalSecondaryIndexPropsV2:
    return dynamodb.GlobalSecondaryIndexPropsV2(
        index_name=BY_SHARD,
        partition_key=string("shard_id"),
        sort_key=string("origin_sub"),
        projection_type=dynamodb.ProjectionType.INCLUDE,
        non_key_attributes=[name for name in SHARD_ATTRIBUTES if name != "region"],
    )
