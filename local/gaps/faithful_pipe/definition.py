"""What a pipe was configured with, read from its stored parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.gaps.faithful_pipe.filters import Filters
from local.gaps.faithful_pipe.templates import render

FOR_EVER = -1


@dataclass(frozen=True)
class PipeDefinition:
    """One pipe's configuration, with AWS's defaults."""

    name: str
    arn: str
    source: str
    target: str
    filters: Filters
    template: str
    batch_size: int
    attempts: int
    record_age: int
    bisect: bool
    dead_letter_arn: str

    @classmethod
    def of(cls, pipe: Mapping[str, Any]) -> PipeDefinition:
        """Read the emulator's record of a pipe, with our parameters in it."""
        source = pipe.get("SourceParameters") or {}
        stream = source.get("DynamoDBStreamParameters") or {}
        queue = source.get("SqsQueueParameters") or {}
        default_batch = 10 if ":sqs:" in pipe["Source"] else 1
        return cls(
            name=pipe["Name"],
            arn=pipe["Arn"],
            source=pipe["Source"],
            target=pipe["Target"],
            filters=Filters(source.get("FilterCriteria")),
            template=(pipe.get("TargetParameters") or {}).get("InputTemplate", ""),
            batch_size=int((stream or queue).get("BatchSize", default_batch)),
            attempts=int(stream.get("MaximumRetryAttempts", FOR_EVER)),
            record_age=int(stream.get("MaximumRecordAgeInSeconds", FOR_EVER)),
            bisect=stream.get("OnPartialBatchItemFailure") == "AUTOMATIC_BISECT",
            dead_letter_arn=(stream.get("DeadLetterConfig") or {}).get("Arn", ""),
        )

    def payload(self, events: Sequence[Mapping[str, Any]]) -> str:
        """The target's input: a JSON array, one element an event."""
        if not self.template:
            return json.dumps(list(events))
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        fixed = {
            "aws.pipes.pipe-arn": self.arn,
            "aws.pipes.pipe-name": self.name,
            "aws.pipes.source-arn": self.source,
            "aws.pipes.target-arn": self.target,
            "aws.pipes.event.ingestion-time": now,
        }
        return json.dumps(
            [
                render(
                    self.template,
                    event,
                    {**fixed, "aws.pipes.event": event, "aws.pipes.event.json": event},
                )
                for event in events
            ]
        )
