"""Which names nobody else may take while somebody is awaited."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain import canary
from cognito_standby.replication.services import on_demand
from tests.unit.replication.empty_backup import ADDRESS, Empty, came, world


def kept(made: Empty, *names: str) -> bool:
    return on_demand.keeps_one_of(made.backup.context, names)


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
