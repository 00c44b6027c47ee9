"""Import jobs: the file, the rows and the hashes that Cognito takes."""

from __future__ import annotations

import pytest

from local.cognito_rules import hashes, imports
from local.cognito_rules.imports import FileError, ImportSettings, Row, RowError, Told
from local.cognito_rules.people import Status
from local.cognito_rules.pools import AttributeSpec, PoolSettings

POOL = PoolSettings(
    attributes={"custom:origin_sub": AttributeSpec(), "nickname": AttributeSpec(required=True)},
    auto_verified=("email",),
)
HEADER = imports.header(POOL)
ANN = {
    "cognito:username": "ann",
    "nickname": "annie",
    "email": "ann@example.org",
    "email_verified": "TRUE",
}
BCRYPT = "$2b$10$CtA.Rcu/szzn9U00wpUjOuN3vrgJRZycv4aOzcP3GzqzO8UDPEFq6"
SCRYPT = "65536$8$1$304dbaef7c5e828dc19c98f0600d18fe$4f69c498c12cd102d057356facf8d77e"
ARGON = "$argon2id$v=19$m=19456,t=2,p=1$ko/G5o1ms+ML08P95sQ8DA$AkVbvWSOqz7Hs3qthhWKxicOWnGLN"
PBKDF2 = "$pbkdf2-sha256$600000$1XZlmwLQ2hhM3JYuCPiArQ$Pfheg9Zi/v5lXU4yyLA0WFUYEd/rlaVbzrM9oMD6IrA"


def file(*rows: str, header: str = ",".join(HEADER)) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


def row(**cells: str) -> Row:
    return Row(2, {**dict.fromkeys(HEADER, ""), **ANN, **cells})


def problem(settings: ImportSettings, given: Row, algorithm: str = "") -> str:
    with pytest.raises(RowError) as raised:
        imports.check_row(settings, given, algorithm)
    return str(raised.value)


def test_the_header_has_the_pools_own_attributes_and_no_id() -> None:
    assert {"custom:origin_sub", "email_verified", "cognito:mfa_enabled"} < {*HEADER}
    assert "sub" not in HEADER
    assert len(set(HEADER)) == len(HEADER)


def test_a_comma_after_a_backslash_is_no_end_and_blanks_are_trimmed() -> None:
    assert imports.cells_of(r"a\,b,  c d ,\x,") == ["a,b", "c d", r"\x", ""]


def test_lines_are_numbered_as_in_the_file_and_the_last_blank_one_is_none() -> None:
    line = "," * (len(HEADER) - 1)
    rows = imports.read_file(file(line, "too,few", line + "\r"), POOL)
    assert [each.line for each in rows] == [2, 3, 4]
    assert [bool(each.problem) for each in rows] == [False, True, False]


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf" + file(),
        file(header="cognito:username,email"),
        file(header=",".join((*HEADER, "custom:other"))),
        file(header=",".join((*HEADER, HEADER[0]))),
        b"\xff\xfe",
        b"",
    ],
    ids=["byte order mark", "too few", "foreign", "twice", "not UTF-8", "empty"],
)
def test_files_that_cannot_be_read(body: bytes) -> None:
    with pytest.raises(FileError):
        imports.read_file(body, POOL)


def test_hashes_need_their_column() -> None:
    with pytest.raises(FileError):
        imports.read_file(file(), POOL, "BCRYPT")
    with_column = file(header=",".join((*HEADER, imports.HASH)))
    assert imports.read_file(with_column, POOL, "BCRYPT") == []
    assert imports.read_file(with_column, POOL) == []


@pytest.mark.parametrize("text", ["x" * 16_001, '"ann",b'], ids=["too long", "quoted"])
def test_rows_that_cannot_be_read(text: str) -> None:
    (read,) = imports.read_file(file(text), POOL)
    assert read.problem
    assert problem(ImportSettings(POOL), read) == read.problem


