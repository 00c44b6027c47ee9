"""Finding a person in both Regions: by every name, never by one alone, and what is then shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.ports import Submission
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.recoverability import Reason, Way
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.operator.domain.person import Doubt, masked
from cognito_standby.operator.domain.person_search import Found, Verdict, merged
from tests.unit.operator.operator_world import letter
from tests.unit.operator.two_regions import TwoRegions, side_of
from tests.unit.world import BACKUP, PRIMARY

pytestmark = pytest.mark.usefixtures("socket_disabled")
NEVER = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def regions() -> TwoRegions:
    return TwoRegions()


def test_by_every_name_and_either_sub(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    regions.sign_up("ben")
    local = regions.local_sub(ann)
    assert local != ann
    for name in ("ann", "ANN", "ann@example.org", ann, local):
        assert regions.find(name).origin_sub == ann, name
    by = merged(regions.search(local)[1])[ann]
    assert by == {Found.LOCAL_SUB}
    assert regions.search(NEVER)[0] is Verdict.NOT_FOUND
    assert regions.search("#claim")[0] is Verdict.NOT_FOUND


def test_both_sides_agree_and_say_the_way_in(regions: TwoRegions) -> None:
    person = regions.find(regions.sign_up("ann"))
    active, standby = side_of(person, PRIMARY), side_of(person, BACKUP)
    assert (active.role, standby.role) == ("active", "standby")
    assert person.differences == ()
    for side in (active, standby):
        assert side.sign_in is not None
        assert (side.sign_in.way, side.sign_in.reason) == (
            Way.PASSWORD_RESET,
            Reason.VERIFIED_EMAIL,
        )
        assert side.user is not None
        assert side.user.doubt is None
    assert active.own is not None
    assert standby.own is None


def test_who_cannot_come_back_is_said(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann", email="ann@example.org", email_verified="false")
    standby = side_of(regions.find(ann), BACKUP)
    assert standby.sign_in is not None
    assert standby.sign_in.reason is Reason.NO_VERIFIED_CONTACT


def test_a_provider_s_user_who_never_came_gets_in_by_the_provider(regions: TwoRegions) -> None:
    side = side_of(regions.find(regions.sign_up("ann")), BACKUP)
    assert side.row is not None
    recorded = replace(side.row, skipped={"present": NotHeld.FEDERATED.value})
    way = replace(side, user=None, row=recorded).sign_in
    assert way is not None
    assert (way.way, way.reason) == (Way.PROVIDER, Reason.PROVIDER_ONLY)
    nowhere = replace(side, user=None).sign_in
    assert nowhere is not None
    assert nowhere.reason is Reason.NOT_IN_POOL


def test_what_differs_is_told_field_by_field(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    pool = regions.world.backup.pool
    username = next(iter(pool.list_users(f'sub = "{regions.local_sub(ann)}"').users)).username
    pool.admin_update_user_attributes(username, {"name": "Ann"})
    pool.admin_disable_user(username)
    person = regions.find(ann)
    told = {each.field: each for each in person.differences}
    assert set(told) == {"attr:name", "enabled"}
    assert told["attr:name"].record == ""
    assert dict(told["attr:name"].pools) == {PRIMARY: "", BACKUP: "Ann"}
    assert dict(told["enabled"].pools) == {PRIMARY: "true", BACKUP: "false"}


def test_a_dark_region_is_unknown_and_no_error(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    regions.dark = {PRIMARY}
    person = regions.find("ann@example.org")
    assert person.origin_sub == ann
    dark = side_of(person, PRIMARY)
    assert dark.unreachable
    assert (dark.role, dark.state, dark.sign_in) == ("unknown", None, None)
    assert regions.search("nobody")[0] is Verdict.UNKNOWN
    regions.dark = {PRIMARY, BACKUP}
    assert regions.search("ann")[0] is Verdict.NOTHING_REACHED


def test_an_address_of_two_people_is_ambiguous(regions: TwoRegions) -> None:
    subs = {regions.sign_up(name, email="team@example.org") for name in ("ann", "ben")}
    decided, _, people = regions.search("team@example.org")
    assert decided is Verdict.AMBIGUOUS
    assert {person.origin_sub for person in people} == subs
    assert not any(person.contested for person in people)


def test_two_standby_users_who_claim_one_origin_sub_are_both_shown(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    impostor = regions.world.backup.pool.admin_create_user(
        "mallory", {"email": "ann@example.org", "custom:origin_sub": ann}
    )
    decided, _, people = regions.search("ann")
    assert decided is Verdict.AMBIGUOUS
    (person,) = people
    side = side_of(person, BACKUP)
    assert side.user is not None
    assert side.user.seen.user.sub == regions.local_sub(ann)
    (other,) = side.claimants
    assert (other.seen.user.sub, other.doubt) == (impostor.sub, Doubt.CLAIMED_TWICE)
    assert person.origin_sub == ann
    decided, _, people = regions.search("mallory")
    assert decided is Verdict.FOUND, "whoever asks for the other gets the other"
    assert [each.origin_sub for each in people] == [impostor.sub]
    mallory = side_of(people[0], BACKUP).user
    assert mallory is not None
    assert mallory.doubt is Doubt.CLAIMED_TWICE
    assert people[0].winner is None


def test_a_claim_of_somebody_whom_the_ledger_does_not_know(regions: TwoRegions) -> None:
    regions.world.backup.pool.admin_create_user("eve", {"custom:origin_sub": NEVER})
    eve = side_of(regions.find("eve"), BACKUP).user
    assert eve is not None
    assert eve.doubt is Doubt.CLAIM_NOT_CONFIRMED


def test_an_origin_sub_set_by_hand_does_not_count(regions: TwoRegions) -> None:
    ann, ben = regions.sign_up("ann"), regions.sign_up("ben")
    pool = regions.world.backup.pool
    username = next(iter(pool.list_users(f'sub = "{regions.local_sub(ben)}"').users)).username
    pool.admin_update_user_attributes(username, {"custom:origin_sub": ann})
    person = regions.find("ben")
    assert person.origin_sub == ben
    seen = side_of(person, BACKUP).user
    assert seen is not None
    assert seen.doubt is Doubt.CLAIM_CONTRADICTED
    assert regions.find("ann").origin_sub == ann


def test_a_user_whom_nobody_captured_is_shown_as_not_known(regions: TwoRegions) -> None:
    sub = regions.world.sign_up("new", {"email": "new@example.org"})
    person = regions.find("new")
    assert person.origin_sub == sub
    seen = side_of(person, PRIMARY).user
    assert seen is not None
    assert seen.doubt is Doubt.NOT_KNOWN_HERE
    assert person.winner is None


def test_a_deleted_one_is_found_by_the_sub_and_has_no_way_in(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    regions.world.primary.pool.admin_delete_user("ann")
    regions.world.carry(ann)
    person = regions.find(ann)
    assert person.winner is not None
    assert person.winner.deleted
    for region, reason in ((PRIMARY, Reason.NOT_IN_POOL), (BACKUP, Reason.DISABLED)):
        way = side_of(person, region).sign_in
        assert way is not None
        assert way.reason is reason


def test_a_deleted_one_is_found_by_any_name_in_the_records(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    regions.world.primary.pool.admin_delete_user("ann")
    regions.world.carry(ann)
    pool = regions.world.backup.pool
    pool.admin_delete_user(next(iter(pool.list_users().users)).username)
    for name in ("ann", "ANN@example.org"):
        decided, searches, people = regions.search(name)
        assert decided is Verdict.FOUND
        assert [person.origin_sub for person in people] == [ann]
        assert merged(searches)[ann] == {Found.RECORD_NAME}


def test_the_pool_s_rule_of_case_holds_for_records_too(regions: TwoRegions) -> None:
    for side in regions.sides.values():
        side.pool.config = replace(side.pool.config, case_sensitive=True)
        side.pool._accounts._config = side.pool.config
    ann = regions.sign_up("ann")
    assert regions.search("ANN")[0] is Verdict.NOT_FOUND
    assert regions.find("ann").origin_sub == ann


def test_somebody_captured_is_found_in_the_records_while_their_region_is_dark(
    regions: TwoRegions,
) -> None:
    """The capture arrived, its replay did not."""
    world = regions.world
    ann = world.sign_up("ann", {"email": "ann@example.org", "email_verified": "true"})
    world.primary.run({"local_sub": ann, "user_pool_id": world.primary.pool.config.pool_id})
    world.replicate()
    regions.dark = {PRIMARY}
    person = regions.find("ann@example.org")
    assert person.origin_sub == ann
    way = side_of(person, BACKUP).sign_in
    assert way is not None
    assert way.reason is Reason.NOT_IN_POOL


def test_history_is_what_is_kept(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    desk = regions.desks[BACKUP]
    arn = desk.failed(ann)
    desk.letters.send(letter(arn, NEVER))
    regions.world.backup.ledger.note_conflict(
        Conflict(Subject.user(ann), ConflictKind.UNDONE, {"attr:name": "Eve"})
    )
    request = ChangeRequest(ChangeKind.UPDATE, username="ann")
    now = regions.desks[PRIMARY].clock.now()
    for change, subject in (("c-1", ann), ("c-2", NEVER)):
        store = regions.changes[PRIMARY]
        store.submit(Submission(change, request, "d", "somebody", now, subject))
    person = regions.find(ann)
    told = " | ".join(event.what for event in side_of(person, BACKUP).events)
    assert "dead letter: sync_user InvalidRecordError" in told
    assert f"execution failed: {arn}" in told
    assert told.count(arn) == 2
    assert [each.kind for each in side_of(person, BACKUP).conflicts] == [ConflictKind.UNDONE]
    told = " | ".join(event.what for event in side_of(person, PRIMARY).events)
    assert "administrator's update: accepted, change c-1" in told
    assert "c-2" not in told
    assert f"{PRIMARY} wrote the state as revision 1, epoch 1" in told


def test_a_part_that_does_not_answer_is_unknown(regions: TwoRegions) -> None:
    ann = regions.sign_up("ann")
    regions.desks[BACKUP].switch.dark = True
    side = side_of(regions.find(ann), BACKUP)
    assert set(side.unknown) == {"failures"}
    assert side.user is not None
    regions.without_people = {BACKUP}
    side = side_of(regions.search(ann)[2][0], BACKUP)
    assert "pool" in side.unknown
    assert (side.state, side.sign_in) == (None, None)


def test_values_are_masked_but_flags_and_groups() -> None:
    assert masked("attr:email", "ann@example.org") == "a***(15)"
    assert masked("attr:email_verified", "true") == "true"
    assert masked("group:staff", "true") == "true"
    assert masked("enabled", "false") == "false"
    assert masked("attr:name", "") == ""
