"""What an export is made of: its files, its index, and where they lie. Pure.

runs/exports/<id>/
  index.json        written last: an export without one is not complete and is not imported
  part-00001.csv    users, at most as many as a part may have (`.jsonl`: JSON lines)
  others.jsonl      CSV only: who does not go by the file, and why; ids and reasons, no values

Below `runs/`, so that they expire with the files of the runs: an export is a copy of everybody's
data, and nobody would remember to remove it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.reconciliation.domain.file_names import RUNS

FORMAT = 1
INDEX, OTHERS = "index.json", "others.jsonl"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")


class Form(StrEnum):
    """What the parts are; the ending of their names."""

    CSV = "csv"
    JSON = "jsonl"


@dataclass(frozen=True)
class Part:
    """One file with users: its name, how many, and the SHA-256 of its content."""

    name: str
    users: int
    sha256: str


@dataclass(frozen=True)
class ExportIndex:
    """What an export tells of itself. Ids, counts and names of columns; nobody's data.

    others    why users do not go by the file -> how many (CSV only)
    left_out  why users are in no file at all -> how many
    formulas  users with a value that a spreadsheet would take for a formula
    """

    format: int
    form: Form
    region: str
    user_pool_id: str
    made_at: str
    header: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    formulas: int = 0

    @property
    def users(self) -> int:
        """In the parts."""
        return sum(part.users for part in self.parts)


def folder_of(name: str) -> str:
    """Where an export's files lie in the bucket. ValueError: no such name can be one."""
    if not _ID.fullmatch(name):
        raise ValueError("an export's name has letters, digits and hyphens only")
    return f"{RUNS}exports/{name}/"


def part_name(number: int, form: Form) -> str:
    """From 1 on."""
    return f"part-{number:05d}.{form.value}"


def strange_part(index: ExportIndex) -> str:
    """Why the index's list of files cannot be an export's, or ""; names become paths of files that
    are read and written. Whoever is in two files is told later, by line."""
    wanted = [part_name(number, index.form) for number in range(1, len(index.parts) + 1)]
    if [part.name for part in index.parts] == wanted:
        return ""
    return f"the {INDEX} names a file that is none of an export, or one twice"


def digest_of(body: bytes) -> str:
    """By which a changed or cut file is found out."""
    return hashlib.sha256(body).hexdigest()
