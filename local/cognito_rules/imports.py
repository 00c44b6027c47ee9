"""Import jobs: which file, which row and which hash Cognito takes, and what a row becomes.

Source: guide, "Importing users into user pools from a CSV file", and API, CreateUserImportJob and
its kin. Our reading, as nothing is documented: a row with a quotation mark fails; a backslash that
no comma follows is an ordinary character; `TOO_MANY`; the first user is on line 2.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from local.cognito_rules import attributes as attribute_rules
from local.cognito_rules import hashes, names
from local.cognito_rules.changes import created
from local.cognito_rules.factors import ONE_TIME
from local.cognito_rules.people import Status
from local.cognito_rules.pools import PoolSettings
from local.cognito_rules.refusals import CognitoError

USERNAME, MFA, HASH = "cognito:username", "cognito:mfa_enabled", "password_hash"
_FIRST = (
    *("name", "given_name", "family_name", "middle_name", "nickname", "preferred_username"),
    *("profile", "picture", "website", "email", "email_verified", "gender", "birthdate"),
    *("zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at"),
)
MAX_ROW, MAX_FILE, MAX_ROWS = 16_000, 100 * 1024 * 1024, 500_000
"""Characters, bytes, users."""

IMPORTED = "The import succeeded."
EXISTS = "The user already exists."
UNVERIFIED = (
    "The User Record does not set any of the auto verified attributes to true. "
    "(Example: email_verified to true)."
)
TOO_MANY_FAILED = "Too many users have failed or been skipped during the import."
STOPPED = "The Import Job was stopped by the developer."
_FEW = 5
"""A job that failed with so many, and nobody imported, is the guide's own example."""

_FIRST_LINE = 2


class FileError(Exception):
    """Cognito cannot read the file: the job fails. The text is the completion message."""


class RowError(Exception):
    """The user is not imported, and the job goes on. The text stands in its log."""


@dataclass(frozen=True)
class ImportSettings:
    """What a job needs to know of its pool, besides its settings.

    mfa            MfaConfiguration
    first_factors  AllowedFirstAuthFactors of the pool's sign-in policy
    """

    pool: PoolSettings
    mfa: str = "OFF"
    first_factors: Collection[str] = ()


class Told(StrEnum):
    """How a line of the log begins."""

    SUCCEEDED = "SUCCEEDED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"

    def line(self, number: int, reason: str) -> str:
        """A whole line."""
        return f"[{self.value}] Line Number {number} - {reason}"


@dataclass(frozen=True)
class Row:
    """One line of the file: `cells` by column, or why it could not be read."""

    line: int
    cells: Mapping[str, str]
    problem: str = ""


@dataclass(frozen=True)
class Imported:
    """Who is about to be made; where addresses are usernames, the username is to come."""

    username: str
    attributes: Mapping[str, str]
    status: Status
    sub: str = ""
    enabled: bool = True


def header(pool: PoolSettings) -> tuple[str, ...]:
    """GetCSVHeader: the standard attributes in the guide's order, then the pool's own."""
    own = [name for name in pool.attributes if name not in (*_FIRST, "sub", "identities")]
    return (*_FIRST, *own, MFA, USERNAME)


def read_file(body: bytes, pool: PoolSettings, algorithm: str = "") -> list[Row]:
    """The users of a file. FileError."""
    if len(body) > MAX_FILE:
        raise FileError("The CSV file is too large.")
    try:
        lines = body.decode("utf-8").split("\n")
    except UnicodeDecodeError:
        raise FileError("The CSV file is not in UTF-8.") from None
    columns = cells_of(lines[0].removesuffix("\r"))
    wanted = {*header(pool), *([HASH] if algorithm else [])}
    if len(set(columns)) != len(columns) or not wanted <= {*columns} <= {*wanted, HASH}:
        raise FileError("The header in the CSV file does not match the user pool.")
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) - 1 > MAX_ROWS:
        raise FileError("The CSV file has too many users.")
    rows = enumerate(lines[1:], start=_FIRST_LINE)
    return [_row(number, text.removesuffix("\r"), columns) for number, text in rows]


def cells_of(text: str) -> list[str]:
    """The values of a line: a comma after a backslash is a character; blanks around are trimmed."""
    return [cell.replace("\\,", ",").strip() for cell in re.split(r"(?<!\\),", text)]


def _row(number: int, text: str, columns: Sequence[str]) -> Row:
    if len(text) > MAX_ROW:
        return Row(number, {}, "The row is too long.")
    if '"' in text:
        return Row(number, {}, "The row has a quotation mark.")
    cells = cells_of(text)
    if len(cells) != len(columns):
        return Row(number, {}, "The number of columns differs from the header's.")
    return Row(number, dict(zip(columns, cells, strict=True)))


def check_row(settings: ImportSettings, row: Row, algorithm: str = "") -> Imported:
    """The user whom a row makes. RowError."""
    if row.problem:
        raise RowError(row.problem)
    username = row.cells[USERNAME]
    _check_mfa(settings.mfa, row.cells[MFA])
    given = _attributes(row.cells)
    try:
        names.check_username(settings.pool, username)
        given = created(settings.pool, username, given)
        attribute_rules.check_creation(settings.pool, given)
    except CognitoError as refused:
        raise RowError(refused.message) from None
    for name in attribute_rules.missing(settings.pool, given):
        raise RowError(f"The attribute {name} is required.")
    check_verified(settings.pool, given)
    hashed = bool(algorithm and row.cells.get(HASH))
    if hashed and (problem := hashes.problem(algorithm, row.cells[HASH])):
        raise RowError(problem)
    free = "" if settings.pool.username_attributes else username
    return Imported(free, given, status_of(settings.first_factors, given, hashed=hashed))


def _attributes(cells: Mapping[str, str]) -> dict[str, str]:
    """A blank cell is no attribute. Dates are written differently in a file."""
    given = {n: v for n, v in cells.items() if v and n not in (USERNAME, MFA, HASH)}
    if "birthdate" in given:
        found = re.fullmatch(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", given["birthdate"])
        if found is None:
            raise RowError("The birthdate is not in the format mm/dd/yyyy.")
        month, day, year = found.groups()
        given["birthdate"] = f"{year}-{month}-{day}"
    if re.fullmatch(r"[0-9]{1,10}", given.get("updated_at", "0")) is None:
        raise RowError("The value of updated_at is not a time in seconds.")
    return given


def _check_mfa(mfa: str, cell: str) -> None:
    wanted = {"ON": ("", "true"), "OFF": ("", "false")}.get(mfa, ("", "true", "false"))
    if cell.lower() not in wanted:
        raise RowError(f"The value of {MFA} does not fit the user pool.")


def check_verified(pool: PoolSettings, given: Mapping[str, str]) -> None:
    """One of the auto-verified contacts must be there and verified. RowError."""
    verified = (c for c in pool.auto_verified if given.get(f"{c}_verified") == "true")
    if not any(given.get(contact) for contact in verified):
        raise RowError(UNVERIFIED)


def status_of(
    first_factors: Collection[str], given: Mapping[str, str], *, hashed: bool = False
) -> Status:
    """With a hash, or with an address to which a code can be sent as first factor, a user can sign
    in at once."""
    by_code = any(
        given.get(contact) and code in first_factors for code, contact in ONE_TIME.items()
    )
    return Status.CONFIRMED if hashed or by_code else Status.RESET_REQUIRED


def too_many(imported: int, others: int) -> bool:
    """Whether a job gives up. A job with 14 imported and 32 failed was seen to fail
    (aws-solutions/cognito-user-profiles-export-reference-architecture, issue 9)."""
    return others >= _FEW and others > imported
