"""What a Region's stack tells: by its outputs `standby` finds an installation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_stepfunctions as sfn

from cognito_standby.core.domain.after_failover import AfterFailover
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.settings import ReplaySettings
from stacks.config.model import Config
from stacks.constructs.api.admin_api import AdminApi
from stacks.constructs.events.queues import Queues
from stacks.constructs.functions.environments import Resources
from stacks.names import Names


@dataclass(frozen=True)
class Told:
    """Of which a stack tells beside its resources."""

    pool_id: str
    client_id: str
    queues: Queues
    machines: Mapping[str, sfn.IStateMachine]
    api: AdminApi
    document: str
    region_switch: str
    drill_role: str
    dashboard: str
    triggers: Mapping[str, lambda_.IFunction]


def outputs(
    config: Config, names: Names, region: str, resources: Resources, told: Told
) -> dict[str, str]:
    """Published names: what reads them is of the release before, too."""
    return {
        "Installation": config.installation,
        "Region": region,
        "Role": "primary" if config.is_primary(region) else "backup",
        "UserPoolId": told.pool_id,
        "PoolsAre": "created" if config.pools.create else "existing",
        "ClientId": told.client_id,
        "BusName": resources.bus.event_bus_name,
        "DeadLetterQueueUrl": told.queues.dead_letters.queue_url,
        "ParkedHintsQueueUrl": told.queues.parked_hints.queue_url,
        "LedgerTable": resources.ledger.table_name,
        "RecordsTable": names.records_table,
        "ChangesTable": resources.changes.table_name,
        **{
            f"StateMachine{name.title().replace('_', '')}": machine.state_machine_arn
            for name, machine in told.machines.items()
        },
        "AdminApiUrl": config.admin_address(region) or told.api.url,
        "AdminApiId": told.api.api.rest_api_id,
        "GatewayLogRole": told.api.log_role,
        "Fence": "on" if config.fenced else "off",
        "ActiveParameter": names.active_parameter,
        "ActiveDocumentUrl": told.document,
        "ArcRegionSwitchArn": told.region_switch,
        "DrillRoleArn": told.drill_role,
        "ArchiveName": names.archive,
        "ReconcileBucket": resources.run_bucket.bucket_name,
        "AlarmTopicArn": resources.alarm_topic.topic_arn,
        "DashboardName": told.dashboard,
        "ReplaySettings": json.dumps(_replays(config).to_env(), sort_keys=True),
        **{
            f"{name.title().replace('_', '')}Arn": function.function_arn
            for name, function in told.triggers.items()
        },
    }


def _replays(config: Config) -> ReplaySettings:
    return ReplaySettings(
        AfterFailover(config.after_failover), FederatedWay(config.federated), config.subject_types
    )


def add_outputs(stack: Stack, values: Mapping[str, str]) -> None:
    """Each under its own name, without the CDK's hash."""
    for name, value in values.items():
        CfnOutput(stack, f"Output{name}", value=value).override_logical_id(name)
