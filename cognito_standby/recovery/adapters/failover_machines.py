"""The machines of a failover, by Step Functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cognito_standby.failures.domain.executions import FAILED, GOING, object_in
from cognito_standby.recovery.adapters.machines import SfnMachine
from cognito_standby.recovery.domain.region_switch import Seen

if TYPE_CHECKING:
    from mypy_boto3_stepfunctions import SFNClient


class SfnFailoverMachines:
    """FailoverMachines. `machines`: name -> ARN."""

    def __init__(self, client: SFNClient, machines: Mapping[str, str]) -> None:
        self._machines = {name: SfnMachine(client, arn) for name, arn in machines.items()}

    def find(self, machine: str, name: str) -> Seen | None:
        """One DescribeExecution."""
        found = self._machines[machine].find(name)
        if found is None:
            return None
        return Seen(
            going=found.status in GOING,
            given=object_in(found.input),
            output=object_in(found.output),
            error=found.failure if found.status in FAILED else "",
        )

    def start(self, machine: str, name: str, given: Mapping[str, Any]) -> bool:
        """One StartExecution."""
        return self._machines[machine].start(name, given)
