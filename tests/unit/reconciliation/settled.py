"""A small world in sync, and what is done to it behind the system's back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from unittest.mock import patch

import pytest

from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Suspect
from tests.twins.stores.records import ItemKey
from tests.unit.reconciliation.stage import Stage
from tests.unit.world import BACKUP, PRIMARY, Side, World

STAFF = Subject.group("staff").key


@dataclass
class Settled:
    """Three people and a group, in sync in both Regions."""

    world: World
    subs: list[str]
    active: Stage
    standby: Stage

    @property
    def ann(self) -> str:
        return self.subs[0]

    def twin(self, sub: str) -> str:
        """The local sub of a person in the standby's pool."""
        return self.row(self.standby, sub).local_sub

    def row(self, stage: Stage, sub: str) -> LedgerRow:
        return stage.side.ledger.read(Subject.user(sub))

    def forget_record(self, sub: str, owner: str) -> None:
        """The item vanishes from both replicas."""
        for region in (PRIMARY, BACKUP):
            self.world.table._items[region].pop(ItemKey(sub, owner), None)

    def forget_row(self, stage: Stage, sub: str) -> None:
        del stage.side.ledger._rows[Subject.user(sub)]

    def rewrite_record(self, sub: str, **changed: object) -> None:
        """The primary's record, in both replicas, without any event."""
        key = ItemKey(sub, PRIMARY)
        record = self.world.table.item(PRIMARY, key)
        assert isinstance(record, Record)
        for region in (PRIMARY, BACKUP):
            self.world.table._items[region][key] = replace(record, **changed)  # type: ignore[arg-type]

    def delete(self, name: str, sub: str) -> None:
        """Ann is deleted, and the deletion arrives."""
        self.active.side.pool.admin_delete_user(name)
        self.world.carry(sub)
        self.world.table.replicate_all()
        for stage in (self.active, self.standby):
            stage.side.run({"origin_sub": sub})


def settle() -> Settled:
    """The world in which nothing is wrong."""
    world = World()
    people = ("ann", "ben", "cyd")
    world.primary.pool.create_group(PoolGroup("staff", "who works here", 3))
    world.primary.run({"group": "staff"})
    for key in world.replicate():
        world.backup.run({"origin_sub": key})
    subs = [world.sign_up(name, {"email": f"{name}@x.org"}) for name in people]
    world.primary.pool.admin_add_user_to_group("ann", "staff")
    for sub in subs:
        world.carry(sub)
    return Settled(world, subs, Stage(world, world.primary), Stage(world, world.backup))


def expect(stage: Stage, *wanted: tuple[str, str]) -> list[Suspect]:
    judgement, suspects = stage.compare()
    assert sorted((s.kind.value, s.key) for s in suspects) == sorted(wanted)
    assert judgement.tally.drift == {kind: [k for k, _ in wanted].count(kind) for kind, _ in wanted}
    return suspects


def heals(stage: Stage, suspects: list[Suspect]) -> None:
    for suspect in suspects:
        stage.visit(suspect)
    expect(stage)


def dies_while_replaying(side: Side, sub: str) -> None:
    """After the ledger named the write, and before the write."""
    directory = side.context.directory
    with (
        patch.object(directory, "set_attributes", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
    ):
        side.run({"origin_sub": sub}, holder="died#0")
