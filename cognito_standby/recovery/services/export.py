"""`standby export`: the living records of the table, as Cognito's import file or as JSON lines.

The index by shard says who there is, page by page; each record is then read from the table itself,
consistently. The index may lack who was written a moment ago: an export is a copy, and nothing is
concluded from who is not in it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cognito_standby.core.domain.errors import InvalidRecordError, NewerSchemaError
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, Observation, PoolSchema
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import (
    ABSENT,
    FEDERATED,
    GROUP_KEY,
    Subject,
    attributes_of,
)
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.recovery.domain import exports
from cognito_standby.recovery.domain.exports import ExportIndex, Form, Part
from cognito_standby.recovery.domain.import_csv import MAX_BYTES, CsvUser, Misfit, line_of
from cognito_standby.recovery.domain.import_plan import STAGED
from cognito_standby.recovery.domain.json_lines import json_line
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferRefusedError
from cognito_standby.replication.domain.creation_names import name_for
from cognito_standby.replication.domain.projection import target_in

_AT_ONCE = 16
"""Reads of the table under way: a read takes some milliseconds, of which most is the way."""
_BATCH = 1000

NO_MARK = (
    f"the pool has no {ORIGIN_SUB_ATTRIBUTE}: whom an import job makes could not be told apart"
)
ERASED, DELETED, UNREADABLE = "erased", "deleted", "a record that cannot be read"


@dataclass(frozen=True)
class ExportRequest:
    """Which files, and how large. `part_users`: users of one part at most; `only`: these, by their
    keys; None: everybody."""

    name: str
    form: Form
    part_users: int
    part_bytes: int = MAX_BYTES
    only: frozenset[str] | None = None


def export(
    ctx: TransferContext, asked: ExportRequest, tell: Callable[[int], None] = lambda _: None
) -> ExportIndex:
    """Write an export; `tell` gets the number of users after each shard.

    TransferRefusedError: it cannot be, or there is one of this name. StandbyError: a look failed;
    without its index the export does not count.
    """
    rules = ctx.pool.rules()
    if asked.form is Form.CSV and not rules.marks:
        raise TransferRefusedError(f"{NO_MARK}. Write JSON lines, or add the attribute to the pool")
    folder = exports.folder_of(asked.name)
    if ctx.files.names(folder):
        raise TransferRefusedError(
            f"there is an export {asked.name} already, whole or begun: give another name"
        )
    writer = _Writer(ctx, asked, folder, rules.header if asked.form is Form.CSV else ())
    schema = ctx.sync.directory.schema()
    for shard in range(SHARDS):
        for record in _living(ctx, f"{shard:02x}", asked.only, writer.left_out):
            writer.add(_in_form(ctx, record, asked.form, schema))
        tell(writer.users)
    return writer.close()


@dataclass(frozen=True)
class _Told:
    """A user's line, or why there is none (`others`: for the list of those who go otherwise)."""

    origin_sub: str
    line: str = ""
    other: str = ""
    left_out: str = ""
    formula: bool = False


def _living(
    ctx: TransferContext, shard: str, only: frozenset[str] | None, left_out: Counter[str]
) -> Iterator[Record]:
    """The living winners of a shard, in the order of their keys."""
    found_keys = _users(ctx, shard)
    keys = sorted(found_keys if only is None else found_keys & only)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for start in range(0, len(keys), _BATCH):
            for found in pool.map(lambda key: _winner(ctx, key), keys[start : start + _BATCH]):
                if isinstance(found, Record):
                    yield found
                else:
                    left_out[found] += 1


def _users(ctx: TransferContext, shard: str) -> set[str]:
    token, keys = "", set[str]()
    while True:
        page = ctx.index.page(shard, token)
        found = {*(each.key for each in page.records), *page.unreadable}
        keys |= {key for key in found if not key.startswith(GROUP_KEY)}
        if not (token := page.token):
            return keys


