"""Whom the page signed up, how far they have come, and which faults it injects."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.demo.people import Crowd, Person
from local.faults.model import Callers, Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage

KEPT = 12
_WAIT = 5.0


@dataclass(frozen=True)
class Offered:
    """A fault that the page offers. `told`: what it does, in a sentence."""

    label: str
    told: str
    fault: Fault


def offered(active: str, standby: str) -> dict[str, Offered]:
    """By name. What strikes replays strikes them where they are made."""
    writes = Fault(FaultKind.ERROR, service="cognito-idp", operation="Admin*", region=standby)
    return {
        "dark-active": Offered(
            f"{active} goes dark",
            "It answers nobody, functions included, until you end it.",
            Fault(FaultKind.DARK, region=active, callers=Callers.ALL),
        ),
        "dark-standby": Offered(
            f"{standby} goes dark",
            f"It answers nobody. Changes in {active} are replayed when it is back.",
            Fault(FaultKind.DARK, region=standby, callers=Callers.ALL),
        ),
        "throttled": Offered(
            f"Cognito throttles half of the calls in {standby}",
            "Replays are tried again, which their executions count.",
            replace(writes, rate=0.5, code="throttled"),
        ),
        "refused": Offered(
            f"Cognito refuses every write in {standby}",
            "Replays give up for good, and become dead letters, until you end it and redrive them.",
            replace(writes, code="NotAuthorizedException", status=400),
        ),
        "late": Offered(
            f"Records arrive late in {standby}",
            f"The table's replica in {standby} is up to 20 seconds behind, and out of order.",
            Fault(FaultKind.LAG, region=standby, seconds=20.0),
        ),
    }


@dataclass(frozen=True)
class Broken:
    """A fault that goes on, as the page calls it. `struck`: how often it did something."""

    number: int
    label: str
    struck: int


def broken(rows: Sequence[Mapping[str, Any]], known: Iterable[Offered]) -> list[Broken]:
    """Of the rows of the active faults; one that was made elsewhere is called by its fields."""
    labels = {each.fault: each.label for each in known}
    found = []
    for row in rows:
        told = {name: value for name, value in row.items() if name not in ("id", "struck")}
        fields = ", ".join(f"{name} {value}" for name, value in told.items())
        label = labels.get(Fault.of(told), fields)
        found.append(Broken(int(row["id"]), label, int(row["struck"])))
    return found


@dataclass
class Traveller:
    """Somebody whom the page signed up. `seen`: Region -> their name there, "" where they are not,
    None where that is not known. `changed_at` and `arrived`: seconds."""

    person: Person
    sub: str
    name: str
    changed_at: float
    changes: int = 0
    seen: Mapping[str, str | None] = field(default_factory=dict)
    arrived: float | None = None


class Demo:
    """One stage's. The methods raise ClientError and BotoCoreError, as the pools answer."""

    def __init__(self, stage: RemoteStage) -> None:
        self._stage = stage
        self.faults = RemoteFaults(stage.outputs.endpoint)
        primary, backup = stage.outputs.primary, stage.outputs.backup
        self.regions = (primary, backup)
        pool = stage.client("cognito-idp", primary.region).describe_user_pool(
            UserPoolId=primary.user_pool_id
        )["UserPool"]
        self._sign_in = "email" if pool.get("UsernameAttributes") else "username"
        self.names = (primary.region, backup.region)
        self._lock, self.travellers = threading.Lock(), list[Traveller]()

    def sign_up(self, region: str, name: str) -> None:
        """Somebody signs up in a Region's pool, as in an app."""
        here = self._region(region)
        username = f"demo{time.time_ns() // 1_000_000}"
        person = Person(username, f"{username}@example.org", name)
        begun = time.monotonic()
        sub = self._crowd(here).sign_up(person)
        with self._lock:
            self.travellers.insert(0, Traveller(person, sub, name, begun))
            del self.travellers[KEPT:]

    def change(self, region: str, sub: str) -> None:
        """An administrator changes their name. KeyError: it is nobody whom the page signed up."""
        found = next((each for each in self.travellers if each.sub == sub), None)
        if found is None:
            raise KeyError(sub)
        found.changes += 1
        wanted = f"{found.name.split(' (')[0]} ({found.changes})"
        found.changed_at, found.arrived = time.monotonic(), None
        self._crowd(self._region(region)).set_attributes(found.person, {"name": wanted})
        found.name = wanted

    def look(self) -> list[Traveller]:
        """Where everybody is now. A pool that does not answer in time is not known."""
        with self._lock:
            people = list(self.travellers)
        asked = [(each, region) for each in people for region in self.regions]
        pool = ThreadPoolExecutor(len(self.regions) * KEPT)
        futures = [pool.submit(self._name_in, *each) for each in asked]
        end = time.monotonic() + _WAIT
        found: dict[int, dict[str, str | None]] = {id(each): {} for each in people}
        for (each, region), future in zip(asked, futures, strict=True):
            try:
                seen = future.result(max(0.05, end - time.monotonic()))
            except (TimeoutError, BotoCoreError, ClientError):
                seen = None
            found[id(each)][region.region] = seen
        pool.shutdown(wait=False, cancel_futures=True)
        for each in people:
            each.seen = found[id(each)]
            if each.arrived is None and all(seen == each.name for seen in each.seen.values()):
                each.arrived = time.monotonic() - each.changed_at
        return people

    def _name_in(self, traveller: Traveller, region: RegionOutputs) -> str | None:
        """By the address, which is theirs in both pools."""
        answer = self._stage.client("cognito-idp", region.region).list_users(
            UserPoolId=region.user_pool_id, Filter=f'email = "{traveller.person.email}"'
        )
        for user in answer["Users"]:
            told = {each["Name"]: each["Value"] for each in user["Attributes"]}
            return str(told.get("name", ""))
        return ""

    def _crowd(self, region: RegionOutputs) -> Crowd:
        return Crowd(self._stage, region, self._sign_in)

    def _region(self, name: str) -> RegionOutputs:
        return next((each for each in self.regions if each.region == name), self.regions[0])
