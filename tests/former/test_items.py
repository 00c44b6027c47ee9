"""What the former release stored is read, means the same, and is written the same."""

from __future__ import annotations

import pytest

from tests.former.again import told, write_again
from tests.former.meaning import meanings
from tests.former.world import World, names, read_json, stored

MEANING = read_json("meaning.json")


@pytest.fixture(scope="module")
def read(former: World) -> dict[str, dict[str, object]]:
    return meanings(former)


@pytest.mark.parametrize("part", [*names(), "indexes"])
def test_every_item_means_what_it_meant(read: dict[str, dict[str, object]], part: str) -> None:
    assert read[part].keys() == MEANING[part].keys()
    for key, meant in MEANING[part].items():
        assert read[part][key] == meant, key


@pytest.fixture(scope="module")
def again(former: World, empty: World) -> World:
    """Everything written once more."""
    write_again(former, empty)
    return empty


@pytest.mark.parametrize("table", names())
def test_every_item_is_written_as_it_was(again: World, table: str) -> None:
    before, now = told(stored(table)), told(again.tables.items(table))
    assert now.keys() == before.keys()
    for key, item in before.items():
        assert now[key] == item, key
