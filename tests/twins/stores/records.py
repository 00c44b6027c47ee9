"""The global table with its replication laid open, and one Region's view of it.

DynamoDB global tables (MREC) replicate asynchronously, each item by itself: items may arrive in
any order, several writes of one item may arrive as one, and the stream of the receiving replica
then shows one change. Source: DynamoDB developer guide, "How global tables work" and "DynamoDB
Streams and global tables". Here nothing travels until `replicate` is called.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from cognito_standby.core.domain.epochs import Claims, Installation
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.names_index import names_of, normal
from cognito_standby.core.domain.records import Draft, Partition, Record
from cognito_standby.core.domain.roles import Active, active_of
from cognito_standby.core.domain.subjects import CLAIM_KEY, Subject, SubjectKind
from cognito_standby.recovery.domain.standing import ClaimItem
from tests.twins.stores.frozen import FrozenMap


class ItemKey(NamedTuple):
    """Primary key: the partition, and the Region that alone writes the item."""

    partition: str
    owner: str


class StreamRecord(NamedTuple):
    """What the pipe hands on: the key alone."""

    key: ItemKey

    @property
    def subject(self) -> Subject | None:
        """Whom it is about; None for a claim."""
        if self.key.partition == CLAIM_KEY:
            return None
        return Subject.from_key(self.key.partition)


@dataclass(frozen=True)
class UnreadableItem:
    """Stands for an item that no reader of this release understands, and how it complains."""

    error: type[StandbyError]


Item = Record | int | ClaimItem | UnreadableItem
"""A record, a claim's number, a claim with all that its item says, or what cannot be read."""

_Contents = tuple[tuple[str, frozenset[tuple[ItemKey, Item]]], ...]
_Writes = tuple[Item | None, ...]
"""None: a removal."""

_Waiting = tuple[tuple[str, frozenset[tuple[ItemKey, _Writes]]], ...]
_Arrivals = tuple[tuple[str, tuple[StreamRecord, ...]], ...]
Snapshot = tuple[bool, _Contents, _Waiting, _Arrivals]


