"""Password hashes that an import passes through to Cognito: which fit, and which may be used. Pure.

Source: Cognito developer guide, "Importing users with password hashes": formats and the greatest
parameters. A hash is a secret: it is in no record, index, report, log, argument or note of a run,
and its text is in no error.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from cognito_standby.core.domain.changed_passwords import PasswordNote

COLUMNS = ("origin_sub", "password_hash", "hashed_at")
"""Of the owner's file; `hashed_at`: when the hash was read from where it comes from (ISO 8601, with
its zone)."""


class Algorithm(StrEnum):
    """PasswordHashingAlgorithmType; one for a whole job."""

    BCRYPT = "BCRYPT"
    SCRYPT = "SCRYPT"
    ARGON2ID = "ARGON2ID"
    PBKDF2_SHA256 = "PBKDF2_SHA256"


class Unused(StrEnum):
    """Why a hash is not used: its user is imported without, and resets their password."""

    MALFORMED = "the hash is malformed for the algorithm"
    TOO_COSTLY = "a parameter of the hash is greater than Cognito takes"
    OLDER = "the password was changed after the hash was read"
    UNKNOWN_CHANGE = "nothing says that the password was not changed since"
    TWICE = "the file has two hashes of the user"
    NO_TIME = "no time says when the hash was read"


_FORMS = {
    Algorithm.BCRYPT: (r"\$2[abxy]\$([0-9]{2})\$[./A-Za-z0-9]{53}", (12,)),
    Algorithm.SCRYPT: (
        r"([0-9]{1,9})\$([0-9]{1,9})\$([0-9]{1,9})\$(?:[0-9a-fA-F]{2})+\$(?:[0-9a-fA-F]{2})+",
        (65536, 8, 1),
    ),
    Algorithm.ARGON2ID: (
        r"\$argon2id\$v=[0-9]+\$m=([0-9]{1,9}),t=([0-9]{1,9}),p=([0-9]{1,9})"
        r"\$[+/A-Za-z0-9]+\$[+/A-Za-z0-9]+",
        (19456, 2, 1),
    ),
    Algorithm.PBKDF2_SHA256: (
        r"\$pbkdf2-sha256\$([0-9]{1,9})\$[+/.A-Za-z0-9]+\$[+/.A-Za-z0-9]+",
        (600_000,),
    ),
}
"""The form, with its parameters as groups, and the greatest of each."""


def misfit(algorithm: Algorithm, value: str) -> Unused | None:
    """Why Cognito would refuse the hash, and with it the user."""
    form, most = _FORMS[algorithm]
    found = re.fullmatch(form, value)
    if found is None:
        return Unused.MALFORMED
    over = any(int(given) > limit for given, limit in zip(found.groups(), most, strict=True))
    return Unused.TOO_COSTLY if over else None


@dataclass(frozen=True)
class NotedChange:
    """What is known of a user's last change of password. `known`: whether changes are noted at all;
    `at`: the last one, None: there was none."""

    known: bool = False
    at: datetime | None = None


NOT_NOTED = NotedChange()
"""No note is no proof: changes from before this release, or whose hint was lost, left none."""


def noted_change(notes: Collection[PasswordNote]) -> NotedChange:
    """What the notes of one user say; of both Regions the later one counts."""
    at = max((note.set_at for note in notes), default=None)
    return NOT_NOTED if at is None else NotedChange(known=True, at=at)


def too_old(hashed_at: datetime, change: NotedChange, *, vouched: bool) -> Unused | None:
    """Why a hash of that time must not be used.

    An older password may be the very one that somebody lost, and its owner changed. So where
    changes are not noted a hash is not used, unless an operator vouches (`vouched`) that nobody
    could change a password since; a noted change counts against that word, too.
    """
    if change.at is not None and change.at >= hashed_at:
        return Unused.OLDER
    return None if change.known or vouched else Unused.UNKNOWN_CHANGE


@dataclass(frozen=True)
class DatedHash:
    """A hash, and when it was read from where it comes from."""

    value: str = field(repr=False)
    hashed_at: datetime


@dataclass(frozen=True)
class Hashes:
    """The hashes that are used, by origin sub, and why others are not. `vouched`: by an operator,
    that nobody could change a password since."""

    algorithm: Algorithm
    of: Mapping[str, DatedHash] = field(default_factory=dict, repr=False)
    unused: Mapping[str, int] = field(default_factory=dict)
    vouched: bool = False

    def without_older(self, changes: Mapping[str, NotedChange]) -> Hashes:
        """The same, less those that what is noted now speaks against."""
        used = {
            sub: each
            for sub, each in self.of.items()
            if not too_old(each.hashed_at, changes.get(sub, NOT_NOTED), vouched=self.vouched)
        }
        return replace(self, of=used)

    def value_of(self, origin_sub: str) -> str:
        """The user's hash; "": none is used."""
        found = self.of.get(origin_sub)
        return found.value if found else ""


def read_hashes(
    lines: Iterable[str],
    algorithm: Algorithm,
    changes: Mapping[str, NotedChange],
    *,
    vouched: bool,
) -> Hashes:
    """The owner's file: CSV, with `COLUMNS` as its header. ValueError: it has another header, or a
    row that cannot be read. Then no hash is used: an open quotation mark swallows other rows."""
    rows = csv.DictReader(lines, strict=True)
    try:
        header = {*(rows.fieldnames or ())}
    except csv.Error:
        header = set()
    if header != {*COLUMNS}:
        raise ValueError(f"the header of the hashes is not {','.join(COLUMNS)}")
    used, unused, met = dict[str, DatedHash](), Counter[str](), set[str]()
    for sub, value, told in _cells(rows):
        judged = _judged(algorithm, value, told)
        if isinstance(judged, DatedHash):
            change = changes.get(sub, NOT_NOTED)
            judged = too_old(judged.hashed_at, change, vouched=vouched) or judged
        if sub in met:
            used.pop(sub, None)
            unused[Unused.TWICE] += 1
        elif isinstance(judged, Unused):
            unused[judged] += 1
        else:
            used[sub] = judged
        met.add(sub)
    return Hashes(algorithm, used, dict(unused), vouched)


def _cells(rows: csv.DictReader[str]) -> Iterator[tuple[str, str, str]]:
    while True:
        before = rows.line_num
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            # Its text is not told: it can have a part of the row.
            raise _unreadable(before + 1, "a quotation mark is not closed, or too long") from None
        if None in row:
            raise _unreadable(rows.line_num, "it has too many cells")
        sub, value, told = ((row.get(name) or "").strip() for name in COLUMNS)
        yield sub, value, told


def _unreadable(line: int, why: str) -> ValueError:
    return ValueError(f"line {line} of the hashes cannot be read: {why}")


def _judged(algorithm: Algorithm, value: str, told: str) -> DatedHash | Unused:
    if (why := misfit(algorithm, value)) is not None:
        return why
    try:
        hashed_at = datetime.fromisoformat(told)
    except ValueError:
        return Unused.NO_TIME
    return Unused.NO_TIME if hashed_at.tzinfo is None else DatedHash(value, hashed_at)
