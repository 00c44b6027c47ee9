"""Gap: RestoreTableToPointInTime copies a table as it is now, at once, whatever was asked for.

On AWS a table with point-in-time recovery can be restored to any second between
EarliestRestorableDateTime and LatestRestorableDateTime, as a new table that is CREATING for minutes
and has the keys, the encryption and, unless they are overridden, the indexes of its source, but
neither streams, time to live, tags, replicas, deletion protection nor recovery of its own (DynamoDB
API reference, RestoreTableToPointInTime and DescribeContinuousBackups; developer guide, "Restore a
table in DynamoDB"). Here each write to such a table is noted with what it replaced, so that the
table as of a time is the present one with later writes undone. A restored table is CREATING, and
later DELETING, for a time that can be set; nobody reads or writes it meanwhile.

Limits: 50,000 writes of a table are remembered, and the window begins where they do; a window
that a template opens begins with the first write or look after it. The latest restorable moment is
a second ago (on AWS some five minutes). A table is restored in its own Region alone, the account's
limit of 50 restores at once is not enforced, and of the overrides those of indexes, billing and
encryption are known. Writes by PartiQL transactions that are rolled back count as undone.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

from local.gaps.table_recovery.journal import ACTIVE, CREATING, SUMMARY, TableRecovery
from local.patching import replace, require

_OF_ITEMS = {
    *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
    *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
}
_INDEXES = {
    "GlobalSecondaryIndexOverride": "GlobalSecondaryIndexes",
    "LocalSecondaryIndexOverride": "LocalSecondaryIndexes",
}
"""Parameter -> what it replaces of the source."""

_OFF = (
    "PointInTimeRecoveryUnavailableException",
    "Point in time recovery is not enabled for the source table",
)

Answer = tuple[int, dict[str, str], Any]


def install(restore_seconds: float, lag: float) -> None:
    """Note writes, tell windows, and restore by them."""
    from ministack.services import dynamodb  # noqa: PLC0415

    for name in ("_tables", "_pitr_settings", "_restore_create_request", "_items_replaced"):
        require(hasattr(dynamodb, name), f"DynamoDB's {name}")
    recovery = TableRecovery(dynamodb, restore_seconds, lag)
    replace(dynamodb, "_set_item", lambda do: _noting(recovery, do))
    replace(dynamodb, "_remove_item", lambda do: _noting(recovery, do))
    replace(dynamodb, "_table_description", lambda do: _telling(dynamodb, do))
    replace(dynamodb, "_describe_continuous_backups", lambda do: _windowed(dynamodb, recovery, do))
    replace(dynamodb, "_update_continuous_backups", lambda do: _windowed(dynamodb, recovery, do))
    replace(dynamodb, "_restore_table_to_point_in_time", lambda _: _restoring(dynamodb, recovery))
    replace(dynamodb, "handle_request", lambda do: _guarded(dynamodb, recovery, do))


def _noting(recovery: TableRecovery, write: Callable[..., Any]) -> Callable[..., Any]:
    def written(table: Any, partition: Any, sort: Any, *item: Any) -> Any:
        recovery.before_write(table, partition, sort)
        return write(table, partition, sort, *item)

    return written


def _telling(dynamodb: Any, describe: Callable[..., Any]) -> Callable[..., Any]:
    def described(name: str) -> Any:
        told = describe(name)
        if summary := dynamodb._tables[name].get(SUMMARY):
            told[SUMMARY] = dict(summary)
        return told

    return described


def _windowed(
    dynamodb: Any, recovery: TableRecovery, describe: Callable[..., Answer]
) -> Callable[..., Answer]:
    def described(data: Mapping[str, Any]) -> Answer:
        status, headers, body = describe(data)
        table = dynamodb._tables.get(dynamodb._normalize_table_name(data.get("TableName")))
        window = recovery.window(table) if table else None
        if window is None:
            return status, headers, body
        told = json.loads(body)
        told["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"] |= {
            "EarliestRestorableDateTime": window[0],
            "LatestRestorableDateTime": window[1],
        }
        return status, headers, json.dumps(told).encode()

    return described


def _restoring(dynamodb: Any, recovery: TableRecovery) -> Callable[[Any], Answer]:
    from ministack.core.responses import error_response_json, json_response  # noqa: PLC0415

    def restore(data: Any) -> Answer:
        source_name = dynamodb._normalize_table_name(
            data.get("SourceTableName") or data.get("SourceTableArn") or ""
        )
        source, target = dynamodb._tables.get(source_name), str(data.get("TargetTableName") or "")
        window = recovery.window(source) if source else None
        refused = _refusal(data, source, window, target in dynamodb._tables)
        if refused or window is None:
            return error_response_json(*(refused or _OFF), 400)  # type: ignore[no-any-return]
        when = float(window[1] if data.get("UseLatestRestorableTime") else data["RestoreDateTime"])
        status, headers, body = dynamodb._create_table(_request(dynamodb, source, data))
        if status != 200:  # noqa: PLR2004
            return status, headers, body
        table = dynamodb._tables[target]
        wanted = dynamodb._sse_description_from_spec(data.get("SSESpecificationOverride"))
        table["SSEDescription"] = wanted or copy.deepcopy(source.get("SSEDescription"))
        table["items"] = recovery.content(source, when)
        dynamodb._items_replaced(table)
        recovery.begin(table, source, when)
        told = {"TableDescription": dynamodb._table_description(target)}
        return json_response(told)  # type: ignore[no-any-return]

    return restore


def _refusal(
    data: Mapping[str, Any], source: Any, window: tuple[float, float] | None, taken: bool
) -> tuple[str, str] | None:
    """Code and text; None: it may happen. The texts are guesses, the codes are the API's."""
    if source is None:
        return "TableNotFoundException", "Source table not found"
    if taken:
        return "TableAlreadyExistsException", f"Table already exists: {data['TargetTableName']}"
    if source["TableStatus"] != ACTIVE:
        return "TableInUseException", "The source table is being created or deleted"
    if window is None:
        return _OFF
    latest, when = bool(data.get("UseLatestRestorableTime")), data.get("RestoreDateTime")
    if latest == (when is not None):
        return "ValidationException", "One of UseLatestRestorableTime and RestoreDateTime is needed"
    if when is not None and not window[0] <= float(when) <= window[1]:
        return "InvalidRestoreTimeException", "The restore time is outside of the window"
    for parameter, kind in _INDEXES.items():
        own = {index["IndexName"] for index in source.get(kind) or ()}
        if not {index["IndexName"] for index in data.get(parameter) or ()} <= own:
            return "ValidationException", f"{parameter} names an index that the source has not"
    return None


