"""DescribeTable, for how a table is joined to that of the other account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.domain.table_replication import (
    Replica,
    TableReplication,
    replication_of,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import ReplicaDescriptionTypeDef


def read_replication(client: DynamoDBClient, table: str, other: str) -> TableReplication:
    """As this Region's table knows it. `other`: the other Region. Errors of `translated`."""
    with translated():
        told = client.describe_table(TableName=table)["Table"]
    # A table's own state is its status; which replicas it lists, itself or not, is not documented.
    own = Replica(told["TableArn"].split(":")[3], told["TableStatus"])
    return replication_of([own, *_listed(told.get("Replicas", []))], other)


def _listed(told: Sequence[ReplicaDescriptionTypeDef]) -> list[Replica]:
    return [
        Replica(
            each["RegionName"],
            each.get("ReplicaStatus", ""),
            each.get("ReplicaInaccessibleDateTime"),
        )
        for each in told
    ]
