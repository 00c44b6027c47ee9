"""Rules on the default bus, what is sent to them, and the executions that they started."""

from __future__ import annotations

import json
from typing import Any

from local.emulator import LocalAws
from tests.local.conftest import REGION, unique


def rule(aws: LocalAws, region: str = REGION, **target: Any) -> str:
    """A rule for events of a source of its own, by its own name; returns that."""
    events, name = aws.client("events", region), unique("rule")
    events.put_rule(Name=name, EventPattern=json.dumps({"source": [name]}))
    events.put_targets(Rule=name, Targets=[{"Id": "1", **target}])
    return name


def tell(aws: LocalAws, source: str, region: str = REGION) -> None:
    """An event of this source."""
    entry = {"Source": source, "DetailType": "told", "Detail": "{}"}
    aws.client("events", region).put_events(Entries=[entry])


def started(aws: LocalAws, machine_arn: str, region: str = REGION) -> list[Any]:
    """A machine's executions."""
    client = aws.client("stepfunctions", region)
    return list(client.list_executions(stateMachineArn=machine_arn)["executions"])
