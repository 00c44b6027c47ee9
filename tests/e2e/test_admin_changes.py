"""An administrator's change: made, taken back, and completed after a stop in mid-run."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.adapters.events import EventBridgeChangeBus
from cognito_standby.changes.domain.changes import Change, ChangeKind, ChangeRequest, ChangeStatus
from cognito_standby.changes.ports import Submission
from cognito_standby.changes.services.submit import digest_of
from cognito_standby.core.adapters.system import SystemClock
from local.demo.people import Crowd
from local.faults import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.remote import RemoteStage
from tests.e2e.conftest import until, until_equal
from tests.e2e.test_containment import letters
from tests.e2e.world import executions, histories, person, records, standby_user

pytestmark = [pytest.mark.local_aws, pytest.mark.needs_local_aws]

MACHINE = "apply_admin_change"
Record = Callable[[str, object], None]


class ChangeApi:
    """What the API does, without the gateway."""

    def __init__(self, stage: RemoteStage) -> None:
        self.stage, self.region = stage, stage.outputs.primary
        client = stage.client("dynamodb", self.region.region)
        table = self.region.ledger_table.removesuffix("-ledger") + "-changes"
        self.store = DynamoChangeStore(client, table, SystemClock())
        events = stage.client("events", self.region.region)
        self.bus = EventBridgeChangeBus(events, self.region.bus)

    def ask(self, request: ChangeRequest) -> str:
        """Submit a change; its id."""
        change_id, now = str(uuid4()), datetime.now(UTC)
        subject = str(uuid4()) if request.kind is ChangeKind.CREATE else ""
        self.store.submit(Submission(change_id, request, digest_of(request), "e2e", now, subject))
        self.bus.publish_change(change_id)
        return change_id

    def now(self, change_id: str) -> Change:
        """As whoever asked sees it."""
        change = self.store.read(change_id)
        assert change is not None
        return change

    def ended(self, change_id: str, seconds: float = 400) -> Change:
        """Wait for its end."""
        until("the change ends", lambda: self.now(change_id).status.ended, seconds)
        return self.now(change_id)

    def user(self, name: str) -> dict[str, Any]:
        """A user of the active pool, with attributes and the enabled flag."""
        client = self.stage.client("cognito-idp", self.region.region)
        raw = client.admin_get_user(UserPoolId=self.region.user_pool_id, Username=name)
        attributes = {each["Name"]: each["Value"] for each in raw["UserAttributes"]}
        return {**attributes, "enabled": raw["Enabled"]}


@pytest.fixture
def api(stage: RemoteStage) -> ChangeApi:
    return ChangeApi(stage)


@pytest.fixture
def faults(stage: RemoteStage) -> Iterator[RemoteFaults]:
    found = RemoteFaults(stage.outputs.endpoint)
    yield found
    found.clear()


@pytest.fixture
def crowd(stage: RemoteStage) -> Crowd:
    return Crowd(stage, stage.outputs.primary, "username")


def update(name: str, **more: Any) -> ChangeRequest:
    return ChangeRequest(ChangeKind.UPDATE, username=name, **more)


def entered(stage: RemoteStage, arn: str) -> int:
    client = stage.client("stepfunctions", arn.split(":")[3])
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    kinds = [event["type"] for page in pages for event in page["events"]]
    return sum(kind.endswith("StateEntered") for kind in kinds)


def test_a_change_reaches_the_standby_in_ten_transitions(
    stage: RemoteStage, api: ChangeApi, crowd: Crowd, record_property: Record
) -> None:
    sub = crowd.sign_up(person("changed"))
    until_equal(stage)
    until("nothing is at work on them, so that nobody waits", lambda: not _at_work(stage, sub))
    known = {each["executionArn"] for each in _replays(stage, sub)}
    began = time.monotonic()
    change_id = api.ask(update("changed", attributes={"nickname": "Zebra"}, enabled=False))
    change = api.ended(change_id)
    record_property("seconds", time.monotonic() - began)
    assert change.status is ChangeStatus.COMPLETED, change.problem
    until_equal(stage)
    user = standby_user(stage, sub)
    assert user is not None and user.attributes["nickname"] == "Zebra"
    own = [e for e in executions(stage, stage.outputs.primary, MACHINE) if change_id in e["input"]]
    assert [e["status"] for e in own] == ["SUCCEEDED"]

    def replayed() -> list[int]:
        new = [each for each in _replays(stage, sub) if each["executionArn"] not in known]
        ended = all(each["status"] == "SUCCEEDED" for each in new)
        return [entered(stage, each["executionArn"]) for each in new] if ended else []

    count = entered(stage, own[0]["executionArn"]) + max(until("the replay ends", replayed))
    record_property("transitions", count)
    assert count <= 10
    runs = [e["input"] for r in _regions(stage) for e in executions(stage, r, "sync_user")]
    echoes = [text for text in runs if sub in text and "AdminUpdateUserAttributes" in text]
    assert not echoes, "our own calls are no hints"
    assert "Zebra" not in histories(stage, stage.outputs.primary, MACHINE)


def test_creation_deletion_and_erasure(stage: RemoteStage, api: ChangeApi) -> None:
    made = api.ended(
        api.ask(
            ChangeRequest(
                ChangeKind.CREATE,
                username="made",
                attributes={"email": "made@example.org"},
                verified={"email": True},
            )
        )
    )
    assert made.status is ChangeStatus.COMPLETED, made.problem
    until_equal(stage)
    assert until("in the standby", lambda: standby_user(stage, made.subject))
    gone = api.ended(api.ask(ChangeRequest(ChangeKind.DELETE, username="made")))
    assert gone.status is ChangeStatus.COMPLETED, gone.problem
    until("disabled", lambda: not _enabled(stage, made.subject))
    erased = api.ended(api.ask(ChangeRequest(ChangeKind.ERASE, origin_sub=made.subject)))
    assert erased.status is ChangeStatus.COMPLETED, erased.problem
    until("removed", lambda: standby_user(stage, made.subject) is None)
    until(
        "nothing is kept",
        lambda: [i["fields"] for i in records(stage, made.subject).values()] == [{}, {}],
    )


def test_what_cannot_be_recorded_is_taken_back(
    stage: RemoteStage, api: ChangeApi, crowd: Crowd, faults: RemoteFaults
) -> None:
    sub = crowd.sign_up(person("unrecorded"))
    until_equal(stage)
    before = api.user("unrecorded")
    refused = partial(Fault, service="dynamodb", operation="PutItem", function="*write_record")
    faults.add(refused(FaultKind.ERROR, code="AccessDeniedException"))
    change_id = api.ask(update("unrecorded", attributes={"nickname": "Un"}, enabled=False))
    change = api.ended(change_id)
    assert change.status is ChangeStatus.COMPENSATED
    assert change.problem is not None and change.problem.code == "not_recorded"
    assert api.user("unrecorded") == before
    until_equal(stage)
    assert not letters(stage, stage.outputs.primary, sub)


def test_a_change_that_was_stopped_completes_when_it_is_redriven(
    stage: RemoteStage, api: ChangeApi, crowd: Crowd, faults: RemoteFaults
) -> None:
    region = stage.outputs.primary
    sub = crowd.sign_up(person("stopped"))
    until_equal(stage)
    slow = {"service": "cognito-idp", "function": "*apply_change", "seconds": 12.0}
    faults.add(Fault(FaultKind.LATENCY, operation="AdminDisableUser", **slow))  # type: ignore[arg-type]
    change_id = api.ask(update("stopped", attributes={"nickname": "Stop"}, enabled=False))
    until("half written", lambda: api.user("stopped").get("nickname") == "Stop")
    arn = api.now(change_id).execution
    client = stage.client("stepfunctions", region.region)
    client.stop_execution(executionArn=arn)
    faults.clear()
    change = api.ended(change_id)
    assert change.status is ChangeStatus.FAILED
    assert change.problem is not None and change.problem.code == "gave_up"
    (letter,) = until("a letter", lambda: letters(stage, region, sub))
    assert (letter["machine"], letter["change_id"]) == (MACHINE, change_id)
    client.redrive_execution(executionArn=arn)
    until(
        "redriven",
        lambda: api.now(change_id).status is ChangeStatus.COMPLETED,
    )
    assert api.user("stopped")["enabled"] is False
    answer = json.loads(client.describe_execution(executionArn=arn)["output"])
    assert answer["subject"] == sub
    until_equal(stage)


def _replays(stage: RemoteStage, sub: str) -> list[dict[str, Any]]:
    """The backup's executions about somebody."""
    runs = executions(stage, stage.outputs.backup, "sync_user")
    return [each for each in runs if sub in each["input"]]


def _at_work(stage: RemoteStage, sub: str) -> list[dict[str, Any]]:
    """Executions about somebody that run in either Region."""
    runs = [each for region in _regions(stage) for each in executions(stage, region, "sync_user")]
    return [each for each in runs if sub in each["input"] and each["status"] == "RUNNING"]


def _regions(stage: RemoteStage) -> tuple[Any, Any]:
    return stage.outputs.primary, stage.outputs.backup


def _enabled(stage: RemoteStage, origin_sub: str) -> bool:
    user = standby_user(stage, origin_sub)
    return user is not None and user.enabled
