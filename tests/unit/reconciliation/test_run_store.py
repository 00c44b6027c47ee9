"""One place names the files of a run, and one reads and writes them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain import file_names
from cognito_standby.reconciliation.domain.file_names import PartName, counting
from cognito_standby.reconciliation.domain.listing_notes import Progress
from cognito_standby.reconciliation.domain.listing_rows import RowBuffer
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.domain.run_notes import Glance
from cognito_standby.reconciliation.services.run_store import RunStore
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.unit.reconciliation.stage import stage
from tests.unit.world import World

ROOT = Path(__file__).parents[3]
RECONCILIATION = ROOT / "cognito_standby" / "reconciliation"
BY_NAME = (
    RECONCILIATION / "services" / "run_store",
    RECONCILIATION / "services" / "reports.py",
    ROOT / "cognito_standby" / "recovery",  # exports and imports keep files of their own
    ROOT / "cognito_standby" / "console" / "services" / "rehearsals.py",  # notes of no run
)
_CALL = re.compile(r"\bfiles\.(read|write|names)\(")
_NAME = re.compile(r'"(runs|listing|compare|suspects|repair|usage|reports)/')


def _sources() -> list[Path]:
    return [path for part in ("cognito_standby", "tasks") for path in (ROOT / part).rglob("*.py")]


def test_nobody_else_asks_for_a_file_by_name() -> None:
    found = [
        path.name
        for path in _sources()
        if _CALL.search(path.read_text())
        and not any(path.is_relative_to(place) for place in BY_NAME)
    ]
    assert found == []


def test_names_stand_in_one_module() -> None:
    found = {path.name for path in _sources() if _NAME.search(path.read_text())}
    assert found == {"file_names.py"}


def test_parts_of_the_newest_generation_count_in_their_order() -> None:
    files = InMemoryRunFiles()
    store = RunStore(files, "r")
    one = store.write_part("prefix-1", Progress(users=3), RowBuffer())
    store.write_part("prefix-1", one, RowBuffer())
    store.write_part("prefix-1", one.anew(), RowBuffer())
    assert list(files.bodies) == [
        "runs/r/listing/prefix-1/g0-p00000.json",
        "runs/r/listing/prefix-1/g0-p00001.json",
        "runs/r/listing/prefix-1/g1-p00000.json",
    ]
    parts = store.parts()["prefix-1"]
    assert counting(parts) == [PartName(1, 0, "prefix-1")]
    assert store.last_progress(parts) == store.progress(parts[-1])
    assert store.last_progress([]) == Progress()


def test_the_name_of_a_part_is_read_as_it_is_written() -> None:
    part = PartName(2, 17, "group-00003")
    assert PartName.of(f"runs/r/{part.note}") == part
    assert PartName.of(f"runs/r/{part.rows}") is None


def test_planners_files_are_no_progress() -> None:
    plans = (
        file_names.listing_plan(3),
        file_names.listing_round(3),
        file_names.LISTING_SUMMARY,
        file_names.BUCKETS,
        file_names.TOTALS,
        file_names.bucket("00-07"),
        file_names.repair_round(0),
    )
    assert not any(file_names.is_progress(name) for name in plans)
    done = (file_names.shard("0a"), file_names.repair_part("users-000000", 4, end=True))
    assert all(file_names.is_progress(name) for name in done)


def test_a_run_has_as_many_files_of_progress_as_shards() -> None:
    """Whatever else its planners write beside them."""
    world = World()
    world.sign_up("ann", {"email": "ann@x.org"})
    at = stage(world, world.primary)
    at.compare()
    progress = RunStore(at.files, "run-1").progress_files(file_names.WorkPhase.COMPARING)
    assert len(progress) == SHARDS


@pytest.mark.parametrize("body", [b"", b"[", b"{}", b"7", b"[" * 100_000])
def test_what_cannot_be_read_is_an_invalid_record_or_nothing(body: bytes) -> None:
    files = InMemoryRunFiles()
    store = RunStore(files, "r")
    for name in (
        *(file_names.OPENED, file_names.JUDGEMENT, file_names.TOTALS, file_names.LISTING_SUMMARY),
        *(file_names.bucket("00-07"), file_names.shard("0a"), file_names.batch("users-000000")),
        file_names.BATCHES,
    ):
        files.write(f"runs/r/{name}", body)
    for read in (
        *(store.opened, store.judgement, store.totals, store.given_up, store.batches),
        lambda: store.bucket("00-07"),
        lambda: store.shard("0a"),
        lambda: store.batch("users-000000"),
    ):
        with pytest.raises(InvalidRecordError):
            read()
    assert store.glance("runs/r/compare/0a.json") == Glance()
