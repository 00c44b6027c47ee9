"""From a user to a line of Cognito's import file, and back, as Cognito reads it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cognito_standby.recovery.domain.import_csv import (
    BadLine,
    CsvUser,
    GoodLine,
    ImportRules,
    Misfit,
    foreign_header,
    line_of,
    read_lines,
)
from cognito_standby.recovery.domain.json_lines import RecordLine, read_json_lines
from local.cognito_rules import imports
from local.cognito_rules.pools import AttributeSpec, PoolSettings

ORIGIN = "custom:origin_sub"
POOL = PoolSettings(
    attributes={ORIGIN: AttributeSpec(), "custom:note": AttributeSpec()}, auto_verified=("email",)
)
RULES = ImportRules(imports.header(POOL), POOL.auto_verified)
ANN: Mapping[str, str] = {
    "email": "ann@example.org",
    "email_verified": "true",
    ORIGIN: "00000000-0000-4000-8000-000000000001",
}


def line(**attributes: str) -> str | Misfit:
    return line_of(RULES, CsvUser("ann", {**ANN, **attributes}))


def file(*lines: str) -> str:
    return "\n".join([",".join(RULES.header), *lines, ""])


@pytest.mark.parametrize(
    ("attributes", "misfit"),
    [
        ({"name": "two\nlines"}, Misfit.BROKEN_LINE),
        ({"name": "a\tb"}, Misfit.BROKEN_LINE),
        ({"name": " ann"}, Misfit.EDGES),
        ({"name": "ann "}, Misfit.EDGES),
        ({"name": 'the "first"'}, Misfit.QUOTATION),
        ({"name": "a\\b"}, Misfit.BACKSLASH),
        ({"birthdate": "1985-2-1"}, Misfit.BIRTHDATE),
        ({"birthdate": "1985-02-30"}, Misfit.BIRTHDATE),
        ({"updated_at": "1471453471000"}, Misfit.SECONDS),
        ({"custom:other": "x"}, Misfit.NO_COLUMN),
        ({"cognito:mfa_enabled": "true"}, Misfit.NO_COLUMN),
        ({"email_verified": "false"}, Misfit.UNVERIFIED),
        ({"custom:note": "x" * 16_000}, Misfit.TOO_LONG),
    ],
)
def test_who_does_not_go_by_the_file(attributes: dict[str, str], misfit: Misfit) -> None:
    assert line(**attributes) is misfit


@pytest.mark.parametrize("name", ["", "a b", "a\u00a0b", "a\u200bb"])
def test_usernames_without_blanks(name: str) -> None:
    assert line_of(RULES, CsvUser(name, ANN)) is Misfit.NAME


def test_what_the_pool_requires() -> None:
    rules = ImportRules(RULES.header, ("email",), frozenset({"name"}))
    assert line_of(rules, CsvUser("ann", ANN)) is Misfit.REQUIRED


def test_a_line_is_as_the_guide_says() -> None:
    text = line(name="Doe, Ann", birthdate="1985-02-01", updated_at="1471453471")
    assert isinstance(text, str)
    cells = dict(zip(RULES.header, imports.cells_of(text), strict=True))
    assert cells["birthdate"] == "02/01/1985"
    assert cells["email_verified"] == "TRUE"
    assert cells["cognito:mfa_enabled"] == ""
    assert "Doe\\, Ann" in text


@pytest.mark.parametrize(
    ("value", "formula"),
    [("=1+1", True), ("@SUM", True), ("-1", True), ("+1 or so", True), ("+15550100", False)],
)
def test_formulas_are_told_and_not_altered(value: str, formula: bool) -> None:
    user = CsvUser("ann", {**ANN, "custom:note": value})
    assert user.has_formula is formula
    text = line_of(RULES, user)
    assert isinstance(text, str)
    assert value in text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,email", "missing"),
        (",".join((*RULES.header, "custom:secret")), "custom:secret"),
        (",".join((*RULES.header, "name")), "twice"),
        ("\ufeff" + ",".join(RULES.header), "missing"),
    ],
)
def test_foreign_headers(text: str, why: str) -> None:
    assert why in foreign_header(RULES, text)


def test_the_order_of_columns_does_not_matter() -> None:
    assert foreign_header(RULES, ",".join(reversed(RULES.header))) == ""


def test_broken_lines_are_told_by_their_number() -> None:
    good = str(line())
    read = list(
        read_lines(file(good, "too,few", good.replace("ann@", '"ann@'), "," * good.count(",")))
    )
    assert [type(each) for each in read] == [GoodLine, BadLine, BadLine, BadLine]
    assert [each.line for each in read] == [2, 3, 4, 5]


TEXTS = st.text(
    st.sampled_from('ab ,\\"=+@-\t\n\r\x85\u00a0\u2028\u00e4\u6f22\U0001f600/0'),
    min_size=1,
    max_size=12,
)
DATES = st.dates().map(lambda each: each.isoformat())
USERS = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS,
        "custom:note": TEXTS,
        "address": TEXTS,
        "birthdate": st.one_of(DATES, TEXTS),
        "updated_at": st.integers(0, 10**11).map(str),
        "phone_number": st.from_regex(r"\+[1-9][0-9]{6,14}", fullmatch=True),
    },
)


@settings(max_examples=60)
@given(TEXTS, USERS)
def test_what_goes_by_the_file_comes_out_the_same(name: str, given_: dict[str, str]) -> None:
    """As Cognito reads it, and as we read it."""
    user = CsvUser(name, {**ANN, **given_})
    text = line_of(RULES, user)
    if isinstance(text, Misfit):
        return
    body = file(text)
    (ours,) = read_lines(body)
    assert ours == GoodLine(2, user)
    (row,) = imports.read_file(body.encode(), POOL)
    assert not row.problem
    made = imports.check_row(imports.ImportSettings(POOL), row)
    assert (made.username, dict(made.attributes)) == (name, dict(user.attributes))


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        '{"fields": {}}',
        '{"origin_sub": "#claim", "fields": {"present": "true"}}',
        '{"origin_sub": "a", "fields": {}}',
        '{"origin_sub": "a", "fields": {"present": "no"}}',
        '{"origin_sub": "a", "fields": {"present": "true", "strange": "x"}}',
        '{"origin_sub": "a", "fields": {"present": "true", "attr:a": 1}}',
    ],
)
def test_broken_json_lines(text: str) -> None:
    (read,) = read_json_lines(text)
    assert isinstance(read, BadLine)


def test_a_json_line() -> None:
    fields = {"present": "true", "enabled": "false", "attr:name": "=1\n\u2028", "group:g": "true"}
    text = json.dumps({"origin_sub": "a", "fields": fields})
    assert list(read_json_lines(text + "\n")) == [RecordLine(1, "a", fields)]