class GlobalTable:
    """Both replicas, what is on its way between them, and the streams of arrivals."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.partitioned = False
        regions = (installation.primary, installation.backup)
        self._items: dict[str, dict[ItemKey, Item]] = {region: {} for region in regions}
        self._queues: dict[str, dict[ItemKey, _Writes]] = {r: {} for r in regions}
        self._streams: dict[str, tuple[StreamRecord, ...]] = dict.fromkeys(regions, ())
        self.ids = {region: f"table-of-{region}" for region in regions}
        """TableId of each replica; a test that replaces the table gives another one."""
        self.without_shard: set[ItemKey] = set()
        """Items that the index does not show until somebody repairs or writes them. Not part of a
        snapshot: a test puts keys in."""

    def store(self, region: str) -> InMemoryRecordStore:
        """The store that code in one Region uses."""
        return InMemoryRecordStore(self, region)

    def item(self, region: str, key: ItemKey) -> Item | None:
        """One item as a Region's replica shows it."""
        return self._items[region].get(key)

    def records(self, region: str) -> list[Record]:
        """All readable records that a Region's replica shows, by key."""
        items = sorted(self._items[region].items(), key=lambda pair: pair[0])
        return [item for _, item in items if isinstance(item, Record)]

    def items(self, region: str) -> dict[ItemKey, Item]:
        """All items that a Region's replica shows."""
        return dict(self._items[region])

    def write(self, region: str, key: ItemKey, item: Item | None) -> None:
        """Write to a Region's replica, or remove; it waits to be replicated to the other.

        ValueError: the item belongs to the other Region. No item has two writers, so the table's
        last-writer-wins never decides anything.
        """
        if key.owner != region:
            raise ValueError(f"{region} must not write an item of {key.owner}")
        _put(self._items[region], key, item)
        self.without_shard.discard(key)
        queue = self._queues[self.installation.other(region)]
        queue[key] = (*queue.get(key, ()), item)

    def pending(self, to_region: str) -> tuple[ItemKey, ...]:
        """Keys with writes on their way to a Region."""
        return tuple(sorted(self._queues[to_region]))

    def replicate(self, to_region: str, key: ItemKey, *, coalesce: bool = False) -> bool:
        """Let the oldest waiting write of an item arrive, or only the newest.

        False: nothing waits, or the Regions are partitioned.
        """
        waiting = self._queues[to_region].get(key, ())
        if self.partitioned or not waiting:
            return False
        arrived, left = (waiting[-1], ()) if coalesce else (waiting[0], waiting[1:])
        if left:
            self._queues[to_region][key] = left
        else:
            del self._queues[to_region][key]
        if self._items[to_region].get(key) != arrived:
            _put(self._items[to_region], key, arrived)
            if arrived is not None and not (isinstance(arrived, Record) and arrived.bulk):
                self._streams[to_region] += (StreamRecord(key),)
        return True

    def replicate_all(self) -> None:
        """Let everything arrive, each item's writes in their order; nothing when partitioned."""
        for region in self._queues:
            for key in self.pending(region):
                while self.replicate(region, key):
                    pass

    def stream(self, region: str) -> tuple[StreamRecord, ...]:
        """Arrivals in a Region that nobody has taken yet. What the pipe filters out is not shown:
        the Region's own writes, bulk ones and removals."""
        return self._streams[region]

    def take(self, region: str, record: StreamRecord) -> None:
        """Take one arrival off a Region's stream."""
        left = list(self._streams[region])
        left.remove(record)
        self._streams[region] = tuple(left)

    def snapshot(self) -> Snapshot:
        """The whole state, hashable."""
        return (
            self.partitioned,
            tuple((region, frozenset(items.items())) for region, items in self._items.items()),
            tuple((region, frozenset(queue.items())) for region, queue in self._queues.items()),
            tuple(self._streams.items()),
        )

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state."""
        self.partitioned, items, queues, streams = snapshot
        self._items = {region: dict(part) for region, part in items}
        self._queues = {region: dict(part) for region, part in queues}
        self._streams = dict(streams)


def _put(items: dict[ItemKey, Item], key: ItemKey, item: Item | None) -> None:
    if item is None:
        items.pop(key, None)
    else:
        items[key] = item


class InMemoryRecordStore:
    """RecordStore: this Region's replica, strongly consistent within the Region."""

    def __init__(self, table: GlobalTable, region: str) -> None:
        self._table = table
        self.region = region
        self._other = table.installation.other(region)

    def read(self, subject: Subject) -> tuple[Partition, Claims]:
        """Both records and both claims."""
        own, other = (self._record(subject, region) for region in (self.region, self._other))
        return Partition(own, other), self.read_claims()

    def read_claims(self) -> Claims:
        """Both claims."""
        return Claims({region: self._claim(region) for region in (self.region, self._other)})

    def read_active(self) -> Active:
        """Who is active, and for whom it makes way."""
        items = {
            region: self._table.item(self.region, ItemKey(CLAIM_KEY, region))
            for region in (self.region, self._other)
        }
        makes_way = {
            region: item.stood_down for region, item in items.items() if isinstance(item, ClaimItem)
        }
        return active_of(self.read_claims(), makes_way)

    def put(self, draft: Draft, observed_at: datetime) -> Record | None:
        """Write the own record over the expected revision."""
        current = self._table.item(self.region, ItemKey(draft.subject.key, self.region))
        if isinstance(current, UnreadableItem):
            return None
        revision = current.revision if isinstance(current, Record) else None
        if revision != draft.expected_revision:
            return None
        record = Record(
            subject=draft.subject,
            region=self.region,
            revision=(revision or 0) + 1,
            epoch_number=draft.epoch_number,
            fields=FrozenMap(draft.fields),
            deleted=draft.deleted,
            observed_at=observed_at.isoformat(),
            change_id=draft.change_id,
            bulk=draft.bulk,
            user_pool_id=draft.user_pool_id,
            seen=draft.seen,
        )
        self._table.write(self.region, ItemKey(draft.subject.key, self.region), record)
        return record

    def retire(self, tombstone: Record) -> bool:
        """Mark the own tombstone."""
        key = ItemKey(tombstone.subject.key, self.region)
        item = self._table.item(self.region, key)
        if not isinstance(item, Record) or not item.deleted or item.version != tombstone.version:
            return False
        self._table.write(self.region, key, replace(item, retired=True, bulk=True))
        return True

    def remove(self, retired: Record) -> bool:
        """Take away the own retired tombstone."""
        key = ItemKey(retired.subject.key, self.region)
        item = self._table.item(self.region, key)
        if item is None:
            return True
        if not isinstance(item, Record) or not item.retired or item.version != retired.version:
            return False
        self._table.write(self.region, key, None)
        return True

    def add_to_index(self, subject: Subject) -> bool:
        """Repair the own record that has no shard."""
        key = ItemKey(subject.key, self.region)
        if self._table.item(self.region, key) is None or key not in self._table.without_shard:
            return False
        self._table.without_shard.remove(key)
        return True

    def named(self, name: str) -> tuple[str, ...]:
        """Keys of all users with that name in some record here, whatever its case."""
        wanted = normal(name)
        keys = (
            record.subject.key
            for record in self._table.records(self.region)
            if record.subject.kind is SubjectKind.USER
            and wanted in map(normal, names_of(record.fields))
        )
        return tuple(dict.fromkeys(keys))

    def known_groups(self, names: tuple[str, ...]) -> frozenset[str]:
        """The groups among these of which this Region wrote a record that is no tombstone."""
        known = {name: self._record(Subject.group(name), self.region) for name in names}
        return frozenset(name for name, record in known.items() if record and not record.deleted)

    def put_claim(self, number: int) -> bool:
        """Raise the own claim."""
        if number <= self._claim(self.region):
            return False
        self._table.write(self.region, ItemKey(CLAIM_KEY, self.region), number)
        return True

    def table_id(self) -> str:
        """Which table it is: `GlobalTable.ids` by Region."""
        return self._table.ids[self.region]

    def _record(self, subject: Subject, owner: str) -> Record | None:
        item = self._table.item(self.region, ItemKey(subject.key, owner))
        if isinstance(item, UnreadableItem):
            raise item.error("an item of this subject cannot be read")
        return item if isinstance(item, Record) else None

    def _claim(self, owner: str) -> int:
        item = self._table.item(self.region, ItemKey(CLAIM_KEY, owner))
        if isinstance(item, ClaimItem):
            return item.number
        if isinstance(item, int):
            return item
        return self._table.installation.initial_claim(owner).number
