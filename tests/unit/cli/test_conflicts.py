"""`standby conflicts` on twins: an active Region with its Admin API's machine, and a standby."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from typer.testing import Result

from cognito_standby.cli.main import app
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Subject, digest
from cognito_standby.operator.services.conflicts import present, take
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from tests.cli_runner import CliRunner
from tests.twins.operator.conflicts import InMemoryConflictFinder
from tests.twins.stores.ledger import InMemoryLedger
from tests.unit.changes.admin_world import BACKUP, PRIMARY, AdminWorld
from tests.unit.cli.where import standby_finds
from tests.unit.operator.operator_world import OperatorWorld

pytestmark = pytest.mark.usefixtures("socket_disabled")


@dataclass
class Two:
    """The primary is active. `dark`: Regions that do not answer."""

    world: AdminWorld = field(default_factory=AdminWorld)
    dark: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        made = self.world.pool.admin_create_user(
            "ann", {"email": "ann@example.org", "email_verified": "true", "name": "Ann"}
        )
        self.ann = Subject.user(made.sub)
        active = self.world.sync.ledger
        assert isinstance(active, InMemoryLedger)
        self.ledgers = {PRIMARY: active, BACKUP: InMemoryLedger(self.world.clock)}

    def open(self, region: str) -> OperatorContext | Unreachable:
        if region in self.dark:
            return Unreachable(region, "ServiceUnavailableError: ConnectTimeoutError")
        records = self.world.table.store(region)
        return replace(
            OperatorWorld().context,
            region=region,
            records=records,
            ledger=self.ledgers[region],
            conflicts=InMemoryConflictFinder(self.ledgers[region]),
            admin=replace(self.world.api, region=region, records=records),
        )

    def undone(self, **fields: str) -> Conflict:
        """Somebody changed the standby's pool, and it was put back."""
        conflict = Conflict(self.ann, ConflictKind.UNDONE, fields)
        self.ledgers[BACKUP].note_conflict(conflict)
        return conflict

    @property
    def listed(self) -> list[Conflict]:
        return [each for ledger in self.ledgers.values() for each in ledger.listed_conflicts()]

    def named(self) -> str:
        """What the active pool calls Ann."""
        return self.world.pool.admin_get_user("ann").attributes["name"]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Two:
    made = Two()
    standby_finds(made.open, tmp_path, monkeypatch)
    return made


def run(*arguments: str, answer: str = "") -> Result:
    return CliRunner().invoke(
        app, ("conflicts", *arguments), input=answer or None, env={"COLUMNS": "80"}
    )


def text(result: Result) -> str:
    return " ".join(result.output.split())


def test_the_list_names_fields_and_no_values(two: Two) -> None:
    assert run("list").exit_code == 0
    two.undone(**{"attr:name": "Mallory"})
    result = run("list")
    assert result.exit_code == 1
    assert digest(two.ann.key) in result.output
    assert "attr:name" in result.output
    assert "Mallory" not in result.output
    assert two.ann.key not in result.output
    assert two.ann.key in run("list", "--show-ids").output
    two.dark.add(PRIMARY)
    assert run("list").exit_code == 2


def test_the_shape_for_programs(two: Two) -> None:
    two.undone(**{"attr:name": "Mallory", "enabled": "false"})
    told = json.loads(run("list", "--json").stdout)
    here, there = told["regions"]
    assert (here["region"], here["conflicts"], here["unknown"]) == (PRIMARY, [], None)
    assert there["conflicts"] == [
        {
            "subject": digest(two.ann.key),
            "kind": "undone",
            "weight": "conflict_disabling",
            "fields": {"attr:name": "M***(7)", "enabled": "false"},
        }
    ]


def test_the_question_says_what_becomes_of_the_active_pool(two: Two) -> None:
    two.undone(**{"attr:name": "Mallory"})
    keep = run("decide", two.ann.key, "keep", answer="n\n")
    assert "keep the active pool as it is?" in text(keep)
    take_it = run("decide", two.ann.key, "take", answer="n\n")
    assert "ask for what is listed, in the active Region?" in text(take_it)
    assert two.listed and two.named() == "Ann"


def test_one_is_shown_beside_the_active_pool(two: Two) -> None:
    two.undone(**{"attr:name": "Mallory"})
    shown = run("show", digest(two.ann.key))
    assert shown.exit_code == 0
    assert "M***(7)" in shown.output
    assert "A***(3)" in shown.output
    clear = run("show", two.ann.key, "--clear")
    assert "Mallory" in clear.output
    assert run("show", "nobody").exit_code == 1
    two.dark.add(PRIMARY)
    blind = run("show", two.ann.key)
    assert "unknown" in blind.output
    assert blind.exit_code == 2


