"""What becomes of changes when nothing fails, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cognito_standby.changes.domain.changes import Change, ChangeKind, ChangeRequest, ChangeStatus
from cognito_standby.core.domain.subjects import Subject
from tests.saga.world import Saga
from tests.twins.stores.claims import stood_down


@pytest.fixture
def saga() -> Saga:
    return Saga()


def update(**more: Any) -> ChangeRequest:
    return ChangeRequest(ChangeKind.UPDATE, **({"username": "ann"} | more))


def create(name: str = "zoe", **more: Any) -> ChangeRequest:
    given: dict[str, Any] = {"attributes": {"email": f"{name}@example.org"}}
    given["verified"] = {"email": True}
    return ChangeRequest(ChangeKind.CREATE, username=name, **(given | more))


def done(change: Change) -> tuple[str, str]:
    return change.status.value, change.problem.code if change.problem else ""


def test_an_update_reaches_both_pools(saga: Saga) -> None:
    ann = saga.person(nickname="Ann")
    asked = update(
        attributes={"name": "Ann A.", "nickname": None, "email": "new@example.org"},
        verified={"email": False},
        enabled=False,
        groups=("admins", "guests"),
    )
    change = saga.make(asked)
    assert change.status is ChangeStatus.COMPLETED, change.problem
    state = {
        "present": "true",
        "username": "ann",
        "enabled": "false",
        "attr:email": "new@example.org",
        "attr:email_verified": "false",
        "attr:name": "Ann A.",
        "group:admins": "true",
        "group:guests": "true",
    }
    assert saga.state("ann") == state
    saga.settle()
    assert saga.twin(ann) == state
    assert not list(saga.disagreements())
    assert change.request is None
    assert change.result is not None and change.result.origin_sub == ann


def test_a_change_is_ended_by_one_look_at_its_item() -> None:
    """Two would be two prices, and could show two different changes."""
    calls: list[str] = []

    def counting(port: str, method: str, call: Callable[[], Any]) -> Any:
        calls.append(f"{port}.{method}")
        return call()

    saga = Saga(counting)
    saga.person()
    saga.make(update(enabled=False))
    looked = [call for call in calls if call.startswith("changes.")]
    assert looked[-2:] == ["changes.with_plan", "changes.finish"]
    assert "changes.read" not in looked


def test_a_creation_reaches_both_pools_and_can_recover(saga: Saga) -> None:
    change = saga.make(create(groups=("staff",), enabled=False))
    assert change.status is ChangeStatus.COMPLETED, change.problem
    saga.settle()
    assert saga.state("zoe")["group:staff"] == "true"
    assert saga.twin(change.subject) == saga.state("zoe")
    assert saga.here.pool.admin_get_user("zoe").status == "CONFIRMED"
    assert not saga.here.pool.messages
    assert not list(saga.disagreements())


def test_a_deletion_is_recorded_and_reaches_the_standby(saga: Saga) -> None:
    ann = saga.person()
    change = saga.make(ChangeRequest(ChangeKind.DELETE, username="ann"))
    assert change.status is ChangeStatus.COMPLETED, change.problem
    saga.settle()
    assert saga.state("ann") == {}
    assert saga.twin(ann)["enabled"] == "false"
    own = saga.here.context.records.read(Subject.user(ann))[0].own
    assert own is not None and own.deleted and own.fields["attr:email"] == "ann@example.org"
    assert not list(saga.disagreements())


def test_an_erasure_leaves_nothing_but_a_hash(saga: Saga) -> None:
    ann = saga.person()
    change = saga.make(ChangeRequest(ChangeKind.ERASE, origin_sub=ann))
    assert change.status is ChangeStatus.COMPLETED, change.problem
    saga.settle()
    assert saga.state("ann") == {} == saga.twin(ann)
    for side in (saga.here, saga.there):
        partition, _ = side.context.records.read(Subject.user(ann))
        assert all(record.deleted and not record.fields for record in partition.records)
        row = side.ledger.read(Subject.user(ann))
        assert not row.confirmed and not row.local_username
    assert saga.erased() == {Subject.user(ann)}
    assert not list(saga.disagreements())


def test_whoever_was_deleted_before_can_be_erased(saga: Saga) -> None:
    ann = saga.person()
    saga.make(ChangeRequest(ChangeKind.DELETE, username="ann"))
    saga.settle()
    assert saga.twin(ann)
    change = saga.make(ChangeRequest(ChangeKind.ERASE, origin_sub=ann))
    assert change.status is ChangeStatus.COMPLETED, change.problem
    saga.settle()
    assert saga.twin(ann) == {}
    for side in (saga.here, saga.there):
        partition, _ = side.context.records.read(Subject.user(ann))
        assert [record.fields for record in partition.records] == [{}, {}]
    assert not list(saga.disagreements())


def test_an_update_that_changes_nothing_removes_nobody(saga: Saga) -> None:
    saga.person()
    before = saga.state("ann")
    change = saga.make(update(groups=("staff",)))
    assert (change.status, saga.state("ann")) == (ChangeStatus.COMPLETED, before)
    assert not list(saga.disagreements())


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (update(username="nobody", enabled=False), "user_not_found"),
        (update(attributes={"custom:unknown": "x"}), "invalid"),
        (update(verified={"phone_number": True}), "invalid"),
        (update(groups=("nowhere",)), "group_not_found"),
        (update(attributes={"email": "ben"}, verified={"email": True}), "refused_by_pool"),
        (update(enabled=False, if_match="0" * 24), "changed"),
        (create("ann"), "name_taken"),
        (create("ann", attributes={"custom:unknown": "x"}, verified={}), "invalid"),
        (ChangeRequest(ChangeKind.DELETE, username="nobody"), "user_not_found"),
        (ChangeRequest(ChangeKind.ERASE, origin_sub="nobody"), "user_not_found"),
    ],
)
def test_what_is_refused_changes_nothing(saga: Saga, request_: ChangeRequest, code: str) -> None:
    saga.person()
    before = saga.state("ann")
    assert done(saga.make(request_)) == ("refused", code)
    saga.settle()
    assert saga.state("ann") == before
    assert not list(saga.disagreements())
    assert all(row.lease is None for row in saga.here.ledger.rows())


def test_a_refusal_takes_back_what_was_already_written(saga: Saga) -> None:
    saga.person()
    before = saga.state("ann")
    change = saga.make(update(attributes={"name": "New"}, enabled=False, join=("nowhere",)))
    assert done(change) == ("refused", "group_not_found")
    assert saga.state("ann") == before
    assert not list(saga.disagreements())


def test_a_second_execution_of_a_change_does_nothing(saga: Saga) -> None:
    saga.person()
    change = saga.ask(update(attributes={"name": "First"}))
    saga.execution(change).run(saga.context())
    saga.make(update(attributes={"name": "Second"}))
    again = saga.execution(change).run(saga.context())
    assert again.output["status"] == ""
    assert saga.state("ann")["attr:name"] == "Second"


def test_a_region_that_stood_down_since_the_change_was_asked_for_refuses(saga: Saga) -> None:
    """The API had looked before the mark. What is begun after the tally would come late."""
    saga.person()
    change = saga.ask(update(enabled=False))
    stood_down(saga.world.table, saga.here.context.region, "elsewhere")
    saga.execution(change).run(saga.context())
    assert done(saga.now(change)) == ("refused", "stood_down")
    assert saga.state("ann")["enabled"] == "true"


def test_the_region_that_is_not_active_refuses(saga: Saga) -> None:
    saga.person()
    change = saga.ask(update(enabled=False))
    saga.there.context.records.put_claim(2)
    saga.world.table.replicate_all()
    saga.execution(change).run(saga.context())
    assert done(saga.now(change)) == ("refused", "not_active")
    assert saga.state("ann")["enabled"] == "true"
