"""Cognito's import file: from a user to a line, and back. Pure.

Source: Cognito developer guide, "Importing users into user pools from a CSV file". What a line
cannot hold exactly goes by an administrator's call instead, and nothing is altered to make it fit:
what a spreadsheet would take for a formula stays as it is, because the file is for Cognito. People
read JSON lines. Where the guide is silent (quotation marks, backslashes, control characters) a
value does not go by the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cognito_standby.core.domain.contacts import FLAGS
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.core.domain.subjects import TRUE

USERNAME_COLUMN = "cognito:username"
MFA_COLUMN = "cognito:mfa_enabled"
"""Left blank: imported users are then as the pool requires."""
HASH_COLUMN = "password_hash"
MAX_ROW, MAX_BYTES, MAX_ROWS = 16_000, 100 * 1024 * 1024, 500_000
"""Characters of a line, bytes of a file, users of a file."""

_COMMA = re.compile(r"(?<!\\),")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_GUIDE_DATE = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")
_SECONDS = re.compile(r"[0-9]{1,10}")
_PHONE = re.compile(r"\+[0-9]+")
_LETTERS = "LMSNP"
"""Categories of the characters of a username (API, UsernameType)."""


class Misfit(StrEnum):
    """Why a user does not go by the file, as an operator reads it."""

    NAME = "the username has blanks or control characters"
    BROKEN_LINE = "a value has a line break or a control character"
    EDGES = "a value begins or ends with blanks, which Cognito would trim"
    QUOTATION = "a value has a quotation mark"
    BACKSLASH = "a value has a backslash"
    BIRTHDATE = "the birthdate is no date"
    SECONDS = "updated_at is no time in seconds"
    NO_COLUMN = "an attribute has no column in the pool's header"
    UNVERIFIED = "no address that the pool verifies by itself is verified"
    REQUIRED = "an attribute that the pool requires is missing"
    TOO_LONG = "the line would be longer than Cognito takes"


@dataclass(frozen=True)
class ImportRules:
    """What a pool says of its import file.

    header         GetCSVHeader, in its order
    auto_verified  AutoVerifiedAttributes: one of them must be verified
    required       attributes that the schema requires
    """

    header: tuple[str, ...]
    auto_verified: tuple[str, ...]
    required: frozenset[str] = frozenset()

    @property
    def marks(self) -> bool:
        """Whether an imported user can be recognised as ours afterwards."""
        return ORIGIN_SUB_ATTRIBUTE in self.header


@dataclass(frozen=True)
class CsvUser:
    """One user as a line holds them; `attributes` with the copy of the origin sub."""

    username: str
    attributes: Mapping[str, str]

    @property
    def origin_sub(self) -> str:
        """Whom the line is about; "": it does not say."""
        return self.attributes.get(ORIGIN_SUB_ATTRIBUTE, "")

    @property
    def has_formula(self) -> bool:
        """Whether a spreadsheet would take a value for a formula. Phone numbers begin with a plus
        sign by themselves and do no harm."""
        values = (self.username, *self.attributes.values())
        return any(v[:1] in ("=", "+", "-", "@") and not _PHONE.fullmatch(v) for v in values)


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be read, by its number in the file (the header is line 1), and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class GoodLine:
    """A line that can."""

    line: int
    user: CsvUser


def line_of(rules: ImportRules, user: CsvUser) -> str | Misfit:
    """The user's line, without its end, or why there is none."""
    if not user.username or any(unicodedata.category(c)[0] not in _LETTERS for c in user.username):
        return Misfit.NAME
    cells = {USERNAME_COLUMN: user.username, **user.attributes}
    for name, value in user.attributes.items():
        if name not in rules.header or name in (MFA_COLUMN, HASH_COLUMN):
            return Misfit.NO_COLUMN
        if (misfit := _misfit_of(name, value)) is not None:
            return misfit
    if (misfit := _misfit_of(USERNAME_COLUMN, user.username)) is not None:
        return misfit
    verified = (c for c in rules.auto_verified if cells.get(f"{c}_verified") == TRUE)
    if not any(cells.get(contact) for contact in verified):
        return Misfit.UNVERIFIED
    if any(not cells.get(name) for name in rules.required):
        return Misfit.REQUIRED
    line = ",".join(_cell(name, cells.get(name, "")) for name in rules.header)
    return Misfit.TOO_LONG if len(line) > MAX_ROW else line


