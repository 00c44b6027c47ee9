"""JSON lines: a user's whole record, a line each, for people and programs. Pure.

Each line is an object: `origin_sub`, `region`, `epoch`, `revision` (which write of the record it
is), and `fields`, as in docs/data.md: attributes, groups, links, the enabled flag. Nothing is left
out or altered, and any text fits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.pools import is_state
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import PRESENT, Fields, Subject, SubjectKind
from cognito_standby.recovery.domain.import_csv import BadLine


@dataclass(frozen=True)
class RecordLine:
    """One user as a line tells of them."""

    line: int
    origin_sub: str
    fields: Fields


def json_line(winner: Record) -> str:
    """The line of a living record, without its end."""
    told = {
        "origin_sub": winner.subject.id,
        "region": winner.region,
        "epoch": winner.epoch_number,
        "revision": winner.revision,
        "fields": dict(sorted(winner.fields.items())),
    }
    return json.dumps(told, ensure_ascii=True)


def read_json_lines(text: str) -> Iterator[RecordLine | BadLine]:
    """The users of a file, one by one."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _read(number, line)


def _read(number: int, line: str) -> RecordLine | BadLine:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return BadLine(number, "it is no JSON")
    if not isinstance(told, dict):
        return BadLine(number, "it is no object")
    origin_sub, fields = told.get("origin_sub"), told.get("fields")
    if not isinstance(origin_sub, str) or not _is_user(origin_sub):
        return BadLine(number, "it names no user")
    if not isinstance(fields, dict) or not _is_living(fields):
        return BadLine(number, "its fields are not those of a user")
    return RecordLine(number, origin_sub, fields)


def _is_user(origin_sub: str) -> bool:
    try:
        return bool(Subject.user(origin_sub))
    except InvalidRecordError:
        return False


def _is_living(fields: Mapping[str, Any]) -> bool:
    texts = all(isinstance(value, str) for value in fields.values())
    return PRESENT in fields and texts and is_state(SubjectKind.USER, fields)
