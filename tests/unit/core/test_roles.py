"""Whose door is open: by claims, by what was last known, by the deployment."""

from __future__ import annotations

import json

import pytest

from cognito_standby.core.domain.epochs import Claims, Epoch
from cognito_standby.core.domain.roles import (
    Active,
    DoorState,
    Reason,
    active_of,
    active_parameter,
    door_of,
    latest,
    published_active,
)

PRIMARY, BACKUP = "eu-central-1", "eu-west-1"
HOME, AWAY = Active(Epoch(1, PRIMARY)), Active(Epoch(2, BACKUP))
LEAVING = Active(Epoch(1, PRIMARY), BACKUP)


def test_who_is_active_by_both_claims() -> None:
    fresh = Claims({PRIMARY: 1, BACKUP: 0})
    assert active_of(fresh, {}) == HOME
    assert active_of(fresh, {PRIMARY: BACKUP}) == LEAVING
    # Whoever has lost the highest claim makes way for nobody any more.
    failed_over = Claims({PRIMARY: 1, BACKUP: 2})
    assert active_of(failed_over, {PRIMARY: BACKUP}) == AWAY


@pytest.mark.parametrize(
    ("region", "claims", "last", "state", "reason"),
    [
        (PRIMARY, HOME, None, DoorState.OPEN, Reason.ACTIVE),
        (BACKUP, HOME, None, DoorState.CLOSED, Reason.STANDBY),
        (PRIMARY, LEAVING, None, DoorState.CLOSED, Reason.STOOD_DOWN),
        (BACKUP, LEAVING, None, DoorState.CLOSED, Reason.STANDBY),
        (PRIMARY, AWAY, None, DoorState.CLOSED, Reason.STANDBY),
        (BACKUP, AWAY, None, DoorState.OPEN, Reason.ACTIVE),
        # What is read now is believed, whatever was known before.
        (BACKUP, AWAY, HOME, DoorState.OPEN, Reason.ACTIVE),
        (PRIMARY, None, HOME, DoorState.OPEN, Reason.LAST_KNOWN_ACTIVE),
        (PRIMARY, None, LEAVING, DoorState.CLOSED, Reason.LAST_KNOWN_STOOD_DOWN),
        (PRIMARY, None, AWAY, DoorState.CLOSED, Reason.LAST_KNOWN_STANDBY),
        (BACKUP, None, AWAY, DoorState.OPEN, Reason.LAST_KNOWN_ACTIVE),
        (PRIMARY, None, None, DoorState.OPEN, Reason.UNKNOWN_ACTIVE_AT_DEPLOYMENT),
        (BACKUP, None, None, DoorState.CLOSED, Reason.UNKNOWN_STANDBY_AT_DEPLOYMENT),
    ],
)
def test_the_door(
    region: str, claims: Active | None, last: Active | None, state: DoorState, reason: Reason
) -> None:
    door = door_of(region, claims, last, PRIMARY)
    assert (door.state, door.reason) == (state, reason)
    assert door.is_open == (state is DoorState.OPEN)


def test_at_most_one_of_two_doors_is_open() -> None:
    for known in (HOME, AWAY, LEAVING, None):
        doors = [door_of(region, known, None, PRIMARY) for region in (PRIMARY, BACKUP)]
        assert sum(door.is_open for door in doors) <= 1


def test_the_highest_epoch_is_believed_and_of_equal_ones_the_first() -> None:
    assert latest(None, HOME, AWAY) == AWAY
    assert latest(LEAVING, HOME) == LEAVING
    assert latest(None, None) is None


def test_the_published_document() -> None:
    told = {"version": 1, "epoch": [2, BACKUP], "region": BACKUP, "clients": {"web": "abc"}}
    assert published_active(json.dumps(told)) == AWAY
    leaving = {"version": 1, "epoch": [1, PRIMARY], "stood_down": BACKUP}
    assert published_active(json.dumps(leaving)) == LEAVING
    assert active_parameter("standby") == "/standby/active"


@pytest.mark.parametrize(
    "text",
    [
        *("", "no JSON", "[]", "1", "{}", '{"version": 1}', '{"version": 1, "epoch": 3}'),
        *('{"version": 1, "epoch": ["x", "y"]}', '{"version": 2, "epoch": [1, "eu-west-1"]}'),
    ],
)
def test_another_document_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        published_active(text)
