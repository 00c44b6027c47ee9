"""Turning the roles of two Regions, as a failover does it: by a higher claim, and nothing else.

What a person meets in the other pool after a failover is met only there: until then its fence lets
nobody in. These claims are put from outside, with the rights of whoever runs the stage.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from cognito_standby.core.domain.epochs import Claims, Installation
from cognito_standby.core.domain.roles import STOOD_DOWN
from cognito_standby.core.domain.subjects import CLAIM_KEY
from local.outputs import RegionOutputs
from local.remote import Stage


def claim(stage: Stage, region: RegionOutputs) -> int:
    """The Region's claim becomes the highest, and its fence has seen it; returns its number."""
    number = claims(stage).next_number()
    _put(stage, region, number)
    return number


def stand_down(stage: Stage, region: RegionOutputs, for_whom: RegionOutputs | None) -> None:
    """The active Region makes way for another, or no longer; its fence has seen it."""
    _put(stage, region, claims(stage).of(region.region).number, for_whom.region if for_whom else "")


@contextmanager
def in_charge(stage: Stage, region: RegionOutputs) -> Iterator[int]:
    """The Region is active for a while, then the primary again."""
    try:
        yield claim(stage, region)
    finally:
        claim(stage, stage.outputs.primary)


def claims(stage: Stage) -> Claims:
    """Both claims, as the primary Region's replica has them."""
    primary, backup = stage.outputs.primary.region, stage.outputs.backup.region
    answer = stage.client("dynamodb", primary).query(
        TableName=stage.outputs.records_table,
        KeyConditionExpression="origin_sub = :key",
        ExpressionAttributeValues={":key": {"S": CLAIM_KEY}},
        ConsistentRead=True,
    )
    told = {item["region"]["S"]: int(item["epoch"]["N"]) for item in answer["Items"]}
    return Installation(primary, backup).claims(told)


def _put(stage: Stage, region: RegionOutputs, number: int, stood_down: str = "") -> None:
    item = {"origin_sub": {"S": CLAIM_KEY}, "region": {"S": region.region}}
    item |= {"epoch": {"N": str(number)}}
    item |= {STOOD_DOWN: {"S": stood_down}} if stood_down else {}
    stage.client("dynamodb", region.region).put_item(
        TableName=stage.outputs.records_table, Item=item
    )
    time.sleep(_seconds(stage))


def _seconds(stage: Stage) -> float:
    """How long a process of the fence believes what it saw before, and a moment more."""
    primary = stage.outputs.primary.region
    functions = stage.client("lambda", primary).get_paginator("list_functions").paginate()
    told = [
        function.get("Environment", {}).get("Variables", {}).get("ROLE_SECONDS")
        for page in functions
        for function in page["Functions"]
    ]
    return max(map(float, filter(None, told)), default=0.0) + 0.05
