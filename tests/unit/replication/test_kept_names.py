"""Which names nobody else may take while somebody is awaited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain import canary
from cognito_standby.replication.services import on_demand
from tests.unit.replication.empty_backup import ADDRESS, Empty, came, world


def kept(made: Empty, *names: str, preferred: str = "") -> bool:
    context = made.backup.context
    pool = lambda: context.directory.schema().names  # noqa: E731 - asked each time, as a trigger's
    return on_demand.keeps_one_of(context, names, preferred, pool)


@pytest.mark.parametrize("name", ["ann", "ANN", ADDRESS, ADDRESS.upper()])
def test_username_and_verified_address_are_kept(name: str) -> None:
    made, _ = world()
    assert kept(made, "ben", name)
    assert not kept(made, "ben", "ben@example.org")


def test_an_address_that_nobody_verified_is_not_kept_beside_a_username() -> None:
    made, sub = world()
    made.primary.pool.admin_update_user_attributes("ann", {"email_verified": "false"})
    made.carry(sub)
    assert not kept(made, ADDRESS)
    assert kept(made, "ann")


def test_an_address_that_is_the_username_is_kept_whether_verified_or_not() -> None:
    made, sub = world(username_attributes=("email",))
    made.primary.pool.admin_update_user_attributes(ADDRESS, {"email_verified": "false"})
    made.carry(sub)
    assert kept(made, ADDRESS)


def deleted(made: Empty, sub: str) -> None:
    made.primary.pool.admin_delete_user("ann")
    made.carry(sub)


def here(made: Empty, sub: str) -> None:
    came(made, sub)


def gone(made: Empty, sub: str) -> None:
    came(made, sub)
    made.backup.pool.admin_delete_user("ann")


@pytest.mark.parametrize("before", [deleted, here, gone])
def test_who_is_not_awaited_keeps_none(before: Callable[[Empty, str], None]) -> None:
    """Whoever is in the pool has the name there, as Cognito says."""
    made, sub = world()
    before(made, sub)
    assert not kept(made, "ann", ADDRESS)


@pytest.mark.parametrize("port", ["records", "ledger"])
def test_what_cannot_be_read_is_an_error(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made, _ = world()

    def fails(*_: object) -> None:
        raise ServiceUnavailableError("dark")

    monkeypatch.setattr(getattr(made.backup.context, port), "read", fails)
    with pytest.raises(ServiceUnavailableError):
        kept(made, "ann")


def test_the_canary_is_not_awaited_but_replayed() -> None:
    """It never comes; and a second one, made by whoever misses it, would take its name."""
    made, _ = world()
    sub = made.sign_up(canary.NAME, {"email": canary.EMAIL, "email_verified": "true"})
    made.carry(sub)
    assert (made.twin_of(sub) or {}).get("email") == canary.EMAIL
    assert not kept(made, canary.NAME)
    assert made.backup.ledger.read(Subject.user(sub)).local_sub


NICK = {"preferred_username": "Annie"}
ALIAS = {"alias_attributes": ("preferred_username",)}


def nicked(**settings: Any) -> Empty:
    """Ann is also called Annie."""
    made, sub = world(**settings)
    made.primary.pool.admin_update_user_attributes("ann", NICK)
    made.carry(sub)
    return made


@pytest.mark.parametrize("typed", [{"preferred": "annie"}, {"names": ("ANNIE",)}])
def test_a_preferred_username_is_kept_where_it_signs_in_and_nowhere_else(typed: Any) -> None:
    names, preferred = typed.get("names", ()), typed.get("preferred", "")
    assert kept(nicked(**ALIAS), *names, preferred=preferred)
    assert not kept(nicked(), *names, preferred=preferred)


def test_nobody_is_given_the_username_of_who_is_awaited_as_a_preferred_one() -> None:
    assert kept(world(**ALIAS)[0], preferred="ann")
    assert not kept(world()[0], preferred="ann"), "there it is no name"


def test_a_number_that_is_no_username_is_for_whoever_verifies_it() -> None:
    number = "+4915112345678"
    for usernames, keeps in ((("email",), False), (("email", "phone_number"), True)):
        made, sub = world(username_attributes=usernames)
        made.primary.pool.admin_update_user_attributes(ADDRESS, {"phone_number": number})
        made.carry(sub)
        assert kept(made, number) is keeps


def test_one_spelling_in_another_composition_is_the_same_name() -> None:
    made, _ = world()
    sub = made.sign_up("ren\u00e9", {"email": "rene@example.org"})
    made.carry(sub)
    assert kept(made, "rene\u0301")


def test_the_pool_is_asked_only_where_that_decides() -> None:
    """A trigger may have to ask Cognito, whose answers are few in a second."""

    def never() -> SignInNames:
        raise AssertionError

    made = nicked(**ALIAS)
    for names in (("ben", "ben@example.org"), ("ann",), ("ben", ADDRESS)):
        on_demand.keeps_one_of(made.backup.context, names, "", never)
    with pytest.raises(AssertionError):
        on_demand.keeps_one_of(made.backup.context, ("annie",), "", never)
