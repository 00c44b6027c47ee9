"""What may be asked of the Admin API, and what its own part does with it."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest, ChangeStatus, Problem
from cognito_standby.changes.domain.problems import PROBLEMS
from cognito_standby.changes.domain.rules import key_problem, problems_of
from cognito_standby.changes.services.submit import (
    NotActive,
    Submitted,
    await_outcome,
    read_user,
    submit,
)
from cognito_standby.core.domain.errors import ServiceUnavailableError
from tests.saga.world import ADMIN, Saga
from tests.unit.world import BACKUP

CREATE, UPDATE, DELETE = ChangeKind.CREATE, ChangeKind.UPDATE, ChangeKind.DELETE


def asked(kind: ChangeKind = UPDATE, **more: Any) -> ChangeRequest:
    return ChangeRequest(kind, **({"username": "ann"} | more))


GOOD = [
    asked(attributes={"name": "A" * 2048, "custom:plan": None}),
    asked(attributes={"email": "a@example.org"}, verified={"email": False}),
    asked(verified={"phone_number": True}),
    asked(username="", origin_sub="origin-1", enabled=False),
    asked(groups=()),
    asked(join=("a",), leave=("b",), if_match="0f"),
    asked(CREATE),
    asked(CREATE, username="", attributes={"email": "a@example.org"}, verified={"email": True}),
    asked(DELETE, if_match="0f"),
    asked(ChangeKind.ERASE),
]

BAD: list[tuple[ChangeRequest, str]] = [
    (asked(), ""),
    (asked(username="", enabled=True), "/username"),
    (asked(origin_sub="o", enabled=True), "/username"),
    (asked(username="a" * 129, enabled=True), "/username"),
    (asked(username="a b", enabled=True), "/username"),
    (asked(username="\ud800", enabled=True), "/username"),
    (asked(username="", origin_sub="#claim", enabled=True), "/origin_sub"),
    (asked(attributes={"name": "é" * 1025}), "/attributes/name"),
    (asked(attributes={"name": "a\nb"}), "/attributes/name"),
    (asked(attributes={"name": "\udfff"}), "/attributes/name"),
    (asked(attributes={"name": " "}), "/attributes/name"),
    (asked(attributes={"custom:" + "x" * 21: "y"}), "/attributes/custom:" + "x" * 21),
    (asked(attributes={"a/b~": ""}), "/attributes/a~1b~0"),
    *[(asked(attributes={n: "x"}), f"/attributes/{n}") for n in ("sub", "identities")],
    (asked(attributes={"custom:origin_sub": "x"}), "/attributes/custom:origin_sub"),
    (asked(attributes={"email_verified": "true"}), "/attributes/email_verified"),
    (asked(attributes={f"custom:{n}": "x" for n in range(71)}), "/attributes"),
    (asked(attributes={"email": "a@example.org"}), "/verified/email"),
    (asked(attributes={"email": None}, verified={"email": True}), "/verified/email"),
    (asked(verified={"name": True}), "/verified/name"),
    (asked(groups=("a",), join=("b",)), "/groups"),
    (asked(join=("a",), leave=("a",)), "/join"),
    (asked(join=("a", "a")), "/join"),
    (asked(join=("a b",)), "/join/0"),
    (asked(enabled=True, if_match="*"), "/if_match"),
    (asked(CREATE, leave=("a",)), "/leave"),
    (asked(CREATE, if_match="0f"), "/if_match"),
    (asked(CREATE, attributes={"name": None}), "/attributes/name"),
    (asked(CREATE, verified={"email": True}), "/verified/email"),
    (asked(DELETE, enabled=False), "/enabled"),
]


@pytest.mark.parametrize("request_", GOOD)
def test_what_may_be_asked(request_: ChangeRequest) -> None:
    assert problems_of(request_) == ()
    assert ChangeRequest.from_dict(request_.to_dict()) == request_


@pytest.mark.parametrize(("request_", "pointer"), BAD)
def test_what_may_not_be_asked(request_: ChangeRequest, pointer: str) -> None:
    assert pointer in [problem.pointer for problem in problems_of(request_)]


@pytest.mark.parametrize("key", ["", "a" * 256, "a b", "ä", "\n"])
def test_a_key_is_visible_ascii(key: str) -> None:
    assert key_problem(key)
    assert not key_problem("0" * 255)


def test_each_problem_has_a_code_of_its_own() -> None:
    assert len({problem.code for problem in PROBLEMS}) == len(PROBLEMS)
    assert all(400 <= problem.status < 600 for problem in PROBLEMS)


def test_one_key_is_one_change() -> None:
    saga = Saga()
    first, second = (submit(saga.api, asked(enabled=False), ADMIN, "k") for _ in range(2))
    assert isinstance(first, Submitted) and isinstance(second, Submitted)
    assert (first.repeated, second.repeated) == (False, True)
    assert second.change == first.change
    assert saga.bus.waiting == (first.change.id,), "it is not put on the bus at each repetition"
    other = submit(saga.api, asked(enabled=True), ADMIN, "k")
    assert isinstance(other, Problem) and other.code == "key_reused"
    theirs = submit(saga.api, asked(enabled=True), "somebody else", "k")
    assert isinstance(theirs, Submitted) and theirs.change.id != first.change.id


def test_a_change_whose_event_was_lost_is_sent_again_when_it_is_asked_for_again() -> None:
    saga = Saga()
    saga.bus.fail()
    with pytest.raises(ServiceUnavailableError):
        submit(saga.api, asked(enabled=False), ADMIN, "k")
    submit(saga.api, asked(enabled=False), ADMIN, "k")
    assert saga.bus.waiting == ()
    saga.here.context.clock.advance(11)  # type: ignore[attr-defined]
    submit(saga.api, asked(enabled=False), ADMIN, "k")
    assert len(saga.bus.waiting) == 1


def test_the_standby_names_the_active_region() -> None:
    saga = Saga()
    saga.there.context.records.put_claim(2)
    saga.world.table.replicate_all()
    answer = submit(saga.api, asked(enabled=False), ADMIN)
    assert answer == NotActive(BACKUP, "https://backup.example.com")


def test_the_outcome_is_waited_for_no_longer_than_told() -> None:
    saga = Saga()
    saga.person()
    change = saga.ask(asked(enabled=False))
    begun = saga.here.context.clock.now()
    waited = await_outcome(saga.api, change.id, 3)
    assert waited is not None and waited.status is ChangeStatus.ACCEPTED
    assert 3 <= (saga.here.context.clock.now() - begun).total_seconds() < 4
    saga.execution(change).run(saga.context())
    ended = await_outcome(saga.api, change.id, 3)
    assert ended is not None and ended.status is ChangeStatus.COMPLETED
    assert await_outcome(saga.api, "nobody", 3) is None


def test_the_entity_tag_of_a_result_is_the_users() -> None:
    saga = Saga()
    saga.person()
    change = saga.make(asked(enabled=False))
    user = read_user(saga.api, "ann")
    assert not isinstance(user, Problem) and change.result is not None
    assert user.entity_tag == change.result.entity_tag
    again = saga.make(asked(enabled=True, if_match=user.entity_tag))
    assert again.status is ChangeStatus.COMPLETED
    late = saga.make(asked(enabled=False, if_match=user.entity_tag))
    assert late.problem is not None and late.problem.code == "changed"
    assert isinstance(read_user(saga.api, "nobody"), Problem)
