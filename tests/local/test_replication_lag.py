"""Writes on their way between Regions: late, out of order, and kept by whoever goes dark."""

from __future__ import annotations

import pytest

from local.emulator import LocalAws
from local.faults import Fault, FaultError, FaultKind, Faults
from local.faults.model import REPLICATION
from local.faults.regions import Replication
from tests.local.conftest import OTHER_REGION, REGION

pytestmark = pytest.mark.local_aws
TABLE = {"TableName": "people", "pk_name": "id", "sk_name": None}


class Wire:
    """Two replicas, and a clock that stands until it is set; no emulator is written to."""

    def __init__(self, aws: LocalAws) -> None:
        self.now, self.faults, self.arrived = 0.0, Faults(), list[str]()
        self._account = aws.account
        self._replication = Replication(self.faults, self._arrive, lambda: self.now)

    def write(self, key: str, version: str) -> None:
        """Somebody writes an item in REGION."""
        from ministack.core.responses import request_scope  # noqa: PLC0415 - once it is started

        item = {"id": {"S": key}, "version": {"S": version}}
        table = {**TABLE, "_global_regions": [REGION, OTHER_REGION]}
        with request_scope(self._account, REGION):
            self._replication(table, "MODIFY", None, item)

    def at(self, now: float) -> list[str]:
        """What has arrived by then, in its order."""
        self.now = now
        self._replication.deliver()
        return self.arrived

    def _arrive(self, table: object, kind: str, before: object, after: dict[str, object]) -> None:
        self.arrived.append("".join(str(value["S"]) for value in after.values()))  # type: ignore[index]


@pytest.fixture
def wire(aws: LocalAws) -> Wire:
    return Wire(aws)


def test_later_writes_of_others_overtake_but_never_those_of_the_same_item(wire: Wire) -> None:
    number = wire.faults.add(Fault(FaultKind.LAG, region=OTHER_REGION, seconds=10))
    wire.write("a", "1")
    wire.faults.clear(number)
    for key, version in (("b", "1"), ("a", "2"), ("c", "1")):
        wire.write(key, version)
    assert wire.at(1.9) == ["b1", "c1"], "a fifth of the time at least"
    assert wire.at(10) == ["b1", "c1", "a1", "a2"]


def test_what_is_under_way_when_its_region_goes_dark_arrives_at_the_return(wire: Wire) -> None:
    wire.faults.add(Fault(FaultKind.LAG, region=OTHER_REGION, seconds=10))
    wire.write("a", "1")
    dark = wire.faults.add(Fault(FaultKind.DARK, region=REGION))
    assert wire.at(60) == []
    parted = wire.faults.add(Fault(FaultKind.EDGE, edge=REPLICATION))
    wire.faults.clear(dark)
    assert wire.at(70) == [], "back, and cut off"
    wire.faults.clear(parted)
    assert wire.at(70) == ["a1"]


def test_only_what_waits_for_the_dark_is_counted_as_dark(wire: Wire) -> None:
    def struck() -> dict[str, int]:
        return {row["kind"]: row["struck"] for row in wire.faults.state()["faults"]}

    lag = wire.faults.add(Fault(FaultKind.LAG, region=OTHER_REGION, seconds=10))
    wire.write("a", "1")
    wire.faults.clear(lag)
    wire.write("a", "2")  # waits for the write before it
    assert "late replication" not in wire.faults.state()["counts"]
    parted = wire.faults.add(Fault(FaultKind.EDGE, edge=REPLICATION, region=OTHER_REGION))
    wire.write("b", "1")
    assert struck() == {"edge": 1}
    wire.faults.clear(parted)
    wire.faults.add(Fault(FaultKind.DARK, region=REGION))
    wire.write("c", "1")
    assert struck() == {"dark": 1}, "the Region that writes is the dark one"
    assert wire.faults.state()["counts"]["late replication"] == 1


def test_the_same_seed_is_late_alike(aws: LocalAws) -> None:
    def order(seed: int) -> list[str]:
        wire = Wire(aws)
        fault = Fault(FaultKind.LAG, region=OTHER_REGION, seconds=10, rate=0.8, seed=seed)
        wire.faults.add(fault)
        for number in range(12):
            wire.write(str(number), "x")
        for tenth in range(101):
            wire.at(tenth / 10)
        return wire.arrived

    first = order(7)
    assert first == order(7)
    assert first != order(8)
    assert sorted(first) == sorted(f"{number}x" for number in range(12))


def test_a_lag_needs_seconds() -> None:
    with pytest.raises(FaultError, match="lag needs seconds"):
        Fault(FaultKind.LAG, region=OTHER_REGION)
