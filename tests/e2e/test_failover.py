"""A day of a pair of Regions: a planned failover while people sign up, an outage, and home again.

One test: each failover begins where the one before ended, and the stage is left as it was found.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.demo.people import Crowd, Person
from local.faults.model import Callers, Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.e2e.conftest import Standby, until, until_equal
from tests.e2e.world import records

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]

LEFT_BY_OTHERS = ("--accept", "attention", "--accept", "drift", "--accept", "lag")
"""Other tests of the stage leave users whom nobody can repair, on purpose, and hold changes up."""


def sign_up(stage: RemoteStage, region: RegionOutputs, name: str) -> str:
    """Somebody signs up in a Region, as soon as its door opens; their sub there."""
    name = f"{name}{time.monotonic_ns()}"
    crowd, person = Crowd(stage, region, "username"), Person(name, f"{name}@example.org", name)

    def tried() -> str:
        try:
            return crowd.sign_up(person)
        except ClientError as error:
            if error.response["Error"]["Code"] != "UserLambdaValidationException":
                raise
            return ""

    return str(until(f"{region.region} lets people in", tried))


def failed_over(standby: Standby, region: RegionOutputs, how: str, *more: str) -> Any:
    """The command's answer, as JSON."""
    result = standby(
        "failover", "--to", region.region, how, "--yes", "--json", *LEFT_BY_OTHERS, *more
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return json.loads(result.stdout)


@contextmanager
def dark(stage: RemoteStage, region: RegionOutputs) -> Iterator[None]:
    """A Region that answers nobody, functions included."""
    faults = RemoteFaults(stage.outputs.endpoint)
    number = faults.add(Fault(kind=FaultKind.DARK, region=region.region, callers=Callers.ALL))
    try:
        yield
    finally:
        faults.clear(number)


def test_there_by_plan_and_home_from_an_outage(stage: RemoteStage, standby: Standby) -> None:
    home, away = stage.outputs.primary, stage.outputs.backup
    ann = sign_up(stage, home, "ann")
    before = records(stage, "#claim").get(home.region, {}).get("epoch", 1)

    there = failed_over(standby, away, "--planned")
    assert (there["outcome"], there["epoch"]) == ("claimed", before + 1)
    claims = records(stage, "#claim")
    assert claims[home.region]["stood_down"] == away.region
    assert claims[away.region]["epoch"] == before + 1
    assert ann in {user.origin_sub for user in _people(stage)}, "she came along"

    again = standby("failover", "--to", away.region, "--planned", "--yes")
    assert (again.returncode, "active Region already" in again.stderr) == (2, True)

    ben = sign_up(stage, away, "ben")
    until_equal(stage)
    with dark(stage, away):
        back = failed_over(standby, home, "--outage", "--accept", "report")
        unknown = {each["name"] for each in back["checks"] if each["region"] == away.region}
        assert {"source", "letters", "running"} <= unknown
        eve = sign_up(stage, home, "eve")
    assert back["epoch"] == before + 2
    until_equal(stage)
    assert {ann, ben, eve} <= {user.origin_sub for user in _people(stage)}
    written = {who: records(stage, who)[home.region]["epoch"] for who in (ann, eve)}
    assert written == {ann: before, eve: before + 2}


def _people(stage: RemoteStage) -> list[Any]:
    compared = until_equal(stage)
    return [row.standby for row in compared.rows if row.standby is not None]
