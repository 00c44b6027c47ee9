"""What stands open while a Region is updated: executions of each machine that can wait, a letter,
hints in a queue.

They wait because a service throttles just the call at which they stand. So they stand there until
somebody lets them go on, while everything else flows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from local.faults import Fault, FaultKind
from local.faults.model import THROTTLED
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.chaos.people import Expected
from tests.e2e.admin_client import Answer
from tests.e2e.conftest import until, until_confirmed
from tests.upgrade.traffic import Traffic

_PARKED_SECONDS = 60
"""How long a parked hint lies in its queue before the pipe sees it."""


@dataclass
class Waiting:
    """Executions that stand, by machine, and a change of an administrator's among them."""

    region: RegionOutputs
    executions: dict[str, str]
    change: Answer | None = None
    let_go: datetime | None = None
    """When they could go on."""


class Holding:
    """Lets things begin in a Region, and not end."""

    def __init__(self, stage: RemoteStage, traffic: Traffic) -> None:
        self._stage, self._traffic, self._times = stage, traffic, 0
        self._faults = RemoteFaults(stage.outputs.endpoint)

    @contextmanager
    def held(self, region: RegionOutputs) -> Iterator[Waiting]:
        """While this lasts."""
        self._times += 1
        active = region.region == self._stage.outputs.primary.region
        begin = self._active(region) if active else self._standby(region)
        faults = [*_IN_BOTH, *(_IN_THE_ACTIVE if active else _IN_THE_STANDBY)]
        numbers = [self._faults.add(_fault(region, each)) for each in faults]
        try:
            waiting = begin()
            yield waiting
            waiting.let_go = datetime.now(UTC)
        finally:
            for number in numbers:
                self._faults.clear(number)

    def ended(self, waiting: Waiting) -> None:
        """Wait for their ends, which must be good, and later than they were let go."""
        client = self._stage.client("stepfunctions", waiting.region.region)
        for machine, arn in waiting.executions.items():
            told = until(f"{machine} ends", lambda: ended(client, arn))  # noqa: B023
            assert told["status"] == "SUCCEEDED", (machine, told)
            assert waiting.let_go, "they were held"
            assert told["stopDate"] > waiting.let_go, machine
        if waiting.change:
            self._traffic.end(waiting.change)

    def _active(self, region: RegionOutputs) -> Callable[[], Waiting]:
        """What is there before anything is held. Then: captures of groups, an administrator's
        change, a search for a deleted group's members, hints that the bus did not take."""
        crowd, n = self._traffic.crowd, self._times
        told, left = self._traffic.add(f"told-{n}"), self._traffic.add(f"left-{n}")
        crowd.create_group(f"left-{n}")
        crowd.admin("admin_add_user_to_group", left.person, GroupName=f"left-{n}")
        until_confirmed(self._stage, told.sub, left.sub)
        until("they are seen there", lambda: self._members(f"left-{n}"))
        return partial(self._begun, region, told, n)

    def _begun(self, region: RegionOutputs, told: Expected, n: int) -> Waiting:
        crowd = self._traffic.crowd
        self._delay_parked_hints(region)
        for name in (f"held-{n}", f"stopped-{n}"):
            crowd.create_group(name)
        crowd.delete_group(f"left-{n}")
        change = self._traffic.ask(told, enabled=False)
        told.enabled = False
        self._traffic.add(f"parked-{n}")
        until("a hint is parked", lambda: self._parked(region))
        found = {
            "sync_user": self.running(region, "sync_user", f"held-{n}"),
            "hint_members": self.running(region, "hint_members", f"left-{n}"),
            "apply_admin_change": self.running(region, "apply_admin_change", _id_of(change)),
        }
        stopped = self.running(region, "sync_user", f"stopped-{n}")
        return Waiting(region, found | self._stop(region, stopped), change)

    def _standby(self, region: RegionOutputs) -> Callable[[], Waiting]:
        """The same there: replays of people who are disabled."""
        held, stopped = (self._traffic.add(f"{w}-{self._times}") for w in ("still", "stopped"))
        until_confirmed(self._stage, held.sub, stopped.sub)
        return partial(self._disabled, region, held, stopped)

    def _disabled(self, region: RegionOutputs, *who: Expected) -> Waiting:
        for each in who:
            self._traffic.crowd.admin("admin_disable_user", each.person)
            each.enabled = False
        held, stopped = (self.running(region, "sync_user", each.sub) for each in who)
        return Waiting(region, {"sync_user": held} | self._stop(region, stopped))

    def _stop(self, region: RegionOutputs, arn: str) -> dict[str, str]:
        """Somebody stops an execution: a letter, and containment, which is held."""
        client = self._stage.client("stepfunctions", region.region)
        client.stop_execution(executionArn=arn, cause="a test")
        treated = self.running(region, "contain_failure", arn)
        until("there is a letter", lambda: self._count(region, region.dead_letter_queue_url))
        return {"contain_failure": treated}

    def running(self, region: RegionOutputs, machine: str, about: str) -> str:
        """The execution of a machine about something."""
        client = self._stage.client("stepfunctions", region.region)
        request = {
            "stateMachineArn": region.state_machines[machine],
            "statusFilter": "RUNNING",
        }

        def found() -> str:
            for page in client.get_paginator("list_executions").paginate(**request):
                for each in page["executions"]:
                    told = client.describe_execution(executionArn=each["executionArn"])
                    if about in told["input"]:
                        return str(each["executionArn"])
            return ""

        return str(until(f"{machine} about {about} stands", found))

    def _members(self, group: str) -> list[Any]:
        backup = self._stage.outputs.backup
        client = self._stage.client("cognito-idp", backup.region)
        try:
            told = client.list_users_in_group(UserPoolId=backup.user_pool_id, GroupName=group)
        except client.exceptions.ResourceNotFoundException:
            return []
        return list(told["Users"])

    def _delay_parked_hints(self, region: RegionOutputs) -> None:
        client, url = self._stage.client("sqs", region.region), _parked_url(region)
        client.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": str(_PARKED_SECONDS)})

    def _parked(self, region: RegionOutputs) -> int:
        return self._count(region, _parked_url(region))

    def _count(self, region: RegionOutputs, url: str) -> int:
        client = self._stage.client("sqs", region.region)
        names = ["", "NotVisible", "Delayed"]
        wanted = [f"ApproximateNumberOfMessages{each}" for each in names]
        told = client.get_queue_attributes(QueueUrl=url, AttributeNames=wanted)["Attributes"]
        return sum(int(told[each]) for each in wanted)


def _parked_url(region: RegionOutputs) -> str:
    return region.dead_letter_queue_url.replace("dead-letters", "parked-hints")


def _id_of(change: Answer) -> str:
    return str(change.json.get("change_id") or change.json["id"])


def ended(client: Any, arn: str) -> Any:
    told = client.describe_execution(executionArn=arn)
    return told["status"] != "RUNNING" and told


_IN_BOTH = ({"function": "*contain_failure"},)
_IN_THE_ACTIVE = (
    {"service": "cognito-idp", "operation": "GetGroup"},
    {"function": "*complete_change"},
    {"function": "*hint_members"},
    {"service": "events", "operation": "PutEvents", "function": "*post_confirmation"},
)
_IN_THE_STANDBY = ({"service": "cognito-idp", "operation": "AdminDisableUser"},)
"""Which calls are throttled: those at which a machine has patience for longer than an update
takes. An administrator's change has it once the change is made."""


def _fault(region: RegionOutputs, call: dict[str, str]) -> Fault:
    return Fault(FaultKind.ERROR, region=region.region, code=THROTTLED, **call)  # type: ignore[arg-type]
