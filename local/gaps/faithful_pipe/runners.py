"""The two kinds of sources: a stream is retried in order, a queue gets its messages back."""

from __future__ import annotations

import json
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from local.gaps.faithful_pipe.definition import FOR_EVER, PipeDefinition

logger = logging.getLogger(__name__)
Event = dict[str, Any]
Deliver = Callable[[PipeDefinition, Sequence[Event]], bool]
FIRST_DELAY, LAST_DELAY = 0.2, 5.0
BATCHES_A_ROUND = 100


class Runner(Protocol):
    """What the poller asks of one pipe."""

    pipe: PipeDefinition

    def run_once(self) -> None:
        """Deliver what is ready; never block for longer than the target takes."""


@dataclass
class _Batch:
    events: list[Event]
    failures: int = 0
    not_before: float = 0.0


class StreamRunner:
    """Reads one stream in order; a failing batch holds back those behind it, as a shard does."""

    def __init__(
        self,
        pipe: PipeDefinition,
        read: Callable[[int], list[Event]],
        deliver: Deliver,
        dead_letter: Callable[[str, str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.pipe, self._read, self._deliver = pipe, read, deliver
        self._dead_letter, self._clock = dead_letter, clock
        self._waiting: deque[_Batch] = deque()

    def run_once(self) -> None:
        """Work off what has arrived until something fails."""
        for _ in range(BATCHES_A_ROUND):
            if not self._waiting and not self._fill():
                return
            batch = self._waiting[0]
            if batch.not_before > self._clock() or not self._try(batch):
                return

    def _fill(self) -> bool:
        events = self._read(1000)
        passing = [event for event in events if self.pipe.filters.passes(event)]
        size = self.pipe.batch_size
        for start in range(0, len(passing), size):
            self._waiting.append(_Batch(passing[start : start + size]))
        return bool(self._waiting)

    def _try(self, batch: _Batch) -> bool:
        """Deliver the first batch; False when it has to wait."""
        if self._deliver(self.pipe, batch.events):
            self._waiting.popleft()
            return True
        batch.failures += 1
        if self.pipe.bisect and len(batch.events) > 1:
            self._halve(batch)
        elif self._spent(batch):
            self._waiting.popleft()
            self._give_up(batch)
            return True
        else:
            wait = min(LAST_DELAY, FIRST_DELAY * 2 ** (batch.failures - 1))
            batch.not_before = self._clock() + wait
        return False

    def _halve(self, batch: _Batch) -> None:
        self._waiting.popleft()
        middle = len(batch.events) // 2
        self._waiting.appendleft(_Batch(batch.events[middle:]))
        self._waiting.appendleft(_Batch(batch.events[:middle]))

    def _spent(self, batch: _Batch) -> bool:
        if self.pipe.attempts != FOR_EVER and batch.failures > self.pipe.attempts:
            return True
        age = self._clock() - _arrival(batch.events[0])
        return self.pipe.record_age != FOR_EVER and age > self.pipe.record_age

    def _give_up(self, batch: _Batch) -> None:
        logger.warning("pipe %s gave up on %d record(s)", self.pipe.name, len(batch.events))
        if self.pipe.dead_letter_arn:
            self._dead_letter(self.pipe.dead_letter_arn, json.dumps(_letter(self.pipe, batch)))


def _arrival(event: Event) -> float:
    return float(event["dynamodb"].get("ApproximateCreationDateTime", time.time()))


def _letter(pipe: PipeDefinition, batch: _Batch) -> dict[str, Any]:
    """A stream's dead letter names the records' place on the stream, not what was in them."""

    def stamp(seconds: float) -> str:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    first, last = batch.events[0], batch.events[-1]
    return {
        "context": {"partnerResourceArn": pipe.arn, "condition": "RetryAttemptsExhausted"},
        "version": "1.0",
        "timestamp": stamp(time.time()),
        "DDBStreamBatchInfo": {
            "shardId": "shardId-00000000000000000000-00000000",
            "startSequenceNumber": first["dynamodb"]["SequenceNumber"],
            "endSequenceNumber": last["dynamodb"]["SequenceNumber"],
            "approximateArrivalOfFirstRecord": stamp(_arrival(first)),
            "approximateArrivalOfLastRecord": stamp(_arrival(last)),
            "batchSize": len(batch.events),
            "streamArn": pipe.source,
        },
    }


class QueueRunner:
    """Reads one queue; what the target refuses becomes visible again in its own time."""

    def __init__(
        self,
        pipe: PipeDefinition,
        receive: Callable[[int], list[Event]],
        delete: Callable[[set[str]], None],
        deliver: Deliver,
    ) -> None:
        self.pipe, self._receive, self._delete, self._deliver = pipe, receive, delete, deliver

    def run_once(self) -> None:
        """Hand over what is visible now."""
        for _ in range(BATCHES_A_ROUND):
            messages = self._receive(min(self.pipe.batch_size, 10))
            if not messages:
                return
            passing = [m for m in messages if self.pipe.filters.passes(m)]
            done = {m["receiptHandle"] for m in messages if m not in passing}
            if passing and self._deliver(self.pipe, passing):
                done |= {m["receiptHandle"] for m in passing}
            self._delete(done)
