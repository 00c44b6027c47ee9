"""A Region's desk for its configuration, from its stack's outputs."""

from __future__ import annotations

from dataclasses import replace

from botocore.config import Config

from cognito_standby.configuration.adapters.making import CognitoPoolMaker
from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.configuration.adapters.snapshots import DynamoSnapshots
from cognito_standby.configuration.services.desk import ConfigurationDesk
from cognito_standby.core.adapters.configuration_notes import DynamoConfigurationNotes
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, pair_of

_PATIENT = Config(
    connect_timeout=2, read_timeout=10, retries={"mode": "adaptive", "total_max_attempts": 8}
)
"""As the function that reads every day."""


def open_configuration_desk(
    connection: Connection, outputs: Outputs, other_region: str
) -> ConfigurationDesk:
    """With the caller's own rights."""
    region, table, pool = outputs["Region"], outputs["RecordsTable"], outputs["UserPoolId"]
    patient = replace(connection, config=_PATIENT)
    dynamodb = connection.client("dynamodb", region)
    cognito, waf = patient.client("cognito-idp", region), patient.client("wafv2", region)
    arns = _pool_arns(outputs)
    return ConfigurationDesk(
        region=region,
        user_pool_id=pool,
        pool_arns=arns,
        records=DynamoRecordStore(dynamodb, table, region, pair_of(outputs, other_region)),
        notes=DynamoConfigurationNotes(dynamodb, table, region),
        snapshots=DynamoSnapshots(dynamodb, table, region),
        reader=CognitoConfigurationReader(cognito, waf, SystemClock().now),
        maker=CognitoPoolMaker(cognito, patient.client("lambda", region), waf, arns),
    )


def _pool_arns(outputs: Outputs) -> str:
    """Partition and account as any ARN of the stack tells them."""
    told = next(each for key, each in sorted(outputs.items()) if key.startswith("StateMachine"))
    _, partition, _, region, account, *_ = told.split(":")
    return f"arn:{partition}:cognito-idp:{region}:{account}:userpool/"
