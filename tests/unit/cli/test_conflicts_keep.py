"""`standby conflicts keep`: many conflicts decided at once, on twins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import Result

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.subjects import Subject, digest
from tests.unit.changes.admin_world import BACKUP, PRIMARY
from tests.unit.cli.test_conflicts import Two, run, text
from tests.unit.cli.test_conflicts import two as two  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.usefixtures("socket_disabled")
DELETED = {"present": ""}


def keep(*arguments: str, answer: str = "") -> Result:
    return run("keep", *arguments, answer=answer)


@pytest.fixture
def many(two: Two) -> Two:
    """Five deletions in the standby, a change there, and something merged in the active Region."""
    for number in range(5):
        gone = Conflict(Subject.user(f"gone-{number}"), ConflictKind.UNDONE, DELETED)
        two.ledgers[BACKUP].note_conflict(gone)
    two.undone(**{"attr:name": "Mallory"})
    merged = Conflict(Subject.user("late"), ConflictKind.MERGED, {"attr:name": "Former"})
    two.ledgers[PRIMARY].note_conflict(merged)
    return two


def left(two: Two) -> set[str]:
    return {each.subject.id for each in two.listed}


def test_it_says_which_are_meant_and_asks_first(many: Two) -> None:
    dry = keep("--all", "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert f"{BACKUP}: 5 deletion, undone" in text(dry)
    assert f"{PRIMARY}: 1 merged, merged" in text(dry)
    assert "nothing was changed" in text(dry)
    no = keep("--all", answer="n\n")
    assert (no.exit_code, "Take 7 off the list" in text(no)) == (1, True)
    assert len(many.listed) == 7
    yes = keep("--all", answer="y\n")
    assert yes.exit_code == 0, yes.output
    assert "7 decided" in text(yes)
    assert many.listed == []
    assert keep("--all", "--yes").exit_code == 0, "there is nothing left to decide"
    assert many.named() == "Ann", "nobody is changed"


def test_a_filter_is_needed_and_holds(many: Two) -> None:
    assert keep("--yes").exit_code == 2
    assert keep("--weight", "deletion", "--yes").exit_code == 0
    assert left(many) == {many.ann.id, "late"}
    assert keep("--kind", "undone", "--region", PRIMARY, "--yes").exit_code == 0
    assert left(many) == {many.ann.id, "late"}
    assert keep("--kind", "undone", "--yes").exit_code == 0
    assert left(many) == {"late"}


def test_by_a_file_of_ids_and_hashes(many: Two, tmp_path: Path) -> None:
    listed = tmp_path / "subjects"
    listed.write_text(f"# by hand\ngone-1\n\n{digest('gone-3')}\nnobody\n", encoding="utf-8")
    done = keep("--file", str(listed), "--yes")
    assert done.exit_code == 0, done.output
    assert "1 of the file is not listed" in text(done)
    assert left(many) == {"gone-0", "gone-2", "gone-4", many.ann.id, "late"}
    assert keep("--file", str(tmp_path / "none"), "--yes").exit_code == 2
    listed.write_bytes(b"\xff\xfe")
    assert keep("--file", str(listed), "--yes").exit_code == 2


def test_each_is_told_and_what_stays_is_decided_by_the_next_run(
    many: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = many.ledgers[BACKUP]
    drop = ledger.drop_conflict

    def failing(conflict: Conflict) -> bool:
        if conflict.subject.id == "gone-1":
            raise ServiceUnavailableError("no answer")
        return conflict.subject.id != "gone-2" and drop(conflict)

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "drop_conflict", failing)
        result = keep("--weight", "deletion", "--yes", "--json")
        assert result.exit_code == 1
    told = json.loads(result.stdout)
    outcomes = {each["subject"]: each["outcome"] for each in told["conflicts"]}
    assert outcomes == {
        **{digest(f"gone-{n}"): "decided" for n in (0, 3, 4)},
        digest("gone-1"): "not decided: AWS is not available: no answer (ServiceUnavailableError)",
        digest("gone-2"): "the list moved meanwhile",
    }
    assert told["decided"] == 3
    assert "gone-1" not in result.stdout
    again = keep("--weight", "deletion", "--yes")
    assert (again.exit_code, "2 decided" in text(again)) == (0, True)


def test_interrupted_it_says_how_far_it_came(many: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = many.ledgers[BACKUP]
    drop = ledger.drop_conflict

    def interrupted(conflict: Conflict) -> bool:
        if conflict.subject.id == "gone-2":
            raise KeyboardInterrupt
        return drop(conflict)

    monkeypatch.setattr(ledger, "drop_conflict", interrupted)
    result = keep("--weight", "deletion", "--yes")
    assert result.exit_code == 1
    assert "2 decided; run it again for the rest" in text(result)


def test_a_dark_region_is_told_and_keeps_nothing_of_the_other_back(many: Two) -> None:
    many.dark.add(PRIMARY)
    result = keep("--all", "--yes")
    assert (result.exit_code, f"{PRIMARY} unknown" in text(result)) == (1, True)
    assert left(many) == {"late"}
    many.dark.add(BACKUP)
    assert keep("--all", "--yes").exit_code == 2


def test_for_programs_there_is_nobody_to_ask(many: Two) -> None:
    assert keep("--all", "--json").exit_code == 2
    dry = json.loads(keep("--all", "--json", "--dry-run").stdout)
    assert (dry["decided"], len(dry["conflicts"])) == (0, 7)
    assert {each["outcome"] for each in dry["conflicts"]} == {"meant"}
    assert len(many.listed) == 7
