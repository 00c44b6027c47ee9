"""Who is active, and what is about to be made: read within a time limit, by botocore alone.

A cold start is waited for by a person, so the items are read as they come over the wire: what turns
them into plain values imports boto3. Shape of the items: docs/data.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.config import Config

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.wire_batches import wire_batch_get
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import NotYetVisibleError
from cognito_standby.core.domain.roles import STOOD_DOWN, Active, active_of, published_active
from cognito_standby.core.domain.subjects import CLAIM_KEY
from cognito_standby.triggers.adapters.in_time import in_time


def client(patience: float = 1.0) -> Config:
    """One try: the next look comes seconds later, and something is known meanwhile."""
    return Config(
        connect_timeout=0.3 * patience,
        read_timeout=0.4 * patience,
        retries={"total_max_attempts": 1},
    )


CLIENT = client()

Connect = Callable[[], Any]
"""Makes a client, or gives the one that was made. Called outside the time limit: loading the SDK's
model of a service is the process's own work."""


class ClaimItems:
    """ActiveSource on this Region's replica of the records."""

    def __init__(self, connect: Connect, table: str, installation: Installation) -> None:
        self._connect, self._table, self._installation = connect, table, installation

    def read(self, seconds: float) -> Active:
        """One consistent BatchGetItem: both claims, and who makes way. ThrottledError: one of them
        was not told. ValueError: an item has another shape."""
        client = self._connect()
        items = in_time(seconds, lambda: self._items(client))
        numbers = {region: _number(item) for region, item in items.items()}
        stood_down = {region: _text(item, STOOD_DOWN) for region, item in items.items()}
        return active_of(self._installation.claims(numbers), stood_down)

    def _items(self, client: Any) -> dict[str, Mapping[str, Any]]:
        regions = (self._installation.primary, self._installation.backup)
        keys = [{"origin_sub": {"S": CLAIM_KEY}, "region": {"S": each}} for each in regions]
        return {_text(item, "region"): item for item in wire_batch_get(client, self._table, keys)}


class PublishedRole:
    """ActiveSource on the parameter that says who was last known to be active."""

    def __init__(self, connect: Connect, name: str, installation: Installation) -> None:
        self._connect, self._name, self._installation = connect, name, installation

    def read(self, seconds: float) -> Active | None:
        """One GetParameter; None: nobody has published yet. ValueError: another shape, or neither
        of our Regions."""
        client = self._connect()
        text = in_time(seconds, lambda: self._text(client))
        if text is None:
            return None
        active = published_active(text)
        self._installation.other(active.epoch.region)
        return active

    def _text(self, client: Any) -> str | None:
        try:
            with translated({"ParameterNotFound": NotYetVisibleError}):
                return str(client.get_parameter(Name=self._name)["Parameter"]["Value"])
        except NotYetVisibleError:
            return None


class LedgerIntents:
    """Intents on this Region's ledger table."""

    def __init__(self, connect: Connect, table: str, now: Callable[[], float]) -> None:
        self._connect, self._table, self._now = connect, table, now

    def creates(self, origin_sub: str, seconds: float) -> bool:
        """One consistent GetItem: a target that shows the user, under a lease that has not run
        out."""
        client = self._connect()
        row = in_time(seconds, lambda: self._row(client, origin_sub))
        until = float(row.get("lease_expires_at", {}).get("N", 0))
        return bool(row.get("target", {}).get("M")) and until > self._now()

    def _row(self, client: Any, origin_sub: str) -> Mapping[str, Any]:
        with translated():
            answer = client.get_item(
                TableName=self._table, Key={"subject": {"S": origin_sub}}, ConsistentRead=True
            )
        row: Mapping[str, Any] = answer.get("Item", {})
        return row


def _number(item: Mapping[str, Any]) -> int:
    try:
        return int(item["epoch"]["N"])
    except (KeyError, TypeError) as error:
        raise ValueError("a claim in the table does not have the documented shape") from error


def _text(item: Mapping[str, Any], name: str) -> str:
    return str(item.get(name, {}).get("S", ""))
