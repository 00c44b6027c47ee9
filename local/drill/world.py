"""What the scenes share: the installation, its people, the weather, and the notes of the day."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer

from local.demo.compare import Comparison, SeenUser, compare, read_users
from local.demo.people import Crowd, Person
from local.drill.figures import Change, Ended, Rto, What
from local.drill.operator import Operator
from local.drill.scene import SceneError
from local.drill.timeline import Timeline
from local.faults.model import REPLICATION, Callers, Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import Stage

_plain = TypeDeserializer().deserialize
Answer = TypeVar("Answer")
Redeploy = Callable[[Mapping[str, Any]], Mapping[str, Mapping[str, str]]]
POLL_SECONDS = 0.2


@dataclass
class Day:
    """What one scene finds out and a later one, or the report, needs. None: not yet.

    dark         the fault by which the Region is dark
    cut          when the Region went dark
    healed       when the way between the Regions was open again
    arrived      numbers of the changes that the standby's pool showed after the failover
    passwords    username -> the password that was set in the standby Region
    unknown      checks of the failover that could not be made: name, Region, what was told
    conflicts    of the list: subject, kind, fields; `listed_in`: subject, kind -> Region
    written_off  origin subs of people whom a script deleted, and who are not back
    """

    dark: int = 0
    cut: float | None = None
    healed: float | None = None
    arrived: frozenset[int] | None = None
    rto: Rto | None = None
    epoch: int | None = None
    passwords: dict[str, str] = field(default_factory=dict)
    unknown: list[tuple[str, str, str]] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    conflicts: list[tuple[str, str, str]] | None = None
    ended: Ended | None = None
    listed_in: dict[tuple[str, str], str] = field(default_factory=dict)
    written_off: frozenset[str] = frozenset()
    half: list[Person] = field(default_factory=list)


@dataclass
class World:
    """`redeploy`: deploys a changed configuration, and gives the stacks' outputs by their names;
    `size`: how many people there are before the cut; `patience`: seconds for anything."""

    stage: Stage
    operator: Operator
    say: Callable[[str], None]
    redeploy: Redeploy
    seed: int = 7
    size: int = 24
    patience: float = 300.0
    clock: Callable[[], float] = time.time
    timeline: Timeline = field(default_factory=Timeline)
    changes: list[Change] = field(default_factory=list)
    people: dict[str, Person] = field(default_factory=dict)
    subs: dict[str, str] = field(default_factory=dict)
    day: Day = field(default_factory=Day)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def home(self) -> RegionOutputs:
        """The Region that is active in the morning."""
        return self.stage.outputs.primary

    @property
    def away(self) -> RegionOutputs:
        """The other one."""
        return self.stage.outputs.backup

    @property
    def first(self) -> list[Person]:
        """Who signed up before anything happened, in their order."""
        return list(self.people.values())[: self.size]

    @property
    def faults(self) -> RemoteFaults:
        """The weather."""
        return RemoteFaults(self.stage.outputs.endpoint)

    def crowd(self, region: RegionOutputs) -> Crowd:
        """Who acts on a Region's pool."""
        return Crowd(self.stage, region, "username")

    def noted(
        self, what: What, person: Person, region: RegionOutputs, field_: str = "", value: str = ""
    ) -> Change:
        """A change was acknowledged just now."""
        with self._lock:
            number, sub = len(self.changes) + 1, self.subs[person.username]
            who = person.username
            change = Change(
                number, who, sub, what, region.region, self.clock(), field=field_, value=value
            )
            self.changes.append(change)
            return change

    def sign_up(self, person: Person, region: RegionOutputs) -> str:
        """Somebody signs up; the origin sub. Whoever is refused raises as the SDK does."""
        sub = self.crowd(region).sign_up(person)
        self.known(person, sub)
        self.noted(What.SIGN_UP, person, region)
        return sub

    def known(self, person: Person, sub: str) -> None:
        """Who they are from now on."""
        with self._lock:
            self.people[person.username], self.subs[person.username] = person, sub

    def write(self, person: Person, region: RegionOutputs, attribute: str, value: str) -> None:
        """An administrator writes an attribute."""
        self.crowd(region).set_attributes(person, {attribute: value})
        self.noted(What.PROFILE, person, region, f"attr:{attribute}", value)

    def join(self, person: Person, region: RegionOutputs, group: str) -> None:
        """An administrator adds somebody to a group."""
        self.crowd(region).admin("admin_add_user_to_group", person, GroupName=group)
        self.noted(What.JOIN, person, region, f"group:{group}", group)

    def delete(self, person: Person, region: RegionOutputs) -> None:
        """An administrator deletes somebody."""
        self.crowd(region).admin("admin_delete_user", person)
        self.noted(What.DELETION, person, region)

    def users(self, region: RegionOutputs) -> dict[str, SeenUser]:
        """Origin sub -> user, as a Region's pool shows them."""
        return {user.origin_sub: user for user in read_users(self.stage, region)}

    def shown(self, region: RegionOutputs, changes: Iterable[Change]) -> frozenset[int]:
        """Numbers of the changes that a Region's pool shows."""
        users = self.users(region)
        return frozenset(each.number for each in changes if shows(users.get(each.sub), each))

    def record(self, region: RegionOutputs, sub: str) -> dict[str, Any]:
        """A Region's own record of somebody, as its replica has it; empty: none."""
        answer = self.stage.client("dynamodb", region.region).get_item(
            TableName=self.stage.outputs.records_table,
            Key={"origin_sub": {"S": sub}, "region": {"S": region.region}},
            ConsistentRead=True,
        )
        return {name: _plain(value) for name, value in answer.get("Item", {}).items()}

    def captured(self, region: RegionOutputs, change: Change) -> bool:
        """Whether a Region's own record says what the change did there."""
        record = self.record(region, change.sub)
        told = record.get("fields", {}).get(change.field)
        if change.what is What.DELETION:
            return bool(record.get("deleted"))
        if change.what is What.PROFILE:
            return bool(told == change.value)
        return bool(record) and (change.what is What.SIGN_UP or told is not None)

    def until(self, what: str, check: Callable[[], Answer | None]) -> Answer:
        """The first truthy answer. SceneError: none within the patience."""
        deadline = time.monotonic() + self.patience
        while not (answer := check()):
            if time.monotonic() > deadline:
                raise SceneError(f"not within {self.patience:.0f} s: {what}")
            time.sleep(POLL_SECONDS)
        return answer

    def until_equal(self) -> Comparison:
        """Both pools, once they agree. SceneError, with what differs."""
        deadline = time.monotonic() + self.patience
        while not (comparison := compare(self.stage)).agree:
            if time.monotonic() > deadline:
                told = "; ".join(comparison.problems[:5])
                raise SceneError(f"the pools differ after {self.patience:.0f} s: {told}")
            time.sleep(POLL_SECONDS)
        return comparison

    def conflicts(self) -> list[tuple[str, Any]]:
        """Conflicts as the operator's list tells them, each with its Region."""
        told = self.operator.json("conflicts", "list", "--show-ids", good=(0, 1))
        return [
            (region["region"], each) for region in told["regions"] for each in region["conflicts"]
        ]

    def letters(self, region: RegionOutputs) -> int:
        """Dead letters that wait for an operator."""
        name = "ApproximateNumberOfMessages"
        answer = self.stage.client("sqs", region.region).get_queue_attributes(
            QueueUrl=region.dead_letter_queue_url, AttributeNames=[name]
        )
        return int(answer["Attributes"][name])

    def running(self, region: RegionOutputs, *machines: str) -> list[str]:
        """Executions that run."""
        client = self.stage.client("stepfunctions", region.region)
        return [
            each["executionArn"]
            for machine in machines
            for page in client.get_paginator("list_executions").paginate(
                stateMachineArn=region.state_machines[machine], statusFilter="RUNNING"
            )
            for each in page["executions"]
        ]

    def go_dark(self, region: RegionOutputs) -> int:
        """From now on the Region answers nobody; the fault's number."""
        dark = Fault(FaultKind.DARK, region=region.region, callers=Callers.ALL)
        return self.faults.add(dark)

    def part(self) -> int:
        """From now on nothing that is written in one Region reaches the other."""
        return self.faults.add(Fault(FaultKind.EDGE, edge=REPLICATION))

    def document(self, region: RegionOutputs) -> Any:
        """The active pool, as a Region publishes it to apps."""
        parameters = self.stage.client("ssm", region.region)
        answer = parameters.get_parameter(Name=region.active_parameter)
        return json.loads(answer["Parameter"]["Value"])


def shows(user: SeenUser | None, change: Change) -> bool:
    """Whether a pool's user is as the change left them."""
    if change.what is What.DELETION:
        return user is None or not user.enabled
    if user is None:
        return False
    if change.what is What.JOIN:
        return change.value in user.groups
    name = change.field.removeprefix("attr:")
    return change.what is What.SIGN_UP or user.attributes.get(name) == change.value