def _winner(ctx: TransferContext, key: str) -> Record | str:
    """The record to export, or why there is none. An erasure counts whatever the record says."""
    subject = Subject.from_key(key)
    if ctx.sync.erasures.has(subject):
        return ERASED
    try:
        winner = resolve(ctx.sync.records.read(subject)[0])
    except (InvalidRecordError, NewerSchemaError):
        return UNREADABLE
    return DELETED if winner is None or winner.deleted else winner


def _in_form(ctx: TransferContext, record: Record, form: Form, schema: PoolSchema) -> _Told:
    key = record.subject.id
    if form is Form.JSON:
        return _Told(key, json_line(record))
    made = csv_user(schema, record)
    if made == NotHeld.FEDERATED:
        staged = ctx.sync.federated.stages
        return _Told(key, other=STAGED) if staged else _Told(key, left_out=made)
    if isinstance(made, str):
        return _Told(key, other=made)
    line = line_of(ctx.pool.rules(), made)
    if isinstance(line, Misfit):
        return _Told(key, other=line.value)
    return _Told(key, line, formula=made.has_formula)


def csv_user(schema: PoolSchema, record: Record) -> CsvUser | str:
    """The user as an import job is to make them in a pool of this schema, or why it cannot."""
    if FEDERATED in record.fields:
        return NotHeld.FEDERATED
    target = target_in(record, Observation(ABSENT), schema, {}).fields
    name = name_for(schema, target)
    if isinstance(name, NotHeld):
        return name.value
    mark = {ORIGIN_SUB_ATTRIBUTE: record.subject.id}
    return CsvUser(name, {**attributes_of(target), **mark})


@dataclass
class _Writer:
    """Fills parts, and counts. `header`: of each part; JSON lines have none."""

    ctx: TransferContext
    asked: ExportRequest
    folder: str
    header: tuple[str, ...]
    parts: list[Part] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    formulas: int = 0
    users: int = 0
    _lines: list[str] = field(default_factory=list)
    _bytes: int = 0
    _listed: list[str] = field(default_factory=list)

    def add(self, told: _Told) -> None:
        """One user."""
        if told.left_out:
            self.left_out[told.left_out] += 1
        elif told.other:
            self.others[told.other] += 1
            row = {"origin_sub": told.origin_sub, "reason": told.other}
            self._listed.append(json.dumps(row))
        else:
            size = len(told.line.encode()) + 1
            head = sum(map(len, self.header)) + len(self.header)
            full = len(self._lines) == self.asked.part_users
            if full or (self._lines and self._bytes + size + head > self.asked.part_bytes):
                self._flush()
            self._lines.append(told.line)
            self._bytes += size
            self.users += 1
            self.formulas += told.formula

    def close(self) -> ExportIndex:
        """The last part, the list, and the index."""
        if self._lines:
            self._flush()
        if self._listed:
            body = "\n".join([*self._listed, ""]).encode()
            self.ctx.files.write(self.folder + exports.OTHERS, body)
        sync = self.ctx.sync
        index = ExportIndex(
            format=exports.FORMAT,
            form=self.asked.form,
            region=sync.region,
            user_pool_id=sync.user_pool_id,
            made_at=sync.clock.now().isoformat(),
            header=self.header,
            parts=tuple(self.parts),
            others=dict(sorted(self.others.items())),
            left_out=dict(sorted(self.left_out.items())),
            formulas=self.formulas,
        )
        body = json.dumps(to_plain(index), indent=2).encode()
        self.ctx.files.write(self.folder + exports.INDEX, body)
        return index

    def _flush(self) -> None:
        name = exports.part_name(len(self.parts) + 1, self.asked.form)
        first = [",".join(self.header)] if self.header else []
        body = "\n".join([*first, *self._lines, ""]).encode()
        self.ctx.files.write(self.folder + name, body)
        self.parts.append(Part(name, len(self._lines), exports.digest_of(body)))
        self._lines, self._bytes = [], 0
