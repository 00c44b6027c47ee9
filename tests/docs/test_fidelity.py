"""docs/fidelity.md tells every reason there is, and nothing that no test shows."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest

from cognito_standby.core.domain.not_held import NotHeld

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "fidelity.md").read_text()
TESTS = ROOT / "tests" / "unit" / "replication" / "fidelity"


class Becomes(StrEnum):
    """What becomes of a feature."""

    CARRIED = "carried"
    MAPPED = "mapped"
    STAGED = "staged"
    RE_ENROL = "re-enrol"
    CANNOT = "cannot"


def _rows(columns: int) -> Iterator[list[str]]:
    """The rows of the table of so many columns, without its head."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return (row for row in rows if len(row) == columns and row[0] not in ("feature", "reason"))


FEATURES = list(_rows(4))


@pytest.mark.parametrize("row", FEATURES, ids=[row[0] for row in FEATURES])
def test_a_feature_has_a_fate_and_a_test(row: list[str]) -> None:
    _, becomes, because, shown_by = row
    assert Becomes(becomes)
    assert because
    file, _, test = shown_by.strip("`").partition("::")
    path = TESTS / file if "/" not in file else ROOT / file
    assert f"def {test}(" in path.read_text(), "the page names a test that is not there"


def test_no_feature_is_told_twice() -> None:
    names = [row[0] for row in FEATURES]
    assert names
    assert len(names) == len(set(names))


def test_every_reason_is_told_once_and_no_other() -> None:
    assert [row[0] for row in _rows(2)] == [reason.value for reason in NotHeld]
