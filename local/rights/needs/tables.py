"""What requests to DynamoDB need.

Developer guide, "Using IAM policy conditions for fine-grained access control" (the leading key is
the partition key's value; the keys of a batch are told together, table by table), and "Using IAM
with DynamoDB transactions" (a transaction needs the actions of its parts); "Using IAM with DynamoDB
backup and restore" (a restore needs its own action on the source, and read and write permissions on
the target, which the examples and the service authorization reference name one by one).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from typing import Any

from local.rights.model import Access, UnknownToJudgeError, context_of
from local.rights.surroundings import Place

Parameters = Mapping[str, Any]

_BY_KEY = {"GetItem", "UpdateItem", "DeleteItem"}
_PARTS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
    "Get": "GetItem",
}
"""Of a transaction -> the action it needs."""
_TOLD = {
    "ReturnValues": "dynamodb:ReturnValues",
    "ReturnConsumedCapacity": "dynamodb:ReturnConsumedCapacity",
    "Select": "dynamodb:Select",
}
"""Parameter -> condition key."""
_WHOLE = {
    *("DescribeTable", "DescribeTimeToLive", "DescribeContinuousBackups"),
    *("UpdateTable", "UpdateTimeToLive", "DeleteTable", "CreateTable"),
}
RESTORED = (
    *("BatchWriteItem", "DeleteItem", "GetItem", "PutItem"),
    *("Query", "Scan", "UpdateItem"),
)
"""What DynamoDB does on a table that it restores, in the caller's name."""
_EQUALS = re.compile(r"([#\w.-]+)\s*=\s*(:\w+)")


def on_tables(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """One access for an item or a search, one a table for a batch, one a part for a transaction."""
    if operation == "PutItem" or operation in _BY_KEY:
        return (_item(operation, parameters, place),)
    if operation in ("TransactWriteItems", "TransactGetItems"):
        return _transaction(operation, parameters, place)
    if operation in ("BatchGetItem", "BatchWriteItem"):
        return tuple(
            _batch(operation, table, asked, place)
            for table, asked in parameters["RequestItems"].items()
        )
    if operation in ("Query", "Scan"):
        return (_search(operation, parameters, place),)
    if operation == "CreateTable" and (source := parameters.get("GlobalTableSourceArn")):
        own = Access("dynamodb:CreateTable", _table(parameters["TableName"], place))
        return (own, Access("dynamodb:AssociateTableReplica", source))
    if operation in _WHOLE:
        return (Access(f"dynamodb:{operation}", _table(parameters["TableName"], place)),)
    if operation == "RestoreTableToPointInTime":
        return _restore(parameters, place)
    if operation == "ListTables":
        return (Access("dynamodb:ListTables", "*"),)
    raise UnknownToJudgeError(f"the operation dynamodb {operation}")


def on_streams(operation: str, parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """GetRecords names no stream; a shard iterator begins with its ARN (API reference)."""
    if operation == "ListStreams":
        return (Access("dynamodb:ListStreams", "*"),)
    if operation in ("DescribeStream", "GetShardIterator"):
        return (Access(f"dynamodb:{operation}", parameters["StreamArn"]),)
    if operation == "GetRecords":
        return (Access("dynamodb:GetRecords", parameters["ShardIterator"].split("|")[0]),)
    raise UnknownToJudgeError(f"the operation dynamodbstreams {operation}")


def _restore(parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """Of the items that are written nothing is told: a right on certain keys does not help."""
    source = _table(parameters.get("SourceTableArn") or parameters["SourceTableName"], place)
    target = _table(parameters["TargetTableName"], place)
    restore = Access("dynamodb:RestoreTableToPointInTime", source)
    return (restore, *(Access(f"dynamodb:{action}", target) for action in RESTORED))


def _table(name: str, place: Place) -> str:
    return name if name.startswith("arn:") else place.arn("dynamodb", f"table/{name}")


def _item(action: str, part: Parameters, place: Place, enclosing: str = "") -> Access:
    table = _table(part["TableName"], place)
    item = part["Item"] if "Item" in part else part["Key"]
    told = {key: part[name] for name, key in _TOLD.items() if name in part}
    if enclosing and action != "ConditionCheckItem":
        told["dynamodb:EnclosingOperation"] = enclosing
    keys = _leading_keys((item,), place.partition_key(table))
    return Access(f"dynamodb:{action}", table, context_of(told, keys))


def _leading_keys(items: Iterable[Any], attribute: str) -> dict[str, tuple[str, ...]]:
    """Nothing is known of the items of a table that is not there."""
    if not attribute:
        return {}
    return {"dynamodb:LeadingKeys": tuple(dict.fromkeys(_text(one[attribute]) for one in items))}


def _transaction(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    return tuple(
        _item(_PARTS[kind], part, place, operation)
        for one in parameters["TransactItems"]
        for kind, part in one.items()
    )


def _batch(operation: str, name: str, asked: Any, place: Place) -> Access:
    table = _table(name, place)
    items = asked["Keys"] if operation == "BatchGetItem" else list(_written(asked))
    keys = _leading_keys(items, place.partition_key(table))
    return Access(f"dynamodb:{operation}", table, context_of(keys))


def _written(asked: Iterable[Any]) -> Iterable[Any]:
    for one in asked:
        yield one["PutRequest"]["Item"] if "PutRequest" in one else one["DeleteRequest"]["Key"]


def _search(operation: str, parameters: Parameters, place: Place) -> Access:
    resource = _table(parameters["TableName"], place)
    if index := parameters.get("IndexName"):
        resource = f"{resource}/index/{index}"
    told = {key: parameters[name] for name, key in _TOLD.items() if name in parameters}
    if operation == "Query" and (attribute := place.partition_key(resource)):
        told["dynamodb:LeadingKeys"] = _searched(parameters, attribute)
    return Access(f"dynamodb:{operation}", resource, context_of(told))


def _searched(parameters: Parameters, attribute: str) -> str:
    names = parameters.get("ExpressionAttributeNames", {})
    for name, value in _EQUALS.findall(parameters.get("KeyConditionExpression", "")):
        if names.get(name, name) == attribute:
            return _text(parameters["ExpressionAttributeValues"][value])
    raise UnknownToJudgeError("a Query whose partition key is not in its expression")


def _text(value: Any) -> str:
    """A key's value as policies write it."""
    ((kind, text),) = value.items()
    return base64.b64encode(text).decode() if kind == "B" and isinstance(text, bytes) else str(text)
