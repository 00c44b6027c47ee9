"""Ties the runners to the emulator's pipes, streams, queues and state machines."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from local.faults import Faults
from local.faults.streams import Disturbed
from local.gaps.faithful_pipe.definition import PipeDefinition
from local.gaps.faithful_pipe.runners import Deliver, Event, QueueRunner, Runner, StreamRunner
from local.patching import replace, replace_handlers, require
from local.rights.enforcing import Denial
from local.rights.hops import Hops

logger = logging.getLogger(__name__)
Pause = AbstractContextManager[Any]
OK = 200
ASK_SECONDS = 1.0
_PARAMETERS = ("SourceParameters", "TargetParameters")


def install(poll_seconds: float, faults: Faults, hops: Hops) -> None:
    """Keep pipes' parameters, and poll with our own loop."""
    from ministack.services import pipes  # noqa: PLC0415

    require(not pipes._poller_started, "pipes are polled before any exists")
    poller = _Poller(pipes, poll_seconds, faults, hops)
    replace(pipes, "_poll_loop", lambda _original: poller.loop)
    replace(pipes, "_create_pipe", _keeping_created(pipes, poller.pause))
    replace(pipes, "_update_pipe", _keeping_updated(pipes, poller.pause))
    replace(pipes, "_describe_response", _describing)

    def creating(create: Callable[..., Any]) -> Callable[..., Any]:
        def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
            with poller.pause:
                name, attributes = create(logical_id, props, stack)
                _keep(pipes._pipes[name], props)
            return name, attributes

        return created

    def updating(update: Callable[..., Any]) -> Callable[..., Any]:
        def updated(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
            with poller.pause:
                result = update(name, old, new, *rest)
                _keep(pipes._pipes[result[0]], new)
            return result

        return updated

    replace_handlers("AWS::Pipes::Pipe", create=creating, update=updating)


def _keep(pipe: dict[str, Any], source: Mapping[str, Any]) -> None:
    PipeDefinition.of({**pipe, **{k: source.get(k) for k in _PARAMETERS}})
    for key in _PARAMETERS:
        if source.get(key) is not None:
            pipe[key] = source[key]
    pipe["_version"] = pipe.get("_version", 0) + 1


def _keeping_created(pipes: Any, pause: Pause) -> Callable[[Callable[..., Any]], Any]:
    def wrap(create: Callable[..., Any]) -> Callable[..., Any]:
        def created(name: str, body: dict[str, Any]) -> Any:
            with pause:
                reply = create(name, body)
                if reply[0] == OK:
                    pipe = pipes._pipes[name]
                    _keep(pipe, body)
                    source = body.get("SourceParameters") or {}
                    stream = source.get("DynamoDBStreamParameters") or {}
                    pipe["StartingPosition"] = stream.get("StartingPosition", "LATEST")
                    pipes._positions[pipe["Arn"]] = pipes._initial_position(pipe)
            return reply

        return created

    return wrap


def _keeping_updated(pipes: Any, pause: Pause) -> Callable[[Callable[..., Any]], Any]:
    def wrap(update: Callable[..., Any]) -> Callable[..., Any]:
        def updated(name: str, body: dict[str, Any]) -> Any:
            with pause:
                reply = update(name, body)
                if reply[0] == OK:
                    _keep(pipes._pipes[name], body)
            return reply

        return updated

    return wrap


def _describing(describe: Callable[..., Any]) -> Callable[..., Any]:
    def described(pipe: dict[str, Any]) -> Any:
        return {**describe(pipe), **{k: pipe[k] for k in _PARAMETERS if k in pipe}}

    return described


class _Poller:
    """One thread for all pipes: a round is cheap when nothing has happened."""

    def __init__(self, pipes: Any, seconds: float, faults: Faults, hops: Hops) -> None:
        self._pipes, self._seconds, self._faults = pipes, seconds, faults
        self._hops = hops
        self._asked: dict[str, float] = {}
        self._runners: dict[str, tuple[int, Runner]] = {}
        self.pause = threading.RLock()

    def loop(self) -> None:
        """Poll for the life of the process."""
        while True:
            with self.pause:
                found = list(self._pipes._iter_all_pipes())
            present = {pipe["Arn"] for _, _, pipe in found}
            self._runners = {arn: r for arn, r in self._runners.items() if arn in present}
            for account, region, pipe in found:
                try:
                    self._run(account, region, pipe)
                except Exception:
                    logger.exception("pipe %s failed", pipe.get("Name"))
            time.sleep(self._seconds)

    def _run(self, account: str, region: str, pipe: dict[str, Any]) -> None:
        from ministack.core.responses import request_scope  # noqa: PLC0415

        if pipe.get("CurrentState") != "RUNNING" or self._faults.dark(region):
            return
        with request_scope(account, region):
            if ":states:" not in pipe["Target"]:
                self._pipes._poll_pipe(_dynamodb(), pipe, account)
                return
            version = pipe.get("_version", 0)
            known, runner = self._runners.get(pipe["Arn"], (None, None))
            if runner is None:
                runner = self._runner(account, pipe)
            elif known != version:
                runner.pipe = PipeDefinition.of(pipe)
            self._runners[pipe["Arn"]] = (version, runner)
            if self._may_read(pipe):
                runner.run_once()

    def _may_read(self, pipe: Mapping[str, Any]) -> bool:
        """Asked once a second at most, or the counts would tell of nothing but polling."""
        arn, now = pipe["Arn"], time.monotonic()
        if now - self._asked.get(arn, float("-inf")) > ASK_SECONDS:
            if not self._may(self._hops.pipe_reads, pipe):
                return False
            self._asked[arn] = now
        return True

    def _runner(self, account: str, pipe: dict[str, Any]) -> Runner:
        definition = PipeDefinition.of(pipe)
        if ":sqs:" in definition.source:
            return _queue_runner(definition, self._deliver_of(pipe))
        source = _stream_reader(self._pipes, account, pipe)
        read = Disturbed(self._faults, _region_of(definition.arn), source)
        return StreamRunner(definition, read, self._deliver_of(pipe), self._letters_of(pipe))

    def _deliver_of(self, raw: Mapping[str, Any]) -> Deliver:
        def deliver(pipe: PipeDefinition, events: Sequence[Event]) -> bool:
            failure = self._faults.edge_fails("pipe->machine", _region_of(pipe.arn))
            if failure or not self._may(self._hops.pipe_delivers, raw, pipe.target):
                return False
            return _start_execution(pipe, events)

        return deliver

    def _letters_of(self, raw: Mapping[str, Any]) -> Callable[[str, str], None]:
        def send(queue_arn: str, body: str) -> None:
            if self._may(self._hops.pipe_delivers, raw, queue_arn):
                _send_letter(queue_arn, body)
            else:
                logger.error("pipe %s: a letter was lost", raw["Name"])

        return send

    def _may(self, ask: Callable[..., Denial | None], *about: Any) -> bool:
        """By the pipe's role: what it may not do fails like what its target refuses."""
        return not self._hops.rights.enforced or ask(*about) is None


def _region_of(arn: str) -> str:
    return arn.split(":")[3]


def _dynamodb() -> Any:
    from ministack.services import dynamodb  # noqa: PLC0415

    return dynamodb


def _stream_reader(pipes: Any, account: str, pipe: dict[str, Any]) -> Callable[[int], list[Event]]:
    dynamodb = _dynamodb()
    source = pipes._dynamodb_stream_source(pipe["Source"])
    require(source is not None, f"pipe source {pipe['Source']} is neither a stream nor a queue")
    arn, table = source
    scope = {"account_id": account, "region": arn.region}

    def read(limit: int) -> list[Event]:
        horizon = dynamodb.stream_start_position(table, **scope)
        end = dynamodb.stream_end_position(table, **scope)
        start = max(int(pipes._positions.get(pipe["Arn"], 0)), horizon)
        if start >= end:
            return []
        records: list[Event] = dynamodb.stream_records_since(
            table, start, min(limit, end - start), **scope
        )
        pipes._positions[pipe["Arn"]] = start + len(records)
        return records

    return read


def _queue_runner(pipe: PipeDefinition, deliver: Deliver) -> Runner:
    from ministack.services import sqs  # noqa: PLC0415

    queue = sqs._queue_by_arn(pipe.source)
    if queue is None:
        raise LookupError(f"pipe {pipe.name}: there is no queue {pipe.source}")
    url = queue["url"]
    region = _region_of(pipe.source)

    def receive(limit: int) -> list[Event]:
        return [
            {
                "messageId": message["id"],
                "receiptHandle": message["receipt_handle"],
                "body": message["body"],
                "attributes": {
                    "ApproximateReceiveCount": str(message["receive_count"]),
                    "SentTimestamp": str(int(message["sent_at"] * 1000)),
                },
                "messageAttributes": message.get("message_attributes") or {},
                "md5OfBody": message["md5_body"],
                "eventSource": "aws:sqs",
                "eventSourceARN": pipe.source,
                "awsRegion": region,
            }
            for message in sqs._receive_messages_for_esm(url, limit)
        ]

    def delete(handles: set[str]) -> None:
        sqs._delete_messages_for_esm(url, handles)

    return QueueRunner(pipe, receive, delete, deliver)


def _start_execution(pipe: PipeDefinition, events: Sequence[Event]) -> bool:
    from ministack.services import stepfunctions  # noqa: PLC0415

    status, _, body = stepfunctions._start_execution(
        {"stateMachineArn": pipe.target, "input": pipe.payload(events)}
    )
    if status != OK:
        logger.warning("pipe %s: StartExecution refused: %s", pipe.name, body)
    return bool(status == OK)


def _send_letter(queue_arn: str, body: str) -> None:
    from ministack.services import sqs  # noqa: PLC0415

    queue = sqs._queue_by_arn(queue_arn)
    if queue is None:
        logger.error("pipe: there is no dead-letter queue %s", queue_arn)
        return
    sqs._HANDLERS["SendMessage"]({"QueueUrl": queue["url"], "MessageBody": body}, queue["url"])
