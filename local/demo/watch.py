"""Measures where each person's change is: signed up, recorded, confirmed in the standby."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from local.remote import Stage

_POLL_SECONDS = 0.15
_plain = TypeDeserializer().deserialize


@dataclass
class Journey:
    """One sign-up, in seconds of this machine's clock since the epoch; 0: not yet."""

    name: str
    signed_up: float
    recorded: float = 0.0
    confirmed: float = 0.0

    @property
    def capture_lag(self) -> float:
        """Seconds from the confirmed sign-up to the record in the active Region's table."""
        return self.recorded - self.signed_up

    @property
    def lag(self) -> float:
        """Seconds from the confirmed sign-up to the confirmation in the standby."""
        return self.confirmed - self.signed_up


class Watch:
    """A thread that polls both tables. The lag it sees is too long by up to one poll."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._journeys: dict[str, Journey] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(timeout=5)

    def signed_up(self, sub: str, name: str) -> None:
        """Start the clock of one person."""
        with self._lock:
            self._journeys[sub] = Journey(name, time.time())

    @property
    def journeys(self) -> list[Journey]:
        """Everybody so far."""
        with self._lock:
            return list(self._journeys.values())

    def counts(self) -> tuple[int, int, int]:
        """Signed up, recorded, confirmed in the standby."""
        journeys = self.journeys
        recorded = sum(bool(journey.recorded) for journey in journeys)
        return len(journeys), recorded, sum(bool(journey.confirmed) for journey in journeys)

    def wait(self, seconds: float) -> bool:
        """Wait until everybody is confirmed; False when the time ran out."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            signed_up, _, confirmed = self.counts()
            if signed_up == confirmed:
                return True
            time.sleep(_POLL_SECONDS)
        return False

    def _run(self) -> None:
        outputs = self._stage.outputs
        records = self._stage.client("dynamodb", outputs.primary.region)
        ledger = self._stage.client("dynamodb", outputs.backup.region)
        while not self._ended.wait(_POLL_SECONDS):
            for item in _scan(records, outputs.records_table):
                if item["region"] == outputs.primary.region and "observed_at" in item:
                    written = datetime.fromisoformat(item["observed_at"]).timestamp()
                    self._note(item["origin_sub"], recorded=written)
            for item in _scan(ledger, outputs.backup.ledger_table):
                if item.get("state") == "in_sync":
                    self._note(item["subject"], confirmed=time.time())

    def _note(self, sub: str, *, recorded: float = 0.0, confirmed: float = 0.0) -> None:
        with self._lock:
            journey = self._journeys.get(sub)
            if journey is not None:
                journey.recorded = journey.recorded or recorded
                journey.confirmed = journey.confirmed or confirmed


def percentile(values: list[float], share: float) -> float:
    """The nearest-rank percentile of some values; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _scan(client: Any, table: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(TableName=table)
    return [{k: _plain(v) for k, v in item.items()} for page in pages for item in page["Items"]]
