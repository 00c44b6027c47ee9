"""Reading an export, and judging each of its users by the table of today."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from cognito_standby.core.domain.absence import of_this_pool
from cognito_standby.core.domain.epochs import is_active
from cognito_standby.core.domain.errors import InvalidRecordError, RefusedByPoolError
from cognito_standby.core.domain.plain import from_plain
from cognito_standby.core.domain.pools import PoolSchema
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.subjects import Fields, Subject
from cognito_standby.recovery.domain import exports, import_csv
from cognito_standby.recovery.domain.exports import ExportIndex, Form
from cognito_standby.recovery.domain.import_csv import BadLine, CsvUser, GoodLine, ImportRules
from cognito_standby.recovery.domain.import_plan import (
    TWICE,
    UNKNOWN,
    Fate,
    Known,
    Planned,
    fate_of,
)
from cognito_standby.recovery.domain.json_lines import RecordLine, read_json_lines
from cognito_standby.recovery.services.export import NO_MARK, csv_user
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferRefusedError
from cognito_standby.replication.services.pool_calls import creation_name

_AT_ONCE = 16


@dataclass
class Export:
    """One export that is being imported. `seen`: who was met in the parts before."""

    index: ExportIndex
    folder: str
    rules: ImportRules
    schema: PoolSchema
    seen: set[str] = field(default_factory=set)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of its files with users."""
        others = (exports.OTHERS,) if self.index.others else ()
        return (*(part.name for part in self.index.parts), *others)


def open_export(ctx: TransferContext, name: str, *, ending: bool = False) -> Export:
    """Look whether an export can be imported here. `ending`: whom a run made is only to be
    completed, which is right in an active Region, too. TransferRefusedError: why not."""
    if not ending:
        refuse_active(ctx)
    folder = exports.folder_of(name)
    body = ctx.files.read(folder + exports.INDEX)
    if body is None:
        raise TransferRefusedError(f"there is no complete export {name}: it has no {exports.INDEX}")
    try:
        index = from_plain(ExportIndex, json.loads(body))
    except (ValueError, InvalidRecordError):
        raise TransferRefusedError(f"the {exports.INDEX} of {name} cannot be read") from None
    if index.format != exports.FORMAT:
        raise TransferRefusedError(f"the export has the format {index.format}, not known here")
    if why := exports.strange_part(index):
        raise TransferRefusedError(why)
    rules, pool = ctx.pool.rules(), ctx.sync.user_pool_id
    if index.form is Form.CSV:
        if index.user_pool_id != pool:
            why = f"the files are for the pool {index.user_pool_id}, and this one is {pool}"
            raise TransferRefusedError(f"{why}: export for it, or JSON lines")
        if {*index.header} != {*rules.header}:
            raise TransferRefusedError("the pool's header has changed since: export again")
    if not rules.marks:
        raise TransferRefusedError(NO_MARK)
    if not rules.auto_verified:
        raise TransferRefusedError("the pool verifies no addresses by itself: no job would start")
    if not index.users and not index.others:
        raise TransferRefusedError("the export is empty: there is nobody to import")
    return Export(index, folder, rules, ctx.sync.directory.schema())


def refuse_active(ctx: TransferContext) -> None:
    """In an active Region whoever is missing from the pool counts as deleted: the sync of somebody
    who is to be brought in would capture a deletion, and no brake would ask.

    TransferRefusedError: the Region is active.
    """
    if is_active(ctx.sync.region, ctx.sync.records.read_claims(), ()):
        raise TransferRefusedError(
            f"{ctx.sync.region} is active, and whoever is missing in its pool counts as deleted: "
            "import into the Region that stands by"
        )


