"""A script deletes many people, and no event tells of it: the brake of the reconciliation asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from local.control import set_trail
from local.drill.scene import Claim
from local.drill.world import World

_GONE = 8
"""More than the brake lets pass unasked in small pools (five)."""


@dataclass(frozen=True)
class Brake:
    """The eighth scene."""

    name: str = "A mass deletion is stopped"
    shows: str = (
        "A script deletes people in the active pool, and CloudTrail delivers none of its events. "
        "The reconciliation finds them missing and asks before it believes it; rejected, it "
        "changes nothing, and everybody is still in the records and in the standby."
    )

    def run(self, world: World) -> Iterator[Claim]:
        """Delete, reconcile, reject."""
        home = world.home
        gone = world.first[-_GONE:]
        set_trail(world.stage.outputs.endpoint, drop=["*"])
        for person in gone:
            world.crowd(home).admin("admin_delete_user", person)
        world.timeline.mark(world.clock(), home.region, f"a script deletes {len(gone)} people")
        world.day.written_off = frozenset(world.subs[person.username] for person in gone)
        world.operator.run("reconcile", "--region", home.region)
        run = world.until("the brake asks", lambda: _question(world))
        world.timeline.mark(world.clock(), home.region, "the brake asks; the operator rejects")
        world.operator.run("reject", run, "--yes")
        world.until("the run ends", lambda: not world.running(home, "reconcile_pool"))
        set_trail(world.stage.outputs.endpoint)
        report = world.operator.json("reports", run, good=(0, 1))
        yield Claim(
            "the brake asked, and was answered no",
            report["brake"]["answer"] == "rejected",
            "; ".join(report["brake"]["reasons"]),
        )
        users = world.users(world.away)
        there = [users.get(sub) for sub in world.day.written_off]
        enabled = sum(bool(user and user.enabled) for user in there)
        yield Claim(
            "everybody is still enabled in the standby",
            enabled == len(gone),
            f"{enabled} of {len(gone)}",
        )
        living = sum(_lives(world, sub) for sub in world.day.written_off)
        yield Claim(
            "everybody is still in the records", living == len(gone), f"{living} of {len(gone)}"
        )


def _question(world: World) -> str:
    """The run that asks, in the ledger."""
    for arn in world.running(world.home, "reconcile_pool"):
        run = arn.rsplit(":", 1)[-1]
        answer = world.stage.client("dynamodb", world.home.region).get_item(
            TableName=world.home.ledger_table,
            Key={"subject": {"S": f"#question#{run}"}},
            ConsistentRead=True,
        )
        if "Item" in answer:
            return run
    return ""


def _lives(world: World, sub: str) -> bool:
    record = world.record(world.home, sub)
    return bool(record) and not record.get("deleted")


SCENE = Brake()
