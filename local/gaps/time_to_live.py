"""Gap: CloudFormation drops a table's `TimeToLiveSpecification`.

AWS enables it with the table (AWS CloudFormation user guide, `AWS::DynamoDB::Table` and
`AWS::DynamoDB::GlobalTable`). The emulator knows UpdateTimeToLive and expires items, but its
CloudFormation does not call it.

Limits: the emulator looks for expired items every minute or so (AWS: within a few days), and an
expiry leaves no stream record (on AWS it leaves a REMOVE of the service).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import replace_handlers

TYPES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")


def install() -> None:
    """Call UpdateTimeToLive after a table was created or updated; after `global_table`."""
    from ministack.services import dynamodb  # noqa: PLC0415

    for name in TYPES:
        replace_handlers(
            name,
            create=lambda create: _creating(dynamodb, create),
            update=lambda update: _updating(dynamodb, update),
        )


def _creating(dynamodb: Any, create: Callable[..., Any]) -> Callable[..., Any]:
    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        result = create(logical_id, props, stack)
        _apply(dynamodb, result[0], props)
        return result

    return created


def _updating(dynamodb: Any, update: Callable[..., Any]) -> Callable[..., Any]:
    def updated(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        result = update(name, old, new, *rest)
        _apply(dynamodb, result[0], new)
        return result

    return updated


def _apply(dynamodb: Any, table: str, props: dict[str, Any]) -> None:
    specification = props.get("TimeToLiveSpecification")
    if not specification:
        return
    request = {
        "TableName": table,
        "TimeToLiveSpecification": {
            "AttributeName": specification.get("AttributeName", ""),
            "Enabled": bool(specification.get("Enabled")),
        },
    }
    status, _, body = dynamodb._update_ttl(request)
    if status != 200:  # noqa: PLR2004
        raise ValueError(f"{table}: UpdateTimeToLive was refused: {body!r}")