def plan_part(ctx: TransferContext, export: Export, name: str) -> list[Planned]:
    """What becomes of everybody in a part. An erasure list that cannot be read is an error, and
    nobody is made. TransferRefusedError: the file is missing or is not as it was written."""
    met: list[GoodLine | RecordLine] = []
    refused: list[Planned] = []
    for each in _lines(ctx, export, name):
        if isinstance(each, BadLine):
            refused.append(Planned(each.line, "", Fate.REFUSED, each.reason))
        elif (key := _key_of(each)) in export.seen:
            refused.append(Planned(each.line, key, Fate.REFUSED, TWICE))
        else:
            export.seen.add(key)
            met.append(each)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        judged = list(pool.map(lambda each: _judged(ctx, export, each), met))
    return sorted([*judged, *refused], key=lambda row: row.place)


def read_part(ctx: TransferContext, export: Export, name: str) -> str:
    """A part's text, as it was written. TransferRefusedError."""
    body = ctx.files.read(export.folder + name)
    known = {part.name: part.sha256 for part in export.index.parts}
    if body is None:
        raise TransferRefusedError(f"the file {name} is missing")
    if name in known and exports.digest_of(body) != known[name]:
        raise TransferRefusedError(f"the file {name} was changed or cut since it was written")
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise TransferRefusedError(f"the file {name} is not in UTF-8") from None


def names_in(ctx: TransferContext, export: Export, name: str) -> dict[str, str]:
    """Origin sub -> the name under which a job makes the user. TransferRefusedError."""
    names = {}
    for each in _lines(ctx, export, name):
        if isinstance(each, GoodLine):
            names[each.user.origin_sub] = each.user.username
        elif isinstance(each, RecordLine) and each.fields:
            names[each.origin_sub] = name_of(export.schema, each.fields)
    return names


def _lines(
    ctx: TransferContext, export: Export, name: str
) -> Iterator[BadLine | GoodLine | RecordLine]:
    text = read_part(ctx, export, name)
    if name == exports.OTHERS:
        yield from _others(text)
    elif export.index.form is Form.JSON:
        yield from read_json_lines(text)
    else:
        if why := import_csv.foreign_header(export.rules, text.split("\n", 1)[0]):
            raise TransferRefusedError(f"the header of {name} is not this pool's: {why}")
        yield from import_csv.read_lines(text)


def _others(text: str) -> Iterator[RecordLine | BadLine]:
    """Who does not go by the files: their ids alone."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield RecordLine(number, str(json.loads(line)["origin_sub"]), {})
            except (ValueError, KeyError, TypeError):
                yield BadLine(number, "it names no user")


def _key_of(each: GoodLine | RecordLine) -> str:
    return each.user.origin_sub if isinstance(each, GoodLine) else each.origin_sub


def _judged(ctx: TransferContext, export: Export, each: GoodLine | RecordLine) -> Planned:
    key = _key_of(each)
    try:
        subject = Subject.user(key)
    except InvalidRecordError:
        return Planned(each.line, key, Fate.REFUSED, UNKNOWN)
    winner = resolve(ctx.sync.records.read(subject)[0])
    living = winner is not None and not winner.deleted
    made: CsvUser | str = csv_user(export.schema, winner) if winner and living else UNKNOWN
    line: str = import_csv.line_of(export.rules, made) if isinstance(made, CsvUser) else ""
    if isinstance(each, GoodLine):
        same = each.user == made
    else:
        same = winner is not None and dict(each.fields) == dict(winner.fields)
    row = of_this_pool(ctx.sync.ledger.read(subject), ctx.sync.user_pool_id)
    known = Known(
        ctx.sync.erasures.has(subject), winner, row, made, line, same, ctx.sync.federated.stages
    )
    fate, reason = fate_of(known)
    if fate is not Fate.JOB or not isinstance(made, CsvUser):
        return Planned(each.line, key, fate, reason)
    return Planned(each.line, key, fate, reason, made, line)


def name_of(schema: PoolSchema, fields: Fields) -> str:
    """The name of a user in a pool of this schema; "": there is none."""
    try:
        return creation_name(schema, fields)
    except (InvalidRecordError, RefusedByPoolError):
        return ""


def counts_of(rows: Sequence[Planned]) -> dict[str, int]:
    """How many meet each fate."""
    return {fate.value: n for fate in Fate if (n := sum(row.fate is fate for row in rows))}
