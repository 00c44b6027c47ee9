"""What the former release left, on the in-memory twins: cheap enough for whole reconciliations."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tests.former import today
from tests.former.pools import BACKUP, PRIMARY, fill, pool_config, state_of
from tests.former.world import INSTALLATION, TABLE_ID, World, read_json, stored


@dataclass(frozen=True)
class Loaded:
    """What today's adapters read in a world: by Region."""

    records: dict[str, dict[today.ItemKey, Any]]
    rows: dict[str, dict[today.Subject, Any]]
    origins: dict[str, dict[str, str]]
    conflicts: dict[str, list[today.Conflict]]
    noted: dict[str, Any]

    @classmethod
    def of(cls, world: World) -> Loaded:
        """Read everything once."""
        loaded = cls({}, {}, {}, {}, {})
        for region in world.regions:
            name = region.region
            loaded.records[name] = _records(region)
            found = [row["subject"] for row in stored(f"ledger-{name}")]
            keys = [key for key in found if key.startswith("#group#") or not key.startswith("#")]
            subjects = [today.Subject.from_key(key) for key in keys]
            locals_ = [key.removeprefix("#sub#") for key in found if key.startswith("#sub#")]
            loaded.rows[name] = {each: region.ledger.read(each) for each in subjects}
            loaded.origins[name] = {sub: str(region.ledger.origin_of(sub)) for sub in locals_}
            listed = (region.ledger.conflicts_of(each) for each in subjects)
            loaded.conflicts[name] = [each for some in listed for each in some]
            loaded.noted[name] = region.ledger.region_notes()
        return loaded


def _records(region: Any) -> dict[today.ItemKey, Any]:
    """What a Region wrote."""
    found: dict[today.ItemKey, Any] = {}
    store = region.context.records
    for item in stored("records"):
        key, name = item["origin_sub"], region.region
        if item["region"] != name:
            continue
        if key == "#claim":
            found[today.ItemKey(key, name)] = store.read_claims().numbers[name]
        elif key.startswith("#group#") or not key.startswith("#"):
            record = store.read(today.Subject.from_key(key))[0].own
            frozen = replace(record, fields=today.FrozenMap(record.fields))
            found[today.ItemKey(key, name)] = frozen
    return found


class Twins:
    """Both Regions."""

    def __init__(self, loaded: Loaded, pools: str = "pools") -> None:
        self.clock = today.ManualClock()
        self.clock.set(datetime.fromisoformat(read_json("about.json")["written_at"]))
        self.table = today.GlobalTable(INSTALLATION)
        self.table.ids = dict.fromkeys((PRIMARY, BACKUP), TABLE_ID)
        self.primary, self.backup = (self._side(name, pools) for name in (PRIMARY, BACKUP))
        for side in (self.primary, self.backup):
            name, ledger = side.region, side.ledger
            for key, item in loaded.records[name].items():
                self.table.write(name, key, item)
            ledger._rows, ledger._origins = dict(loaded.rows[name]), dict(loaded.origins[name])
            ledger._conflicts = {(each.subject, each.kind): each for each in loaded.conflicts[name]}
            ledger.noted = loaded.noted[name]
        self.table.replicate_all()
        for name in (PRIMARY, BACKUP):
            for arrived in self.table.stream(name):
                self.table.take(name, arrived)

    def _side(self, name: str, pools: str) -> today.Side:
        side = today.Side(name, self.table)
        side.pool = today.StrictPool(pool_config(name), self.clock)
        fill(side.pool, read_json(f"{pools}.json")[name])
        pool = side.pool.config.pool_id
        side.ledger = today.InMemoryLedger(self.clock, user_pool_id=pool)
        directory = today.InMemoryUserDirectory(side.pool)
        own: Any = {"directory": directory, "ledger": side.ledger, "clock": self.clock}
        side.context = replace(side.context, user_pool_id=pool, **own)
        return side

    def state(self) -> Any:
        """Everything, for comparisons."""
        sides = (self.primary, self.backup)
        ledgers = [{row.subject.key: row for row in side.ledger.rows()} for side in sides]
        return self.table.snapshot(), ledgers, [state_of(side.pool) for side in sides]

    def runs(self, side: today.Side) -> today.Reconciliation:
        """A Region's reconciliations."""
        return today.Reconciliation(self, side)  # type: ignore[arg-type]


def bodies() -> dict[str, bytes]:
    """The files of the former run, by name."""
    found: dict[str, bytes] = {}
    for each in stored("run"):
        text = each["text"] if "text" in each else json.dumps(each["json"])
        found |= dict.fromkeys(each["names"], text.encode())
    return found
