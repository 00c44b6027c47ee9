"""Contract of UserDirectory: attributes."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.errors import (
    NameHeldError,
    RefusedByPoolError,
)
from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.ports import UserDirectory
from tests.contract.pools import (
    EMAIL,
    NEVER,
    PLAIN,
    MakePool,
    create,
    looked_up,
)


@pytest.mark.parametrize(
    "attributes",
    [
        {"custom:unknown": "x"},
        {"sub": NEVER},
        {"name": "x" * 2049},
        {"birthdate": "31/12/1999"},
        {"phone_number": "0123"},
        {"phone_number_verified": "true"},
        {"phone_number_verified": "false"},
        {"birthdate": "1999-02-31"},
    ],
    ids=[
        *("unknown", "sub", "long", "birthdate", "phone", "flag-without-phone"),
        *("no-flag-without-phone", "no-such-day"),
    ],
)
def test_a_creation_is_refused_for_its_content(
    directory: UserDirectory, attributes: dict[str, str]
) -> None:
    with pytest.raises(RefusedByPoolError):
        create(directory, "ann", **attributes)
    assert directory.get_user("ann") is None


@pytest.mark.parametrize(
    "value",
    [
        "\N{GRINNING FACE} \u05e9\u05dc\u05d5\u05dd",
        "a,\"b\",'c'\\d\n\t",
        "x" * 2048,
        "\N{GRINNING FACE}" * 500,
    ],
    ids=["emoji", "punctuation", "long", "wide"],
)
def test_awkward_values_survive(directory: UserDirectory, ann: PoolUser, value: str) -> None:
    directory.set_attributes(ann.username, {"custom:note": value})
    assert looked_up(directory, ann).attributes["custom:note"] == value


def test_attributes_are_set_beside_the_others(directory: UserDirectory, ann: PoolUser) -> None:
    directory.set_attributes(ann.username, {"name": "Ann", "custom:note": "n"})
    expected = {**ann.attributes, "name": "Ann", "custom:note": "n"}
    assert dict(looked_up(directory, ann).attributes) == expected


def test_an_address_is_changed_together_with_its_flag(
    directory: UserDirectory, ann: PoolUser
) -> None:
    directory.set_attributes(ann.username, {"email": "new@example.org", "email_verified": "true"})
    changed = looked_up(directory, ann).attributes
    assert (changed["email"], changed["email_verified"]) == ("new@example.org", "true")


def test_an_address_changed_without_its_flag_is_unverified(
    directory: UserDirectory, ann: PoolUser
) -> None:
    directory.set_attributes(ann.username, {"email": "new@example.org"})
    changed = looked_up(directory, ann).attributes
    assert (changed["email"], changed["email_verified"]) == ("new@example.org", "false")


def test_attributes_are_deleted(directory: UserDirectory, ann: PoolUser) -> None:
    directory.set_attributes(ann.username, {"name": "Ann", "custom:note": "n"})
    directory.delete_attributes(ann.username, ("name", "custom:note"))
    assert dict(looked_up(directory, ann).attributes) == dict(ann.attributes)


def test_a_blank_value_deletes(directory: UserDirectory, ann: PoolUser) -> None:
    directory.set_attributes(ann.username, {"name": "Ann"})
    directory.set_attributes(ann.username, {"name": ""})
    assert "name" not in looked_up(directory, ann).attributes


def test_deleting_what_is_not_there_is_success(directory: UserDirectory, ann: PoolUser) -> None:
    directory.delete_attributes(ann.username, ("name",))
    assert looked_up(directory, ann) == ann


@pytest.mark.parametrize(
    "attributes",
    [
        {"custom:badge": "B8"},
        {"sub": NEVER},
        {"custom:unknown": "x"},
        {"name": "x" * 2049},
        {"phone_number_verified": "true"},
    ],
    ids=["immutable", "sub", "unknown", "long", "flag-without-phone"],
)
def test_an_update_is_refused_whole(
    directory: UserDirectory, ann: PoolUser, attributes: dict[str, str]
) -> None:
    with pytest.raises(RefusedByPoolError):
        directory.set_attributes(ann.username, {"nickname": "A", **attributes})
    assert looked_up(directory, ann) == ann


@pytest.mark.parametrize("name", ["custom:badge", "sub", "custom:unknown"])
def test_a_deletion_of_an_attribute_is_refused(directory: UserDirectory, name: str) -> None:
    ann = create(directory, "ann", **{"custom:badge": "B7"})
    with pytest.raises(RefusedByPoolError):
        directory.delete_attributes(ann.username, (name,))
    assert looked_up(directory, ann) == ann


def test_an_address_of_another_user_is_held_where_it_is_a_username(
    make_pool: MakePool,
) -> None:
    directory = make_pool(EMAIL).directory
    ann, ben = create(directory, "ann"), create(directory, "ben", email_verified="false")
    taken = {"email": "BEN@example.org", "email_verified": "true"}
    with pytest.raises(NameHeldError):
        directory.set_attributes(ann.username, taken)
    assert looked_up(directory, ann) == ann
    assert looked_up(directory, ben) == ben


def test_an_address_is_shared_where_it_is_only_an_attribute(
    make_pool: MakePool,
) -> None:
    directory = make_pool(PLAIN).directory
    ann, ben = create(directory, "ann"), create(directory, "ben")
    shared = {"email": "ben@example.org", "email_verified": "true"}
    directory.set_attributes(ann.username, shared)
    assert looked_up(directory, ann).attributes["email"] == "ben@example.org"
    assert looked_up(directory, ben) == ben
