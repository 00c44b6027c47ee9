"""Whether the tables of two accounts still replicate, as DescribeTable tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cognito_standby.core.adapters.table_replication import read_replication
from cognito_standby.core.domain.table_replication import Tie

OWN, OTHER = "us-east-1", "us-west-2"
SINCE = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)


class Table:
    """DynamoDB, for one table."""

    def __init__(self, status: str, replicas: list[dict[str, Any]]) -> None:
        self._told = {
            "TableArn": f"arn:aws:dynamodb:{OWN}:111111111111:table/alpha-records",
            "TableStatus": status,
            **({"Replicas": replicas} if replicas else {}),
        }

    def describe_table(self, TableName: str) -> Any:  # noqa: N803 - AWS's name
        assert TableName == "alpha-records"
        return {"Table": self._told}


def _seen(status: str, *replicas: tuple[str, str]) -> Any:
    told = [{"RegionName": region, "ReplicaStatus": each} for region, each in replicas]
    client: Any = Table(status, told)
    return read_replication(client, "alpha-records", OTHER)


@pytest.mark.parametrize(
    ("status", "replicas"),
    [
        ("ACTIVE", [(OTHER, "ACTIVE")]),
        ("ACTIVE", [(OWN, "ACTIVE"), (OTHER, "ACTIVE")]),
        ("UPDATING", [(OTHER, "ACTIVE")]),
        ("ACTIVE", [(OTHER, "CREATING")]),
    ],
)
def test_all_is_well(status: str, replicas: list[tuple[str, str]]) -> None:
    assert _seen(status, *replicas).well


@pytest.mark.parametrize(
    ("status", "replicas"),
    [
        ("ACTIVE", [(OTHER, "REPLICATION_NOT_AUTHORIZED")]),
        ("REPLICATION_NOT_AUTHORIZED", [(OTHER, "ACTIVE")]),
        ("ACTIVE", [(OWN, "REPLICATION_NOT_AUTHORIZED"), (OTHER, "ACTIVE")]),
        ("INACCESSIBLE_ENCRYPTION_CREDENTIALS", [(OTHER, "ACTIVE")]),
        ("ACTIVE", [(OTHER, "REGION_DISABLED")]),
        ("ACTIVE", [(OTHER, "DELETING")]),
        ("ACTIVE", [(OTHER, "a status of next year")]),
    ],
)
def test_nothing_is_replicated(status: str, replicas: list[tuple[str, str]]) -> None:
    """Whichever of the two tables says so."""
    seen = _seen(status, *replicas)
    assert (seen.tie, seen.well) == (Tie.BROKEN, False)
    bad = next(each for each in (status, *(s for _, s in replicas)) if each != "ACTIVE")
    assert bad in seen.why


@pytest.mark.parametrize("replicas", [[], [(OWN, "ACTIVE")], [("eu-west-1", "ACTIVE")]])
def test_there_is_no_other_table(replicas: list[tuple[str, str]]) -> None:
    """As after the twenty hours: a table of one Region lists none at all."""
    seen = _seen("ACTIVE", *replicas)
    assert (seen.tie, seen.well) == (Tie.PARTED, False)


def test_the_end_of_the_twenty_hours_is_told() -> None:
    told = {
        "RegionName": OTHER,
        "ReplicaStatus": "REPLICATION_NOT_AUTHORIZED",
        "ReplicaInaccessibleDateTime": SINCE,
    }
    client: Any = Table("ACTIVE", [told])
    assert read_replication(client, "alpha-records", OTHER).until == SINCE + timedelta(hours=20)
