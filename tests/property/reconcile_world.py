"""Random worlds for the reconciliation: people, syncs that happen or not, and things that nobody
should do, in both Regions."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import Subject
from tests.twins.pool.errors import CognitoError
from tests.twins.stores.frozen import FrozenMap
from tests.twins.stores.records import ItemKey
from tests.twins.stores.shard_indexes import InMemoryWholeRecords
from tests.unit.reconciliation.stage import Stage
from tests.unit.world import Side, World

PEOPLE = tuple(f"p{number}" for number in range(5))
GROUPS = ("g", "h")

Act = tuple[int, str, int, int]
"""Region, what, who, a number."""

POOL_ACTS = (
    *("sign up", "sign up", "sign up", "confirmless", "change", "change", "delete", "disable"),
    *("enable", "join", "join", "leave", "make group", "make group", "change group", "drop group"),
)
SYSTEM_ACTS = ("sync", "sync", "replicate", "stream", "stream", "all", "all", "wait", "die")
VANDAL_ACTS = ("forget row", "forget record", "change record", "claim")


class Playground:
    """A world and what can be done to it. Whatever Cognito or the services refuse is no act.
    `on_demand`: the backup's pool makes people when they first come, which nobody does."""

    def __init__(self, *, on_demand: bool = False) -> None:
        self.world = World()
        backup = self.world.backup
        backup.context = replace(backup.context, on_demand=on_demand)
        self.sides = (self.world.primary, self.world.backup)
        self.stages = tuple(Stage(self.world, side) for side in self.sides)
        if on_demand:
            self.stages[1].whole = InMemoryWholeRecords(self.world.table, backup.region)

    def act(self, act: Act) -> None:
        """Do one thing."""
        region, what, who, number = act
        side = self.sides[region]
        name, group = PEOPLE[who % len(PEOPLE)], GROUPS[number % len(GROUPS)]
        with quiet():
            try:
                if what in POOL_ACTS:
                    self._in_pool(side, what, name, group, number)
                else:
                    self._to_system(side, what, number)
            except (CognitoError, StandbyError, RuntimeError):
                return

    def everything(self) -> None:
        """All hints and arrivals, until nothing moves."""
        for _ in range(4):
            for side in self.sides:
                for key in sorted(self.keys(side)):
                    self.run(side, {"origin_sub": key})
                for user in list(side.pool._accounts):
                    self.run(side, {"local_sub": user.sub})
            self.world.table.replicate_all()

    def keys(self, side: Side) -> set[str]:
        """The subjects that records or the ledger know."""
        items = self.world.table.items(side.region)
        known = {key.partition for key, item in items.items() if isinstance(item, Record)}
        known |= {row.subject.key for row in side.ledger.rows()}
        return known | {Subject.group(group).key for group in side.pool._groups}

    def run(self, side: Side, hint: dict[str, Any]) -> dict[str, Any] | None:
        """What `sync_user` does; None: it failed."""
        side.context.clock.advance(300)  # type: ignore[attr-defined]
        with quiet():
            try:
                return side.run(hint, holder=f"e{side.context.clock.now().timestamp()}#0")
            except StandbyError:
                return None

    def lives(self, side: Side, local_sub: str) -> bool:
        """Whether somebody should be alive by their records."""
        origin = side.ledger.origin_of(local_sub) or local_sub
        partition, _ = side.context.records.read(Subject.user(origin))
        winner = resolve(partition)
        return winner is not None and not winner.deleted

    def state(self, side: Side) -> tuple[Any, ...]:
        """Everything that a sync can change, without leases."""
        rows = frozenset(replace(row, lease=None) for row in side.ledger.rows())
        return side.pool.snapshot(), self.world.table.snapshot(), rows

    def would_change(self, side: Side, hint: dict[str, Any]) -> bool:
        """Whether SYNC would do something; the world is as before afterwards."""
        kept = side.pool.snapshot(), self.world.table.snapshot(), side.ledger.snapshot()
        before = self.state(side)
        answer = self.run(side, hint)
        changed = self.state(side) != before
        side.pool.restore(kept[0])
        self.world.table.restore(kept[1])
        side.ledger.restore(kept[2])
        skipped = answer is not None and str(answer.get("reason", "")).startswith("skipped")
        return changed and not skipped

    def _in_pool(self, side: Side, what: str, name: str, group: str, number: int) -> None:
        pool = side.pool
        match what:
            case "sign up":
                pool.admin_create_user(name, {"email": f"{name}@x.org"})
                pool.admin_set_user_password(name, "Aa1!aaaaaa", permanent=True)
            case "confirmless":
                pool.sign_up(name, "Aa1!aaaaaa", {"email": f"{name}@x.org"})
            case "change":
                pool.admin_update_user_attributes(name, {"name": f"v{number}"})
            case "delete":
                pool.admin_delete_user(name)
            case "disable":
                pool.admin_disable_user(name)
            case "enable":
                pool.admin_enable_user(name)
            case "join":
                pool.admin_add_user_to_group(name, group)
            case "leave":
                pool.admin_remove_user_from_group(name, group)
            case "make group":
                pool.create_group(PoolGroup(group, f"d{number}"))
            case "change group":
                pool.update_group(PoolGroup(group, f"d{number}"))
            case "drop group":
                pool.delete_group(group)
            case _:
                raise AssertionError(what)

    def _to_system(self, side: Side, what: str, number: int) -> None:
        table = self.world.table
        match what:
            case "sync":
                subs = sorted(account.sub for account in side.pool._accounts)
                if subs:
                    self.run(side, {"local_sub": subs[number % len(subs)]})
            case "replicate":
                table.replicate_all()
            case "stream":
                for record in table.stream(side.region):
                    table.take(side.region, record)
                    if record.subject:
                        self.run(side, {"origin_sub": record.subject.key})
            case "all":
                self.everything()
            case "wait":
                side.context.clock.advance(86_400.0 * number)  # type: ignore[attr-defined]
            case "die":
                self._die(side, number)
            case _:
                self._vandalize(side, what, number)

    def _die(self, side: Side, number: int) -> None:
        """An execution dies before a write to the pool."""
        directory = side.context.directory
        method = ("set_attributes", "set_enabled", "join_group", "create_user")[number % 4]
        real = getattr(directory, method)

        def broken(*_: object) -> None:
            raise RuntimeError

        setattr(directory, method, broken)
        try:
            for key in sorted(self.keys(side)):
                side.context.clock.advance(300)  # type: ignore[attr-defined]
                side.run({"origin_sub": key}, holder=f"died{number}#0")
        finally:
            setattr(directory, method, real)

    def _vandalize(self, side: Side, what: str, number: int) -> None:
        items, rows = self.world.table._items, side.ledger._rows
        keys = sorted(key for key in items[side.region] if not key.partition.startswith("#claim"))
        if what == "claim":
            claims = self.world.table.store(side.region).read_claims()
            self.world.table.store(side.region).put_claim(claims.next_number())
        elif what == "forget row" and rows:
            del rows[sorted(rows, key=lambda subject: subject.key)[number % len(rows)]]
        elif what == "forget record" and keys:
            for region in items:
                items[region].pop(keys[number % len(keys)], None)
        elif what == "change record" and keys:
            self._change(keys[number % len(keys)])

    def _change(self, key: ItemKey) -> None:
        for items in self.world.table._items.values():
            record = items.get(key)
            if isinstance(record, Record) and record.subject.key[0] != "#":
                fields = FrozenMap({**record.fields, "attr:name": "vandal"})
                items[key] = replace(record, fields=fields)


@contextmanager
def quiet() -> Iterator[None]:
    """Without the log lines of the tasks."""
    with redirect_stdout(io.StringIO()):
        yield
