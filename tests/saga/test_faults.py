"""Every call of every step fails in every way, at every moment somebody else does something: in the
end pool and record agree, whoever asked can learn what came of it, and nothing of a person's is
undone."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest

from cognito_standby.changes.domain.changes import Change, ChangeKind, ChangeRequest, ChangeStatus
from tests.saga.faults import BY_NAME, DEEDS, FAULTS, Fault, Injector
from tests.saga.machine import Execution
from tests.saga.world import Saga
from tests.twins.pool.errors import CognitoError

KINDS: dict[str, ChangeRequest] = {
    "update": ChangeRequest(
        ChangeKind.UPDATE,
        username="ann",
        attributes={"name": "Asked For", "email": "new@example.org", "nickname": None},
        verified={"email": False},
        enabled=False,
        groups=("admins",),
    ),
    "create": ChangeRequest(
        ChangeKind.CREATE,
        username="zoe",
        attributes={"email": "zoe@example.org", "name": "Zoe"},
        verified={"email": True},
        enabled=False,
        groups=("staff", "admins"),
    ),
    "delete": ChangeRequest(ChangeKind.DELETE, username="ann"),
    "erase": ChangeRequest(ChangeKind.ERASE, username="ann"),
    "undelete": ChangeRequest(ChangeKind.UNDELETE, origin_sub="ann's"),
}
SAMPLE = int(os.environ.get("SAGA_SAMPLE", "150"))
"""Pairs of a fault and a deed that are tried for each kind; `make test` tries a third of
them with one kind. All faults and all deeds alone are tried."""


def begin(kind: str) -> tuple[Saga, Injector, Change, Execution]:
    saga = Saga()
    injector = Injector(saga, active=False)
    injector.key = saga.person(name="ann", nickname="Annie")
    request = KINDS[kind]
    if kind == "undelete":
        saga.here.pool.admin_delete_user("ann")
        saga.hint(injector.key)
        saga.settle()
        request = replace(request, origin_sub=injector.key)
    saga.hook = injector
    change = saga.ask(request)
    return saga, injector, change, saga.execution(change)


def calls_of(kind: str) -> int:
    saga, injector, _, execution = begin(kind)
    injector.active = True
    execution.run(saga.context())
    return len(injector.seen)


def play(
    kind: str, fault: str, fault_at: int, deed: str = "nobody else", deed_at: int = -1
) -> tuple[Saga, Change, Execution]:
    """One run with what goes wrong in it, then whatever is done about failures, then an operator's
    redrive where it is needed; all invariants are checked on the way."""
    saga, injector, change, execution = begin(kind)
    injector.fault, injector.fault_at = BY_NAME.get(fault), fault_at
    injector.deed, injector.deed_at = DEEDS[deed], deed_at
    injector.struck = lambda: setattr(execution, "struck_in", execution.entered[-1])
    injector.active = True
    try:
        execution.run(saga.context())
    except CognitoError:
        pytest.fail("an error of the pool escaped")
    injector.active = False
    if execution.failed_at:
        saga.contain(execution)
        told = saga.now(change)
        if not told.status.final:  # stopped after the very last call, it has ended all the same
            assert told.status is ChangeStatus.FAILED and told.problem is not None
            assert told.problem.code == "gave_up"
        assert not list(saga.disagreements()), "after containment"
        execution.run(saga.context())
        assert not execution.failed_at, execution.error
    saga.pass_leases()
    saga.hint(injector.key)
    saga.settle()
    if deed == "the person changes the same field" and must_stand(injector):
        assert saga.state("ann").get("attr:name") == "Their Own", "a person's change was undone"
    return saga, saga.now(change), execution


def must_stand(injector: Injector) -> bool:
    """Whether the person acted after the plan was made, and somebody looked before the next write.
    What falls between the last look and the write can be lost: Cognito has no conditional write."""
    before, after = injector.seen[: injector.deed_at], injector.seen[injector.deed_at :]
    if not injector.acted or ("changes", "note_plan") not in before:
        return False
    if ("changes", "note_plan") in after or ("directory", "delete_user") in injector.seen:
        return False
    write = ("directory", "set_attributes")
    until = after[: after.index(write)] if write in after else []
    return write not in after or ("directory", "get_user_by_sub") in until


def check(kind: str, saga: Saga, change: Change, deed: str) -> None:
    assert change.status.final, change.status
    assert change.request is None
    assert not list(saga.disagreements())
    assert all(row.lease is None for row in saga.here.ledger.rows())
    assert not saga.here.pool.messages and not saga.there.pool.messages
    completed = change.status is ChangeStatus.COMPLETED
    assert completed == (change.problem is None)
    CHECKS[kind](saga, completed, deed)
    if deed == "the person changes another field" and saga.state("ann"):
        assert saga.state("ann").get("attr:zoneinfo") in (None, "Europe/Vienna")


def check_update(saga: Saga, completed: bool, deed: str) -> None:
    state = saga.state("ann")
    theirs = state.get("attr:name") == "Their Own"
    wanted = {
        "enabled": "false",
        "attr:email": "new@example.org",
        "attr:email_verified": "false",
        "group:admins": "true",
    }
    before = {
        "enabled": "true",
        "attr:email": "ann@example.org",
        "attr:email_verified": "true",
        "attr:nickname": "Annie",
        "group:staff": "true",
    }
    expected = wanted if completed else before
    shown = {name: value for name, value in state.items() if name in {*wanted, *before}}
    assert shown == expected
    if not theirs:
        assert state.get("attr:name") == ("Asked For" if completed else None)


def check_create(saga: Saga, completed: bool, deed: str) -> None:
    state = saga.state("zoe")
    if not completed:
        assert state == {}
        return
    assert state["enabled"] == "false" and state["attr:email_verified"] == "true"
    assert {"group:staff", "group:admins"} <= set(state)
    assert saga.here.pool.admin_get_user("zoe").status == "CONFIRMED"


def check_delete(saga: Saga, completed: bool, deed: str) -> None:
    assert bool(saga.state("ann")) is not completed


def check_erase(saga: Saga, completed: bool, deed: str) -> None:
    check_delete(saga, completed, deed)
    assert bool(saga.erased()) is completed


def check_undelete(saga: Saga, completed: bool, deed: str) -> None:
    """Where it was given up, nobody is there, unless somebody else has changed the user since."""
    state = saga.state("ann")
    assert state or not completed
    if not completed and deed == "nobody else":
        assert not state
    if completed:
        assert state["attr:email_verified"] == "true" and state["enabled"] == "true"
        assert state["group:staff"] == "true"
        assert saga.here.pool.admin_get_user("ann").status == "CONFIRMED"


CHECKS = {
    "update": check_update,
    "create": check_create,
    "delete": check_delete,
    "erase": check_erase,
    "undelete": check_undelete,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", [fault.name for fault in FAULTS])
def test_every_call_fails_in_every_way(kind: str, fault: str) -> None:
    for place in range(calls_of(kind)):
        saga, change, _ = play(kind, fault, place)
        try:
            check(kind, saga, change, "nobody else")
        except AssertionError as error:
            raise AssertionError(f"{fault} at call {place}: {error}") from error


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("deed", [name for name in DEEDS if name != "nobody else"])
def test_somebody_else_acts_at_every_call(kind: str, deed: str) -> None:
    for place in range(calls_of(kind)):
        try:
            saga, change, _ = play(kind, "", -1, deed, place)
            check(kind, saga, change, deed)
        except CognitoError:
            continue  # the person is gone already
        except AssertionError as error:
            raise AssertionError(f"{deed} at call {place}: {error}") from error


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("delete", SAMPLE // 3),
        *(pytest.param(each, SAMPLE, marks=pytest.mark.full) for each in KINDS),
    ],
)
def test_both_at_once(kind: str, number: int) -> None:
    calls, chance = calls_of(kind), random.Random(6)
    for _ in range(number):
        fault: Fault = chance.choice(FAULTS)
        deed = chance.choice(list(DEEDS))
        at, then = chance.randrange(calls), chance.randrange(calls)
        try:
            saga, change, _ = play(kind, fault.name, at, deed, then)
            check(kind, saga, change, deed)
        except CognitoError:
            continue
        except AssertionError as error:
            raise AssertionError(f"{fault.name} at {at}, {deed} at {then}: {error}") from error