def _request(dynamodb: Any, source: Any, data: Mapping[str, Any]) -> Any:
    billing = source.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED")
    return dynamodb._restore_create_request(
        data["TargetTableName"],
        source["KeySchema"],
        source["AttributeDefinitions"],
        data.get("BillingModeOverride") or billing,
        source.get("ProvisionedThroughput"),
        data,
        source.get("GlobalSecondaryIndexes"),
        source.get("LocalSecondaryIndexes"),
        [],
    )


def _guarded(
    dynamodb: Any, recovery: TableRecovery, handle: Callable[..., Awaitable[Answer]]
) -> Callable[..., Awaitable[Answer]]:
    """A restored table that is on its way or going: nobody uses it, and it takes its time."""
    from ministack.core.responses import error_response_json, json_response  # noqa: PLC0415

    async def handled(
        method: str, path: str, headers: Any, body: bytes, query_params: Any
    ) -> Answer:
        recovery.settle()
        operation = headers.get("x-amz-target", "").split(".")[-1]
        named = [dynamodb._tables.get(dynamodb._normalize_table_name(n)) for n in _named(body)]
        restored = [table for table in named if table and table.get(SUMMARY)]
        if operation == "DeleteTable" and restored:
            (table,) = restored
            if table["TableStatus"] == CREATING:
                text = f"Table is being created: {table['TableName']}"
                return error_response_json("ResourceInUseException", text, 400)  # type: ignore[no-any-return]
            recovery.end(table)
            told = {"TableDescription": dynamodb._table_description(table["TableName"])}
            return json_response(told)  # type: ignore[no-any-return]
        if operation in _OF_ITEMS and any(one["TableStatus"] != ACTIVE for one in restored):
            text = "Requested resource not found"
            return error_response_json("ResourceNotFoundException", text, 400)  # type: ignore[no-any-return]
        return await handle(method, path, headers, body, query_params)

    return handled


def _named(body: bytes) -> Iterator[str]:
    """The tables that a request names."""
    try:
        data = json.loads(body or b"{}")
    except ValueError:
        return
    if isinstance(data.get("TableName"), str):
        yield data["TableName"]
    items = data.get("RequestItems")
    yield from items if isinstance(items, dict) else ()
    for part in data.get("TransactItems") or ():
        yield from (one["TableName"] for one in part.values() if "TableName" in one)
