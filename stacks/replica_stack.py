"""The replica stack: the records table in an account of its own, joined to that of the data stack.

Only with `backup_account`. With one account the data stack makes the replica itself.
"""

from __future__ import annotations

from aws_cdk import Acknowledgment as Ack
from aws_cdk import CfnOutput, CfnTag, Stack, Validations
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct

from stacks.constructs.storage.keeping import kept
from stacks.data_stack import KEPT_KEY
from stacks.names import REPLICA, Names
from stacks.permissions.replication import records_in, replica_policy
from stacks.settings import StackSettings


class ReplicaStack(Stack):
    """The table, and the secret of the index of names.

    Keys, indexes, stream and billing are the source's, and follow it: CloudFormation must not be
    told them again (AWS::DynamoDB::GlobalTable, GlobalTableSourceArn). Its policy, its protection
    and its backups are its own.
    """

    def __init__(self, scope: Construct, *, names: Names, settings: StackSettings) -> None:
        config = settings.config
        region = config.backup_region
        super().__init__(scope, names.stack(REPLICA), **settings.arguments(region, REPLICA))
        replica = dynamodb.CfnGlobalTable.ReplicaSpecificationProperty(
            region=region,
            global_table_settings_replication_mode="ENABLED",
            deletion_protection_enabled=settings.protects(REPLICA),
            point_in_time_recovery_specification=(
                dynamodb.CfnGlobalTable.PointInTimeRecoverySpecificationProperty(
                    point_in_time_recovery_enabled=True
                )
            ),
            resource_policy=dynamodb.CfnGlobalTable.ResourcePolicyProperty(
                policy_document=replica_policy(names, config)
            ),
            tags=[CfnTag(key=key, value=value) for key, value in sorted(settings.tags.items())],
        )
        table = dynamodb.CfnGlobalTable(
            self,
            "Records",
            table_name=names.records_table,
            global_table_source_arn=records_in(names, config, config.primary_region),
            sse_specification=dynamodb.CfnGlobalTable.SSESpecificationProperty(sse_enabled=False),
            replicas=[replica],
        )
        table.apply_removal_policy(kept(config.protect_data))
        self._names_key(names)
        CfnOutput(self, "RecordsTable", value=table.ref)

    def _names_key(self, names: Names) -> None:
        """Made without a value. Secrets Manager replicates no secret into another account, and both
        Regions must hash alike: the deployment brings the data stack's value
        (`deploying.names_key`). Until then records are written without the index."""
        secret = secretsmanager.CfnSecret(
            self,
            "NamesKey",
            name=names.names_secret,
            description="HMAC key of the index of names, the same as in the other account",
        )
        Validations.of(secret).acknowledge(Ack(id="AwsSolutions-SMG4", reason=KEPT_KEY))
