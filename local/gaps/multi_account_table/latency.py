"""`ReplicationLatency`, as DynamoDB publishes it for each pair of replicas.

Developer guide, "Monitoring global tables": in milliseconds, by table and receiving Region, in the
account and the Region of the replica that was written to. None while nothing is replicated.
"""

from __future__ import annotations

import time
from typing import Any

from local.gaps.multi_account_table.group import Member

_KEPT = 1_000
"""Points of a pair that are remembered."""


def published(home: Member, to: Member) -> None:
    """One write has arrived; here that takes no time."""
    from ministack.services import cloudwatch  # noqa: PLC0415

    dimensions = {"TableName": home.name, "ReceivingRegion": to.region}
    key = ("AWS/DynamoDB", "ReplicationLatency", cloudwatch._dims_key(dimensions))
    points: list[dict[str, Any]] | None = cloudwatch._metrics.get_scoped(
        home.account, home.region, key
    )
    if points is None:
        points = []
        cloudwatch._metrics.set_scoped(home.account, home.region, key, points)
    points.append(
        {
            "Timestamp": time.time(),
            "Value": 0.0,
            "Unit": "Milliseconds",
            "Dimensions": dimensions,
        }
    )
    del points[:-_KEPT]
