"""Undecided conflicts on the pages: listed, shown, kept and taken, by the command's services."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.subjects import Subject, digest
from tests.unit.changes.admin_world import BACKUP, PRIMARY
from tests.unit.cli.test_conflicts import Two
from tests.unit.console.asgi import Answer, Browser
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.operator.operator_world import OTHER, REGION

HOSTILE = "<b>Mallory</b>"


@dataclass
class Desk:
    """A console on an active Region with its Admin API, and on a standby that has a list."""

    world: ConsoleWorld
    two: Two
    browser: Browser

    @property
    def ann(self) -> str:
        """By which name she is listed."""
        return digest(self.two.ann.key)

    def question(self, decision: str, kind: str = "undone") -> str:
        """Where one is asked for."""
        return f"/do/decide?region={OTHER}&subject={self.ann}&kind={kind}&decision={decision}"

    def yes(self, path: str) -> Answer:
        """To the question of an address; what came of it."""
        page = self.browser.get(path)
        assert page.status == 200, page.words
        return self.sent(page)

    def sent(self, page: Answer) -> Answer:
        """A yes on a page that is open."""
        form = self.browser.fill(page, "/do/")
        sent = self.browser.post(f"/do/{'decide' if 'subject' in form else 'keep'}", form)
        return self.browser.get(sent.headers["location"]) if sent.status == 303 else sent


@pytest.fixture
def desk() -> Desk:
    world, two = ConsoleWorld(), Two()
    for here, there in ((REGION, PRIMARY), (OTHER, BACKUP)):
        opened = two.open(there)
        assert not hasattr(opened, "reason")
        world.contexts[here] = opened
    return Desk(world, two, world.browser())


def test_the_list_names_fields_and_no_values(desk: Desk) -> None:
    assert desk.browser.get("/conflicts").words.count("✓ No undecided conflict") == 2
    desk.two.undone(**{"attr:name": HOSTILE})
    page = desk.browser.get("/conflicts")
    assert "attr:name" in page.words
    assert f"subject={desk.ann}" in page.text
    assert desk.two.ann.key not in page.text, "no address names anybody"
    assert "Mallory" not in page.text
    desk.world.desks.dark.add(OTHER)
    desk.world.seconds += 100
    assert f"What {OTHER} has is unknown" in desk.browser.get("/conflicts").words


def test_one_is_shown_beside_the_active_pool(desk: Desk) -> None:
    desk.two.undone(**{"attr:name": HOSTILE, "attr:nickname": ""})
    page = desk.browser.get(f"/conflict?subject={desk.ann}")
    assert "attr:name <***(14) A***(3) ≠ attr:nickname (none) (none)" in page.words
    clear = desk.browser.post("/conflict", desk.browser.fill(page, "/conflict"))
    assert f"attr:name {HOSTILE} Ann ≠" in clear.words
    assert HOSTILE not in clear.text, "it is text"
    assert "Nothing is listed of it" in desk.browser.get("/conflict?subject=nobody").words
    assert desk.browser.get("/conflict").status == 400
    desk.world.desks.dark.add(REGION)
    desk.world.seconds += 100
    blind = desk.browser.get(f"/conflict?subject={desk.ann}").words
    assert "What the active pool shows is unknown" in blind
    assert "attr:name <***(14) unknown" in blind


def test_keeping_takes_it_off_the_list_and_changes_nobody(desk: Desk) -> None:
    desk.two.undone(**{"attr:name": "Mallory"})
    command = f"standby conflicts decide {desk.ann} keep --region {OTHER} --kind undone"
    assert command in desk.browser.get(desk.question("keep")).words
    assert len(desk.two.listed) == 1, "asking does nothing"
    assert "Done : decided; off the list" in desk.yes(desk.question("keep")).words
    assert desk.two.listed == []
    assert desk.two.named() == "Ann"
    again = desk.browser.get(desk.question("keep"))
    assert "It cannot be done now" in again.words


def test_taking_changes_the_active_pool(desk: Desk) -> None:
    desk.two.undone(**{"attr:name": "Anna"})
    assert "Done : decided" in desk.yes(desk.question("take")).words
    assert desk.two.named() == "Anna"
    assert desk.two.listed == []


def test_what_cannot_be_taken_says_why(desk: Desk) -> None:
    desk.two.undone(username="mallory")
    page = desk.browser.get(desk.question("take"))
    assert "the Admin API cannot set this: username" in page.words
    assert "button" not in page.text.split("<form")[1].split("</form>")[0]
    desk.two.undone(**{"attr:custom:unheard": "x"})
    group = Subject.group("admins")
    desk.two.ledgers[BACKUP].note_conflict(Conflict(group, ConflictKind.UNDONE, {"present": ""}))
    path = desk.question("take").replace(desk.ann, digest(group.key))
    assert "change the group in the active pool" in desk.browser.get(path).words
    assert desk.browser.get(desk.question("take", "nothing")).status == 400
    assert len(desk.two.listed) == 2


def test_a_refused_change_leaves_it_on_the_list(desk: Desk) -> None:
    desk.two.undone(**{"attr:name": "Anna"})
    desk.two.world.busy = True
    done = desk.yes(desk.question("take"))
    assert "Nothing was done : not taken, it stays listed" in done.words
    assert len(desk.two.listed) == 1


def test_a_decision_is_of_what_was_shown(desk: Desk) -> None:
    """Whoever changes meanwhile, in the list or in the pool, is not decided about."""
    desk.two.undone(**{"attr:name": "Anna"})
    keep, take = (desk.browser.get(desk.question(word)) for word in ("keep", "take"))
    desk.two.undone(**{"attr:nickname": "x"})
    late = desk.sent(keep)
    assert (late.status, len(desk.two.listed)) == (409, 1)
    assert "not as it was shown any more" in late.words
    take = desk.browser.get(desk.question("take"))
    desk.two.world.pool.admin_update_user_attributes("ann", {"name": "Annette"})
    assert desk.sent(take).status == 409
    assert desk.two.named() == "Annette"


def test_all_of_a_weight_are_kept_at_once(desk: Desk) -> None:
    desk.two.undone(**{"attr:name": "Mallory"})
    for number in range(3):
        gone = Subject.user(f"gone-{number}")
        desk.two.ledgers[BACKUP].note_conflict(Conflict(gone, ConflictKind.UNDONE, {"present": ""}))
    path = f"/do/keep?region={OTHER}&weight=deletion"
    assert path.replace("&", "&amp;") in desk.browser.get("/conflicts").text
    page = desk.browser.get(path)
    assert f"standby conflicts keep --weight deletion --region {OTHER}" in page.words
    assert "3 of 3 decided" in desk.yes(path).words
    assert [each.subject for each in desk.two.listed] == [desk.two.ann], "another weight stays"
    assert "none is listed" in desk.browser.get(path).words
    assert desk.browser.get(path.replace("deletion", "nothing")).status == 400
