"""What today's code makes of messages, and which it sends, told in words of the files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tests.former import today

Item = dict[str, Any]
SUB = "11111111-2222-4333-8444-555555555555"
SEQUENCE = 800000000003126276362
NOW = datetime.fromisoformat("2026-03-04T05:06:07+00:00")


def hint_told(hint: Any) -> Item | None:
    """A hint."""
    if hint is None:
        return None
    return {
        "local sub": hint.local_sub,
        "origin sub": hint.origin_sub,
        "group": hint.group,
        "cause": hint.cause,
        "change": hint.change_id,
        "hinted at": hint.hinted_at,
        "pool": hint.user_pool_id,
        "just made": hint.created,
    }


def redriven(body: str, attributes: Mapping[str, str]) -> Item:
    """What a letter is read as, and what `standby redrive` does about it."""
    world = today.OperatorWorld()
    world.clock.set(NOW + timedelta(hours=1))
    world.stream.written = {SEQUENCE: SUB}
    world.letters.send(body, attributes)
    (held,) = today.assemble(world.context, world.letters.peek(), frozenset()).letters
    for job in held.jobs:
        for arn in job.executions:
            world.executions.add(_failed(arn, job))
    report = world.drain()
    return {
        "what": held.what,
        "jobs": [
            {
                "subject": job.subject,
                "executions": job.executions,
                "hint": hint_told(job.hint),
                "change": job.change,
            }
            for job in held.jobs
        ],
        "outcome": [[line.done, line.outcome.value, line.reason] for line in report.lines],
        "redriven": world.executions.redriven,
        "started": [hint_told(each) for each in world.executions.started],
        "left in the queue": world.letters.count(),
    }


def _failed(arn: str, job: Any) -> Any:
    given = {"change_id": job.change} if job.change else {"origin_sub": job.subject or SUB}
    status = today.ExecutionStatus.FAILED
    return today.Execution(arn, status, NOW, NOW, "InvalidRecordError", json.dumps(given))


def given(machine: str, raw: Any) -> Item:
    """What a machine's execution is started with, as today's code reads it."""
    execution = today.Execution("arn", today.ExecutionStatus.RUNNING, NOW, input=json.dumps(raw))
    match machine:
        case "reconcile_pool":
            asked = today.run_request(raw)
            return {
                "mode": asked.mode.value,
                "shards": asked.shards,
                "seeding": asked.seeding,
                "clear ids": asked.clear_ids,
                "resume": asked.resume,
                "scheduled": asked.scheduled,
            }
        case "apply_admin_change":
            return {"change": execution.requested_change}
        case "contain_failure":
            return {"execution": raw["execution_arn"]}
        case _:
            return {"hint": hint_told(execution.hint)}


class _Wire:
    """Takes what an adapter sends."""

    def __init__(self) -> None:
        self.sent: list[Any] = []

    def put_events(self, Entries: list[Any]) -> Item:  # noqa: N803 - as boto3 has it
        self.sent += [{**each, "Detail": json.loads(each["Detail"])} for each in Entries]
        return {"FailedEntryCount": 0, "Entries": [{"EventId": "1"} for _ in Entries]}

    def send_message(self, QueueUrl: str, MessageBody: str) -> Item:  # noqa: N803
        self.sent.append({"to": QueueUrl, "body": json.loads(MessageBody)})
        return {"MessageId": "1"}


def sent() -> Item:
    """What is put on the bus and into queues."""
    full = today.Hint(
        local_sub=SUB,
        cause="PostConfirmation_ConfirmSignUp",
        change_id="c-1",
        hinted_at=NOW.isoformat(),
        user_pool_id="us-east-1_Invented",
        created=True,
    )
    group = today.Hint(group="staff", cause="DeleteGroup")
    wire: Any = _Wire()
    today.EventBridgeHintBus(wire, "standby-hints").publish(full)
    today.EventBridgeHintBatches(wire, "standby-hints").publish_all([group])
    today.EventBridgeChangeBus(wire, "standby-hints").publish_change("change-1")
    today.SqsHintParking(wire, "https://queue").park(full)
    arn = "arn:aws:states:us-east-1:111111111111:execution:standby-sync_user:1"
    failure = today.Failure(arn, "FAILED", "InvalidRecordError", 1, NOW, SUB, "c-1")
    return {"sent": wire.sent, "letter": failure.letter("standby", "us-east-1")}
