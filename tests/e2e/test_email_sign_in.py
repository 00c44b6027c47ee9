"""Pools where the e-mail address is the username: the two pools' usernames differ."""

from __future__ import annotations

import pytest

from local.demo.people import Crowd, Person
from local.demo.roles import in_charge
from local.remote import RemoteStage
from tests.e2e.conftest import until, until_confirmed, until_equal
from tests.e2e.world import person, standby_user

pytestmark = pytest.mark.local_aws


@pytest.fixture
def crowd(email_stage: RemoteStage) -> Crowd:
    return Crowd(email_stage, email_stage.outputs.primary, "email")


def test_sign_up_change_and_deletion(email_stage: RemoteStage, crowd: Crowd) -> None:
    ann = person("ann")
    sub = crowd.sign_up(ann)
    until_equal(email_stage)
    user = standby_user(email_stage, sub)
    assert user is not None
    assert user.username == user.attributes["sub"] != sub
    assert user.attributes["email"] == ann.email

    crowd.set_attributes(ann, {"name": "Ann the second"})
    until_equal(email_stage)
    crowd.admin("admin_delete_user", ann)
    until_equal(email_stage)
    user = standby_user(email_stage, sub)
    assert user is not None
    assert not user.enabled


def test_an_address_moves_from_one_person_to_another(
    email_stage: RemoteStage, crowd: Crowd
) -> None:
    old, new = person("old-holder"), person("new-holder")
    subs = [crowd.sign_up(each) for each in (old, new)]
    until_equal(email_stage)
    moved = Person(old.username, "moved@example.org", old.name)
    crowd.set_attributes(old, {"email": moved.email, "email_verified": "true"})
    crowd.set_attributes(new, {"email": old.email, "email_verified": "true"})
    until_equal(email_stage)
    first, second = (standby_user(email_stage, sub) for sub in subs)
    assert first is not None
    assert second is not None
    assert (first.attributes["email"], second.attributes["email"]) == (moved.email, old.email)


def test_an_address_of_a_deleted_person_signs_up_again(
    email_stage: RemoteStage, crowd: Crowd
) -> None:
    ben = person("ben")
    first = crowd.sign_up(ben)
    until_equal(email_stage)
    crowd.admin("admin_delete_user", ben)
    second = crowd.sign_up(ben)
    until("the new person is there", lambda: standby_user(email_stage, second))
    until_equal(email_stage)
    assert standby_user(email_stage, first) is None


@pytest.mark.needs_local_aws
def test_recovery_in_the_standby(email_stage: RemoteStage, crowd: Crowd) -> None:
    cleo = person("cleo")
    until_confirmed(email_stage, crowd.sign_up(cleo))
    standby = Crowd(email_stage, email_stage.outputs.backup, "email")
    with in_charge(email_stage, email_stage.outputs.backup):
        assert standby.recover_and_sign_in(cleo, "Another-password-99")
