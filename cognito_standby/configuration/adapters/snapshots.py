"""Snapshots, items of the records table. Shape: docs/data.md.

There they are replicated as records are, so that a lost pool's configuration is known in the other
Region. A document is compressed and lies in parts, for an item holds 400 KB.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from boto3.dynamodb.types import Binary

from cognito_standby.configuration.domain.document import (
    PoolConfiguration,
    digest_of,
    document_from,
    text_of,
)
from cognito_standby.configuration.domain.snapshots import NoSuchSnapshotError, Snapshot, id_of
from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.subjects import CONFIGURATION_KEY

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PART_BYTES = 300_000
_HEAD = "000"
_FIELDS = ("user_pool_id", "digest", "why")
_TOLD = "#region, user_pool_id, #digest, why"


class DynamoSnapshots:
    """Snapshots on this Region's replica; `region` is the only one written for."""

    def __init__(self, client: DynamoDBClient, table_name: str, region: str) -> None:
        self._client, self._table, self._region = client, table_name, region

    def listed(self, region: str) -> Sequence[Snapshot]:
        """Queries, consistent. They read whole items and answer with the heads' few fields. What is
        no head of a snapshot is passed over: it would hide all that are."""
        names = {"#region": "region", "#digest": "digest"}
        found = []
        for item in self._query(f"{region}#", _TOLD, names):
            of, *rest = str(item["region"]).split("#")
            told = [str(item[name]) for name in _FIELDS if name in item]
            if rest[1:] == [_HEAD] and len(told) == len(_FIELDS):
                found.append(Snapshot(rest[0], of, *told))
        return sorted(found, key=lambda each: each.id, reverse=True)

    def read(self, region: str, snapshot: str) -> PoolConfiguration:
        """Queries, consistent. InvalidRecordError: it is not as it was put."""
        parts = list(self._query(f"{region}#{snapshot}#"))
        if not parts:
            raise NoSuchSnapshotError(f"there is no snapshot {snapshot} of {region}")
        if str(len(parts)) != str(parts[0].get("parts", 0)):
            raise NoSuchSnapshotError(
                f"the snapshot {snapshot} of {region} is not whole here: its replication may be "
                "under way"
            )
        bodies: list[Any] = [e["body"] for e in parts if isinstance(e.get("body"), Binary)]
        document = _document(b"".join(map(bytes, bodies)))
        if digest_of(document) != parts[0].get("digest"):
            raise InvalidRecordError(f"the snapshot {snapshot} of {region} was altered")
        return document

    def put(self, document: PoolConfiguration, why: str) -> Snapshot:
        """A PutItem for each part, the first one last: who finds it finds the others."""
        made = Snapshot(
            id_of(document), self._region, document.user_pool_id, digest_of(document), why
        )
        body = gzip.compress(text_of(document).encode(), mtime=0)
        parts = [body[at : at + PART_BYTES] for at in range(0, len(body), PART_BYTES)]
        told = {"user_pool_id": made.user_pool_id, "digest": made.digest, "why": why}
        for number in reversed(range(len(parts))):
            item = {**self._key(made, number), "bulk": True, "body": parts[number]}
            with translated():
                self._client.put_item(
                    TableName=self._table, Item=wire({**item, **told, "parts": len(parts)})
                )
        return made

    def remove(self, snapshot: Snapshot) -> None:
        """A DeleteItem for each part, the first one last."""
        keys = [item["region"] for item in self._query(f"{self._region}#{snapshot.id}#")]
        for key in sorted(keys, reverse=True):
            with translated():
                self._client.delete_item(
                    TableName=self._table,
                    Key=wire({"origin_sub": CONFIGURATION_KEY, "region": key}),
                )

    def _key(self, snapshot: Snapshot, number: int) -> Item:
        place = f"{self._region}#{snapshot.id}#{number:03}"
        return {"origin_sub": CONFIGURATION_KEY, "region": place}

    def _query(
        self, beginning: str, shown: str = "", names: dict[str, str] | None = None
    ) -> Iterator[Item]:
        request: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "origin_sub = :key AND begins_with(#region, :beginning)",
            "ExpressionAttributeNames": {"#region": "region", **(names or {})},
            "ExpressionAttributeValues": wire({":key": CONFIGURATION_KEY, ":beginning": beginning}),
            **({"ProjectionExpression": shown} if shown else {}),
        }
        while True:
            with translated():
                answer: Any = self._client.query(**request)
            yield from map(plain, answer["Items"])
            if not (last := answer.get("LastEvaluatedKey")):
                return
            request["ExclusiveStartKey"] = last


def _document(body: bytes) -> PoolConfiguration:
    try:
        data = json.loads(gzip.decompress(body))
    except (OSError, EOFError, ValueError, RecursionError, zlib.error):
        raise InvalidRecordError("a snapshot in the table cannot be unpacked") from None
    return document_from(data)
