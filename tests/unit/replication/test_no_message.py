"""No person is ever sent a message for our sake, whatever the pool verifies and whatever state a
user is in; and what is said of a pool entry is what it shows."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from itertools import product

import pytest

from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.failures.services.contain import Containment
from cognito_standby.replication.services.replay import replay_record
from cognito_standby.replication.services.sync import plan_sync
from tests.unit.failures.test_contain import ANN, HINT, Standby

OLD, NEW = "ann@x.org", "ann.new@x.org"
BASE = {"present": "true", "enabled": "true", "username": "ann", "attr:name": "Ann"}
CONTACT: dict[str, dict[str, str]] = {
    "no address": {},
    "no flag": {"attr:email": OLD},
    "unverified": {"attr:email": OLD, "attr:email_verified": "false"},
    "verified": {"attr:email": OLD, "attr:email_verified": "true"},
    "another, no flag": {"attr:email": NEW},
    "another, unverified": {"attr:email": NEW, "attr:email_verified": "false"},
    "another, verified": {"attr:email": NEW, "attr:email_verified": "true"},
}
POOLS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "nothing is verified by itself": ((), ()),
    "addresses are": (("email", "phone_number"), ()),
    "addresses are, before an update": (("email", "phone_number"), ("email", "phone_number")),
}


def _standby(pool: str, before: str) -> Standby:
    side = Standby()
    verified, first = POOLS[pool]
    side.pool.config = replace(side.pool.config, auto_verified=verified, verify_before_update=first)
    side.arrives(BASE | CONTACT[before])
    _replayed(side)
    return side


def _replayed(side: Standby) -> None:
    """As the machine does it: where nothing has to be written, Plan Sync confirms by itself."""
    if plan_sync(side.context, HINT, "fine").decision == "apply":
        side.replays()


def _shown(side: Standby) -> tuple[str | None, bool]:
    """The address, and whether somebody could recover the account by it."""
    attributes = side.pool.admin_get_user("ann").attributes
    return attributes.get("email"), attributes.get("email_verified") == "true"


def _meant(state: str) -> tuple[str | None, bool]:
    fields = CONTACT[state]
    return fields.get("attr:email"), fields.get("attr:email_verified") == "true"


CASES = list(product(POOLS, CONTACT))
"""What is there before; each test goes through what may come after."""


@pytest.mark.parametrize(("pool", "before"), CASES)
def test_a_replay_sends_nothing(pool: str, before: str) -> None:
    for after, fields in CONTACT.items():
        side = _standby(pool, before)
        side.arrives(BASE | fields)
        _replayed(side)
        assert _shown(side) == _meant(after), after
        assert not side.pool.messages, after
        assert side.ledger.read(ANN).state is SyncState.IN_SYNC, after


@pytest.mark.parametrize("at", ["set_attributes", "delete_attributes", "set_enabled"])
@pytest.mark.parametrize(("pool", "before"), CASES)
def test_containment_puts_back_and_sends_nothing(pool: str, before: str, at: str) -> None:
    for after in CONTACT:
        _contained(pool, before, after, at)


def _contained(pool: str, before: str, after: str, at: str) -> None:
    side = _standby(pool, before)
    side.arrives({**BASE, **CONTACT[after], "enabled": "false", "attr:name": "Anna"})
    real, calls = getattr(side.directory, at), list[object]()

    def dies_after_it(*given: object) -> None:
        calls.append(given)
        real(*given)
        raise ConnectionError

    setattr(side.directory, at, dies_after_it)
    plan_sync(side.context, HINT, "failed#0")
    with contextlib.suppress(ConnectionError):
        replay_record(side.context, ANN, "failed#0")
    setattr(side.directory, at, real)
    contained = side.contain()
    if not calls or contained.done is Containment.LEFT:
        return
    assert contained.done is Containment.PUT_BACK, after
    assert not contained.woken, after
    assert _shown(side) == _meant(before), after
    assert not side.pool.messages, after
