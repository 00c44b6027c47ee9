"""Contract of UserDirectory: groups and memberships."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.errors import (
    DependencyMissingError,
    RefusedByPoolError,
)
from cognito_standby.core.domain.pools import PoolGroup, PoolUser
from cognito_standby.core.ports import UserDirectory
from tests.contract.backends import ROLES, Pool
from tests.contract.pools import (
    looked_up,
)


@pytest.mark.parametrize(
    "group",
    [
        PoolGroup("editors"),
        PoolGroup("editors", "who edit \N{GRINNING FACE}", 7),
        PoolGroup("editors", "", 0),
        PoolGroup("\N{GRINNING FACE}/a#b"),
    ],
    ids=["bare", "full", "zero", "awkward"],
)
def test_a_group_is_kept_as_put(directory: UserDirectory, group: PoolGroup) -> None:
    assert directory.get_group(group.name) is None
    directory.put_group(group)
    assert directory.get_group(group.name) == group


def test_a_group_is_changed_by_putting_it_again(directory: UserDirectory) -> None:
    directory.put_group(PoolGroup("editors", "old", 7))
    directory.put_group(PoolGroup("editors", "new", 3))
    assert directory.get_group("editors") == PoolGroup("editors", "new", 3)
    directory.put_group(PoolGroup("editors", "", 3))
    assert directory.get_group("editors") == PoolGroup("editors", "", 3)


def test_a_precedence_once_given_is_not_taken_back(directory: UserDirectory) -> None:
    directory.put_group(PoolGroup("editors", "old", 7))
    directory.put_group(PoolGroup("editors", "new"))
    assert directory.get_group("editors") == PoolGroup("editors", "new", 7)


def test_a_mapped_role_is_called_as_both_regions_call_it(pool: Pool) -> None:
    (shared,) = ROLES
    pool.directory.put_group(PoolGroup("editors", "old", 7, shared))
    assert pool.directory.get_group("editors") == PoolGroup("editors", "old", 7, shared)
    pool.directory.put_group(PoolGroup("editors", "new", 7))
    assert pool.directory.get_group("editors") == PoolGroup("editors", "new", 7, shared)
    assert pool.directory.schema().group_roles == frozenset(ROLES)


def test_a_role_that_is_not_mapped_is_neither_given_nor_cleared(pool: Pool) -> None:
    by_hand = "arn:aws:iam::111111111111:role/by-hand"
    pool.directory.put_group(PoolGroup("editors", "", None, by_hand))
    assert pool.directory.get_group("editors") == PoolGroup("editors")
    pool.api.update_group(PoolGroup("editors", "", None, by_hand))
    pool.directory.put_group(PoolGroup("editors", "new"))
    assert pool.directory.get_group("editors") == PoolGroup("editors", "new", None, by_hand)


@pytest.mark.parametrize(
    "name", ["x" * 129, "two words", "line\nbreak"], ids=["long", "blank", "control"]
)
def test_a_group_of_an_impossible_name_is_refused(directory: UserDirectory, name: str) -> None:
    with pytest.raises(RefusedByPoolError):
        directory.put_group(PoolGroup(name))


def test_groups_are_joined_and_left(directory: UserDirectory, ann: PoolUser) -> None:
    for name in ("writers", "editors"):
        directory.put_group(PoolGroup(name))
        directory.join_group(ann.username, name)
    directory.join_group(ann.username, "editors")
    assert looked_up(directory, ann).groups == ("editors", "writers")
    directory.leave_group(ann.username, "editors")
    directory.leave_group(ann.username, "editors")
    assert looked_up(directory, ann).groups == ("writers",)


def test_joining_a_group_that_is_not_there_waits_for_it(
    directory: UserDirectory, ann: PoolUser
) -> None:
    with pytest.raises(DependencyMissingError):
        directory.join_group(ann.username, "editors")
    assert looked_up(directory, ann).groups == ()


def test_leaving_what_is_gone_is_success(directory: UserDirectory, ann: PoolUser) -> None:
    directory.leave_group(ann.username, "editors")
    directory.put_group(PoolGroup("editors"))
    directory.leave_group("nobody", "editors")


def test_a_deleted_group_leaves_its_members_in_the_pool(
    directory: UserDirectory, ann: PoolUser
) -> None:
    directory.put_group(PoolGroup("editors"))
    directory.join_group(ann.username, "editors")
    directory.delete_group("editors")
    directory.delete_group("editors")
    assert directory.get_group("editors") is None
    assert looked_up(directory, ann) == ann
    directory.put_group(PoolGroup("editors"))
    assert looked_up(directory, ann).groups == ()


def test_a_user_in_very_many_groups_is_read_whole(directory: UserDirectory, ann: PoolUser) -> None:
    names = tuple(sorted(f"g{n}" for n in range(100)))
    for name in names:
        directory.put_group(PoolGroup(name))
        directory.join_group(ann.username, name)
    assert looked_up(directory, ann).groups == names