def test_keeping_takes_it_off_the_list_and_changes_nobody(two: Two) -> None:
    two.undone(**{"attr:name": "Mallory"})
    assert run("decide", two.ann.key, "keep", answer="n\n").exit_code == 2
    assert len(two.listed) == 1
    assert run("decide", two.ann.key, "keep", answer="y\n").exit_code == 0
    assert two.listed == []
    assert two.named() == "Ann"


def test_taking_changes_the_active_pool_and_records_it(two: Two) -> None:
    two.undone(**{"attr:name": "Anna", "attr:email": "anna@example.org"})
    result = run("decide", two.ann.key, "take", "--yes")
    assert result.exit_code == 0, result.output
    assert two.named() == "Anna"
    own = two.world.sync.records.read(two.ann)[0].own
    assert own is not None
    assert own.fields["attr:email"] == "anna@example.org"
    assert own.fields["attr:email_verified"] == "true"
    assert two.listed == []


def test_what_is_refused_stays_on_the_list(two: Two) -> None:
    two.undone(**{"attr:custom:unheard": "x"})
    result = run("decide", two.ann.key, "take", "--yes")
    assert result.exit_code == 1
    assert "no such attribute" in text(result)
    assert len(two.listed) == 1
    two.undone(username="mallory")
    result = run("decide", two.ann.key, "take", "--yes")
    assert "cannot set this: username" in text(result)
    assert len(two.listed) == 1


def test_who_lives_in_the_records_alone_is_not_taken_for_deleted(two: Two) -> None:
    """A provider's user who has not come to the active pool, and whom somebody has removed from the
    one that stands by."""
    ben = Subject.user("11111111-2222-3333-4444-555555555555")
    draft = Draft(ben, 1, {"present": "true", "federated": '["Google", "1"]'}, False, None)
    two.world.table.store(BACKUP).put(draft, two.world.clock.now())
    two.world.table.replicate_all()
    two.ledgers[BACKUP].note_conflict(Conflict(ben, ConflictKind.UNDONE, {"present": ""}))
    result = run("decide", ben.key, "take", "--yes")
    assert result.exit_code == 1
    assert "record lives: erase it" in text(result)
    assert len(two.listed) == 1


def test_a_slow_machine_leaves_it_on_the_list(two: Two) -> None:
    two.undone(**{"attr:name": "Anna"})
    two.world.busy = True
    result = run("decide", two.ann.key, "take", "--yes")
    assert result.exit_code == 1
    assert "goes on; look again" in text(result)
    assert len(two.listed) == 1
    two.world.busy = False
    two.world.work()
    result = run("decide", two.ann.key, "take", "--yes")
    assert result.exit_code == 0, "the pool shows it now"
    assert two.listed == []


def test_nothing_is_taken_while_the_active_region_is_dark(two: Two) -> None:
    two.undone(**{"attr:name": "Anna"})
    two.dark.add(PRIMARY)
    result = run("decide", two.ann.key, "take", "--yes")
    assert result.exit_code == 2
    assert len(two.listed) == 1
    assert run("decide", two.ann.key, "keep", "--yes").exit_code == 0, "this needs no other"


def test_several_are_taken_one_at_a_time(two: Two) -> None:
    two.undone(**{"attr:name": "Anna"})
    two.ledgers[PRIMARY].note_conflict(
        Conflict(two.ann, ConflictKind.MERGED, {"attr:name": "Former"})
    )
    assert "name it by" in text(run("decide", two.ann.key, "take", "--yes"))
    assert len(two.listed) == 2
    named = ("--region", PRIMARY, "--kind", "merged")
    taken = run("decide", two.ann.key, "take", *named, "--yes")
    assert taken.exit_code == 0, taken.output
    assert two.named() == "Former"
    assert [each.kind for each in two.listed] == [ConflictKind.UNDONE]


def test_who_changed_since_they_were_shown_is_left(two: Two) -> None:
    conflict, active = two.undone(**{"attr:name": "Anna"}), two.open(PRIMARY)
    assert isinstance(active, OperatorContext)
    shown = present(active, conflict)
    two.world.pool.admin_update_user_attributes("ann", {"name": "Annabel"})
    outcome = take(active, conflict, shown)
    assert not outcome.done
    assert "entity tag" in outcome.why
    assert two.named() == "Annabel"
