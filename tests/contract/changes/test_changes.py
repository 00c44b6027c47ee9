"""Contract of ChangeStore and ChangeBus."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.adapters.events import EventBridgeChangeBus
from cognito_standby.changes.domain import changes
from cognito_standby.changes.domain.changes import (
    KEPT,
    LISTED_ATTRIBUTES,
    RECENT_INDEX,
    ChangeKind,
    ChangeRequest,
    ChangeResult,
    ChangeStatus,
    FieldProblem,
)
from cognito_standby.changes.domain.problems import GAVE_UP, INVALID, NAME_TAKEN
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.changes.ports import ChangeStore, Submission, Taken
from cognito_standby.core.domain.errors import InvalidRecordError, PlanStaleError
from tests.contract.backends import (
    AwsBackend,
    Backend,
    _Queue,
)
from tests.twins.clock import ManualClock
from tests.twins.stores.changes import (
    InMemoryChangeBus,
    InMemoryChangeStore,
)

ONE, TWO = "arn:aws:states:::execution:one", "arn:aws:states:::execution:two"
REQUEST = ChangeRequest(
    ChangeKind.UPDATE,
    username="ann",
    attributes={"name": "Änn \U0001f600", "nickname": None},
    verified={"email": False},
    enabled=False,
    groups=(),
    if_match="abc",
)
PLAN = ChangePlan("origin-1", {"attr:name": "A"}, {"attr:name": "B"}, "tag", {"attr:custom:x": "y"})
PROBLEM = INVALID.about(FieldProblem("/attributes/name", "too long"))


@pytest.fixture
def store(backend: Backend, clock: ManualClock) -> ChangeStore:
    if not isinstance(backend, AwsBackend):
        return InMemoryChangeStore(clock)
    client = backend._client("dynamodb")
    return DynamoChangeStore(client, _changes_table(client), clock)


def _changes_table(client: Any) -> str:
    """As `stacks/constructs/machines/changes.py` declares it."""
    name = f"table-{uuid4().hex[:8]}"
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": each, "AttributeType": "S"}
            for each in ("id", "listed", "requested_at")
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": RECENT_INDEX,
                "KeySchema": [
                    {"AttributeName": "listed", "KeyType": "HASH"},
                    {"AttributeName": "requested_at", "KeyType": "RANGE"},
                ],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": list(LISTED_ATTRIBUTES),
                },
            }
        ],
    )
    client.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    return name


def asked(clock: ManualClock, id_: str = "change-1", **more: Any) -> Submission:
    told: dict[str, Any] = {"request": REQUEST, "digest": "d-1", "asked_by": "AIDA"}
    told["requested_at"] = clock.now()
    return Submission(id_, **(told | more))


def test_a_change_is_stored_once(store: ChangeStore, clock: ManualClock) -> None:
    first = store.submit(asked(clock, subject="origin-9"))
    assert first.taken is Taken.NEW
    assert first.change.request == REQUEST
    assert (first.change.status, first.change.subject) == (ChangeStatus.ACCEPTED, "origin-9")
    clock.advance(60)
    again = store.submit(asked(clock, subject="origin-10"))
    assert (again.taken, again.change) == (Taken.EXISTING, first.change)
    other = store.submit(asked(clock, digest="d-2"))
    assert (other.taken, other.change) == (Taken.OTHER_BODY, first.change)
    assert store.read("change-1") == first.change
    assert store.read("nobody") is None


def test_a_key_is_free_again_when_its_change_is_too_old(
    store: ChangeStore, clock: ManualClock
) -> None:
    store.submit(asked(clock))
    clock.advance(KEPT.total_seconds() + 1)
    assert store.read("change-1") is None
    assert store.claim("change-1", ONE) is None
    assert store.submit(asked(clock, digest="d-2")).taken is Taken.NEW


def test_one_execution_has_a_change(store: ChangeStore, clock: ManualClock) -> None:
    store.submit(asked(clock))
    mine = store.claim("change-1", ONE)
    assert mine is not None
    assert (mine.status, mine.execution, mine.request) == (ChangeStatus.RUNNING, ONE, REQUEST)
    assert store.claim("change-1", TWO) is None
    assert store.claim("change-1", ONE) == mine
    assert store.claim("nobody", ONE) is None


def test_plan_and_problem_are_the_executions_to_note(
    store: ChangeStore, clock: ManualClock
) -> None:
    store.submit(asked(clock))
    with pytest.raises(PlanStaleError):
        store.note_plan("change-1", ONE, PLAN)
    store.claim("change-1", ONE)
    assert store.plan_of("change-1") is None
    assert store.with_plan("change-1") == (store.read("change-1"), None)
    store.note_plan("change-1", ONE, PLAN)
    store.note_problem("change-1", ONE, PROBLEM)
    assert store.plan_of("change-1") == PLAN
    read = store.read("change-1")
    assert read is not None and (read.subject, read.problem) == ("origin-1", PROBLEM)
    assert store.with_plan("change-1") == (read, PLAN)
    assert store.with_plan("nobody's") is None
    notes: tuple[Callable[[], None], ...] = (
        lambda: store.note_plan("change-1", TWO, PLAN),
        lambda: store.note_problem("change-1", TWO, PROBLEM),
        lambda: store.note_problem("nobody", ONE, PROBLEM),
    )
    for note in notes:
        with pytest.raises(PlanStaleError):
            note()


@pytest.mark.parametrize("status", [s for s in ChangeStatus if s.final])
def test_an_end_is_final_and_forgets_what_was_asked(
    store: ChangeStore, clock: ManualClock, status: ChangeStatus
) -> None:
    store.submit(asked(clock))
    store.claim("change-1", ONE)
    store.note_plan("change-1", ONE, PLAN)
    assert not store.finish("change-1", TWO, status, None, None)
    result = ChangeResult("origin-1", "tag-2", ("attr:name",))
    assert store.finish("change-1", ONE, status, NAME_TAKEN, result)
    read = store.read("change-1")
    assert read is not None
    assert (read.status, read.problem, read.result) == (status, NAME_TAKEN, result)
    assert read.ended_at == clock.now().isoformat()
    assert read.request is None and store.plan_of("change-1") is None
    assert store.claim("change-1", ONE) is None
    assert not store.finish("change-1", ONE, ChangeStatus.FAILED, GAVE_UP, None)
    assert store.submit(asked(clock)).taken is Taken.EXISTING


def test_a_failed_change_goes_on_where_it_stopped(store: ChangeStore, clock: ManualClock) -> None:
    store.submit(asked(clock))
    store.claim("change-1", ONE)
    store.note_plan("change-1", ONE, PLAN)
    assert store.finish("change-1", ONE, ChangeStatus.FAILED, GAVE_UP, None)
    told = store.read("change-1")
    assert told is not None and (told.status, told.problem) == (ChangeStatus.FAILED, GAVE_UP)
    assert store.claim("change-1", TWO) is None
    again = store.claim("change-1", ONE)
    assert again is not None
    assert (again.status, again.problem, again.ended_at) == (ChangeStatus.RUNNING, None, "")
    assert again.request == REQUEST and store.plan_of("change-1") == PLAN
    assert store.finish("change-1", ONE, ChangeStatus.COMPLETED, None, None)


def test_the_latest_come_first_page_by_page(store: ChangeStore, clock: ManualClock) -> None:
    for number in range(5):
        clock.advance(1)
        store.submit(asked(clock, f"change-{number}"))
    first = store.recent(2)
    second = store.recent(2, first.token)
    third = store.recent(2, second.token)
    ids = [[change.id for change in page.changes] for page in (first, second, third)]
    assert ids == [["change-4", "change-3"], ["change-2", "change-1"], ["change-0"]]
    assert all(change.request is None for change in first.changes)
    assert first.changes[0] == replace(store.submit(asked(clock, "change-4")).change, request=None)
    clock.set(clock.now() + timedelta(days=30))
    assert not store.recent(2).changes


@pytest.mark.parametrize("token", ["x", "2026", "{}", "a.b.c" * 200])
def test_a_strange_token_is_refused(store: ChangeStore, clock: ManualClock, token: str) -> None:
    store.submit(asked(clock))
    try:
        page = store.recent(2, token)
    except InvalidRecordError:
        return
    assert len(page.changes) <= 1  # of the right shape, but of no change


def test_the_bus_is_told_the_id_alone(backend: Backend) -> None:
    if not isinstance(backend, AwsBackend):
        bus = InMemoryChangeBus()
        bus.publish_change("change-1")
        assert bus.take() == "change-1"
        return
    events, queue = backend._client("events"), _Queue(backend._client("sqs"))
    name = f"bus-{uuid4().hex[:8]}"
    events.create_event_bus(Name=name)
    pattern = json.dumps({"source": [changes.SOURCE], "detail-type": [changes.DETAIL_TYPE]})
    events.put_rule(Name="changes", EventBusName=name, EventPattern=pattern)
    target = {"Id": "queue", "Arn": queue.arn}
    events.put_targets(Rule="changes", EventBusName=name, Targets=[target])
    EventBridgeChangeBus(events, name).publish_change("change-1")
    assert [body["detail"] for body in queue.bodies()] == [{"change_id": "change-1"}]