def with_hash(header: Sequence[str], line: str, value: str) -> str:
    """A line with the hash of its user, or with none (""), in the column that a job with hashes
    needs: the header's, or one more at the end. A line that grows too long keeps none."""
    cell = value.replace(",", "\\,")
    cells = _COMMA.split(line)
    if HASH_COLUMN in header:
        place = header.index(HASH_COLUMN)
        longer = ",".join([*cells[:place], cell, *cells[place + 1 :]])
    else:
        longer = f"{line},{cell}"
    if len(longer) > MAX_ROW:
        return line if HASH_COLUMN in header else f"{line},"
    return longer


def _misfit_of(name: str, value: str) -> Misfit | None:
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in value):
        return Misfit.BROKEN_LINE
    if value != value.strip():
        return Misfit.EDGES
    if '"' in value:
        return Misfit.QUOTATION
    if "\\" in value:
        return Misfit.BACKSLASH
    if name == "birthdate" and not _is_date(value):
        return Misfit.BIRTHDATE
    if name == "updated_at" and _SECONDS.fullmatch(value) is None:
        return Misfit.SECONDS
    return None


def _is_date(value: str) -> bool:
    found = _DATE.fullmatch(value)
    try:
        return found is not None and bool(date(*(int(number) for number in found.groups())))
    except ValueError:
        return False


def _cell(name: str, value: str) -> str:
    if name in FLAGS:
        return value.upper()
    if name == "birthdate" and (found := _DATE.fullmatch(value)):
        year, month, day = found.groups()
        return f"{month}/{day}/{year}"
    return value.replace(",", "\\,")


def foreign_header(rules: ImportRules, line: str) -> str:
    """Why the first line of a file is not this pool's header, or "". The order does not matter."""
    columns = [cell.strip() for cell in line.split(",")]
    if len(set(columns)) != len(columns):
        return "a column is there twice"
    more, fewer = {*columns} - {*rules.header}, {*rules.header} - {*columns}
    if more or fewer - {HASH_COLUMN}:
        return f"columns too many: {_listed(more)}; missing: {_listed(fewer)}"
    return ""


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def read_lines(text: str) -> Iterator[GoodLine | BadLine]:
    """The lines behind a header that was looked at before, one by one."""
    first, *lines = text.split("\n")
    columns = [cell.strip() for cell in first.removesuffix("\r").split(",")]
    for number, line in enumerate(lines, start=2):
        if line.strip():
            yield _read(number, line.removesuffix("\r"), columns)


def _read(number: int, line: str, columns: list[str]) -> GoodLine | BadLine:
    if len(line) > MAX_ROW:
        return BadLine(number, Misfit.TOO_LONG)
    if '"' in line:
        return BadLine(number, Misfit.QUOTATION)
    values = [cell.replace("\\,", ",").strip() for cell in _COMMA.split(line)]
    if len(values) != len(columns):
        return BadLine(number, f"it has {len(values)} columns, and the header {len(columns)}")
    cells = {name: value for name, value in zip(columns, values, strict=True) if value}
    username = cells.pop(USERNAME_COLUMN, "")
    given = {n: v for n, v in cells.items() if n not in (MFA_COLUMN, HASH_COLUMN)}
    for flag in FLAGS:
        if flag in given:
            given[flag] = given[flag].lower()
    if "birthdate" in given:
        found = _GUIDE_DATE.fullmatch(given["birthdate"])
        if found is None:
            return BadLine(number, Misfit.BIRTHDATE)
        month, day, year = found.groups()
        given["birthdate"] = f"{year}-{month}-{day}"
    user = CsvUser(username, given)
    if not username or not user.origin_sub:
        return BadLine(number, f"it has no {USERNAME_COLUMN} or no {ORIGIN_SUB_ATTRIBUTE}")
    return GoodLine(number, user)