def test_what_a_row_becomes() -> None:
    given = row(birthdate="02/01/1985", updated_at="1471453471", name="Ann, the first")
    user = imports.check_row(ImportSettings(POOL), given)
    assert (user.username, user.status) == ("ann", Status.RESET_REQUIRED)
    assert user.attributes["birthdate"] == "1985-02-01"
    assert user.attributes["email_verified"] == "true"
    assert "address" not in user.attributes


@pytest.mark.parametrize(
    "cells",
    [
        {"cognito:username": ""},
        {"cognito:username": "a n n"},
        {"nickname": ""},
        {"birthdate": "1985-02-01"},
        {"birthdate": "02/30/1985"},
        {"updated_at": "1471453471000"},
        {"email_verified": "FALSE"},
        {"email": "", "email_verified": ""},
        {"email": "nowhere"},
        {"phone_number": "0123"},
        {"cognito:mfa_enabled": "TRUE"},
    ],
)
def test_rows_that_are_refused(cells: dict[str, str]) -> None:
    assert problem(ImportSettings(POOL), row(**cells))


@pytest.mark.parametrize(
    ("mfa", "cell", "taken"),
    [
        *(("OFF", "", True), ("OFF", "false", True), ("OFF", "true", False)),
        *(("ON", "", True), ("ON", "TRUE", True), ("ON", "false", False)),
        *(("OPTIONAL", "", True), ("OPTIONAL", "true", True), ("OPTIONAL", "yes", False)),
    ],
)
def test_second_factors_fit_the_pool(mfa: str, cell: str, taken: bool) -> None:
    given, settings = row(**{"cognito:mfa_enabled": cell}), ImportSettings(POOL, mfa)
    if taken:
        imports.check_row(settings, given)
    else:
        problem(settings, given)


def test_an_address_is_the_username_where_the_pool_says_so() -> None:
    pool = PoolSettings(username_attributes=("email",), auto_verified=("email",))
    given = row(**{"cognito:username": "ann@example.org"})
    assert imports.check_row(ImportSettings(pool), given).username == ""
    assert problem(ImportSettings(pool), row())


def test_whoever_can_sign_in_at_once_is_confirmed() -> None:
    by_code = ImportSettings(POOL, first_factors=("PASSWORD", "EMAIL_OTP"))
    assert imports.check_row(by_code, row()).status is Status.CONFIRMED
    hashed = row(password_hash=BCRYPT)
    assert imports.check_row(ImportSettings(POOL), hashed, "BCRYPT").status is Status.CONFIRMED
    assert imports.check_row(ImportSettings(POOL), hashed).status is Status.RESET_REQUIRED
    assert problem(ImportSettings(POOL), hashed, "SCRYPT")


@pytest.mark.parametrize(
    ("algorithm", "value", "greater"),
    [
        ("BCRYPT", BCRYPT, BCRYPT.replace("$10$", "$13$")),
        ("SCRYPT", SCRYPT, SCRYPT.replace("$8$", "$16$")),
        ("ARGON2ID", ARGON, ARGON.replace("t=2", "t=3")),
        ("PBKDF2_SHA256", PBKDF2, PBKDF2.replace("600000", "600001")),
    ],
)
def test_hashes_are_well_formed_and_within_bounds(algorithm: str, value: str, greater: str) -> None:
    assert hashes.problem(algorithm, value) == ""
    assert "bounds" in hashes.problem(algorithm, greater)
    assert "malformed" in hashes.problem(algorithm, value[:-30] + "!")


@pytest.mark.parametrize(
    ("imported", "others", "too_many"),
    [(0, 4, False), (0, 5, True), (14, 32, True), (50, 32, False)],
)
def test_too_many_failures_end_a_job(imported: int, others: int, too_many: bool) -> None:
    assert imports.too_many(imported, others) is too_many


def test_a_line_of_the_log() -> None:
    wanted = "[SKIPPED] Line Number 5956 - The user already exists."
    assert Told.SKIPPED.line(5956, imports.EXISTS) == wanted
