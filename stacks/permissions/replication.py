"""Who may replicate between the tables of two accounts, as policies of the tables themselves.

DynamoDB comes as a service and is let in by each table, for both tables and nobody else's. The
other account may join, which it asks the source table for, and do nothing besides.
Source: Amazon DynamoDB developer guide, "DynamoDB global tables security" and "Tutorials: Creating
multi-account global tables".
"""

from __future__ import annotations

from typing import TypedDict

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam

from stacks.config.model import Config
from stacks.names import Names

SERVICE = "replication.dynamodb.amazonaws.com"
ACTIONS = (
    *("dynamodb:ReadDataForReplication", "dynamodb:WriteDataForReplication"),
    "dynamodb:ReplicateSettings",
)
JOIN = "dynamodb:AssociateTableReplica"


class Joined(TypedDict, total=False):
    """Arguments of TableV2 by which another account's table can join; none with one account."""

    resource_policy: iam.PolicyDocument
    global_table_settings_replication_mode: dynamodb.GlobalTableSettingsReplicationMode


def joined_by_another_account(names: Names, config: Config) -> Joined:
    """Of the source table. Settings are replicated with the items: DynamoDB joins no others."""
    if not config.two_accounts:
        return {}
    return {
        "resource_policy": source_policy(names, config),
        "global_table_settings_replication_mode": dynamodb.GlobalTableSettingsReplicationMode.ALL,
    }


def records_in(names: Names, config: Config, region: str) -> str:
    """The ARN of a Region's table, by its names alone: the other stack need not stand yet."""
    account = config.account_of(region)
    return f"arn:aws:dynamodb:{region}:{account}:table/{names.records_table}"


def source_policy(names: Names, config: Config) -> iam.PolicyDocument:
    """Of the table in the primary Region, which the other one joins."""
    own = records_in(names, config, config.primary_region)
    joins = iam.PolicyStatement(
        sid="Join",
        principals=[iam.AccountPrincipal(config.account_of(config.backup_region))],
        actions=[JOIN],
        resources=[own],
    )
    return iam.PolicyDocument(statements=[_replicates(names, config, own), joins])


def replica_policy(names: Names, config: Config) -> iam.PolicyDocument:
    """Of the table in the backup Region."""
    own = records_in(names, config, config.backup_region)
    return iam.PolicyDocument(statements=[_replicates(names, config, own)])


def _replicates(names: Names, config: Config, own: str) -> iam.PolicyStatement:
    both = config.regions
    return iam.PolicyStatement(
        sid="Replicate",
        principals=[iam.ServicePrincipal(SERVICE)],
        actions=list(ACTIONS),
        resources=[own],
        conditions={
            "StringEquals": {
                "aws:SourceAccount": [config.account_of(region) for region in both],
                "aws:SourceArn": [records_in(names, config, region) for region in both],
            }
        },
    )
