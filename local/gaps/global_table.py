"""Gap: CloudFormation drops the `Replicas` of an `AWS::DynamoDB::GlobalTable`.

AWS creates one replica per entry, each with its own stream, deletion protection and point-in-time
recovery (AWS CloudFormation user guide, `AWS::DynamoDB::GlobalTable`). The emulator creates the
table in the stack's Region alone, though its `UpdateTable ReplicaUpdates` works. Here the resource
handler creates the other replicas right after the table, and takes them away with it.

Limits: replication is immediate and ordered but for the fault `lag` (on AWS it takes up to a second
or so); MRSC behaves like MREC; changing the list of replicas by a stack update is refused;
per-replica settings other than deletion protection and point-in-time recovery are ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import replace_handlers, require

TYPE = "AWS::DynamoDB::GlobalTable"


def _other_regions(props: dict[str, Any], home: str) -> list[dict[str, Any]]:
    return [replica for replica in props.get("Replicas", []) if replica.get("Region") != home]


def _replica_settings(
    dynamodb: Any, scope: Any, account: str, name: str, spec: dict[str, Any]
) -> None:
    with scope(account, spec["Region"]):
        table = dynamodb._tables.get(name)
        table["DeletionProtectionEnabled"] = bool(spec.get("DeletionProtectionEnabled", False))
        recovery = spec.get("PointInTimeRecoverySpecification") or {}
        dynamodb._pitr_settings[name] = bool(recovery.get("PointInTimeRecoveryEnabled", False))


def _creating(create: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.core.responses import get_account_id, get_region, request_scope  # noqa: PLC0415
    from ministack.services import dynamodb  # noqa: PLC0415

    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        name, attributes = create(logical_id, props, stack)
        others = _other_regions(props, get_region())
        if others:
            updates = [{"Create": {"RegionName": replica["Region"]}} for replica in others]
            status, _, body = dynamodb._update_table({"TableName": name, "ReplicaUpdates": updates})
            if status != 200:  # noqa: PLR2004
                raise ValueError(f"{TYPE} {name}: its replicas were refused: {body!r}")
        for replica in props.get("Replicas", []):
            _replica_settings(dynamodb, request_scope, get_account_id(), name, replica)
        attributes["StreamArn"] = dynamodb._tables[name].get("LatestStreamArn", "")
        return name, attributes

    return created


def _updating(update: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.core.responses import get_account_id, request_scope  # noqa: PLC0415
    from ministack.services import dynamodb  # noqa: PLC0415

    def updated(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        if [r["Region"] for r in old["Replicas"]] != [r["Region"] for r in new["Replicas"]]:
            raise ValueError(f"{TYPE} {name}: the local AWS cannot change the list of replicas")
        result = update(name, old, new, *rest)
        for replica in new["Replicas"]:
            _replica_settings(dynamodb, request_scope, get_account_id(), name, replica)
        return result

    return updated


def _deleting(delete: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.core.responses import get_region  # noqa: PLC0415
    from ministack.services import dynamodb  # noqa: PLC0415

    def deleted(name: str, props: dict[str, Any], *rest: Any) -> None:
        removals = [
            {"Delete": {"RegionName": replica["Region"]}}
            for replica in _other_regions(props, get_region())
        ]
        if removals and dynamodb._tables.get(name) is not None:
            dynamodb._update_table({"TableName": name, "ReplicaUpdates": removals})
        delete(name, props, *rest)

    return deleted


def install() -> None:
    """Create and delete replicas with their table."""
    from ministack.services import dynamodb  # noqa: PLC0415

    require(hasattr(dynamodb, "_update_table"), "DynamoDB's UpdateTable handler")
    replace_handlers(TYPE, create=_creating, update=_updating, delete=_deleting)
