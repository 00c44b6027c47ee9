"""Puts it into the emulator: DynamoDB's operations, its writes, and CloudFormation's tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from local.gaps.multi_account_table import permissions, stored
from local.gaps.multi_account_table.creation import OK, Creation
from local.gaps.multi_account_table.group import Hindrance, Member
from local.gaps.multi_account_table.latency import published
from local.gaps.multi_account_table.operations import Operations
from local.gaps.multi_account_table.tables import MultiAccountTables, Write
from local.patching import replace, replace_handlers, require
from local.rights.enforcing import Rights

TYPE = "AWS::DynamoDB::GlobalTable"


def install(rights: Rights) -> MultiAccountTables:
    """After `global_table` and `time_to_live`, before the faults, which stand around the writes."""
    from ministack.services import dynamodb, kms  # noqa: PLC0415

    for name in ("_resource_policies", "_restore_create_request", "_items_replaced"):
        require(hasattr(dynamodb, name), f"DynamoDB's {name}")

    def hindrance(member: Member, members: tuple[Member, ...]) -> Hindrance | None:
        key = stored.key_of(dynamodb, member)
        return permissions.hindrance(rights, member, members, key)

    def apply(write: Write) -> None:
        stored.write_to_replica(dynamodb, write)
        published(write.home, write.to)

    tables = MultiAccountTables(hindrance, apply, partial(stored.mark, dynamodb))
    operations = Operations(dynamodb, tables, rights)
    replace(dynamodb, "_create_table", Creation(dynamodb, tables, rights))
    replace(dynamodb, "_update_table", operations.updating)
    replace(dynamodb, "_delete_table", operations.deleting)
    replace(dynamodb, "_update_ttl", operations.living)
    replace(dynamodb, "_table_description", operations.describing)
    for module, name in (
        (dynamodb, "_put_resource_policy"),
        (dynamodb, "_delete_resource_policy"),
        (kms, "_put_key_policy"),
    ):
        replace(module, name, operations.looking)
    replace(dynamodb, "_emit_stream_event", lambda emit: _stamping(dynamodb, tables, emit))
    replace(dynamodb, "_replicate_write", lambda write: _sending(dynamodb, tables, write))
    replace_handlers(
        TYPE,
        create=lambda create: _creating(dynamodb, create),
        update=lambda update: _updating(dynamodb, update),
        delete=lambda delete: _deleting(dynamodb, tables, delete),
    )
    return tables


def _stamping(dynamodb: Any, tables: MultiAccountTables, emit: Callable[..., Any]) -> Any:
    """Each write by somebody, when it happens: faults may let it arrive later."""

    def emitted(name: str, kind: str, before: Any, after: Any, replicate: bool = True) -> Any:
        table = dynamodb._tables.get(name)
        if not (replicate and table and table.get(stored.ACCOUNTS)):
            return emit(name, kind, before, after, replicate)
        item = stored.item_key(dynamodb, table, after or before or {})
        with tables.writing(stored.here(name), item):
            return emit(name, kind, before, after, replicate)

    return emitted


def _sending(dynamodb: Any, tables: MultiAccountTables, write: Callable[..., Any]) -> Any:
    def sent(table: Mapping[str, Any], kind: str, before: Any, after: Any) -> Any:
        if not table.get(stored.ACCOUNTS):
            return write(table, kind, before, after)
        home = stored.here(str(table["TableName"]))
        item = stored.item_key(dynamodb, dict(table), after or before or {})
        for region in table[stored.REGIONS]:
            if region != home.region:
                tables.send(home, region, item, (before, after))
        return None

    return sent


def _creating(dynamodb: Any, create: Callable[..., Any]) -> Callable[..., Any]:
    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        own = _own_replica(props)
        if props.get("GlobalTableSourceArn"):
            return _replica_made(dynamodb, props, own)
        name, attributes = create(logical_id, props, stack)
        table = dynamodb._tables[name]
        table[stored.STRONG] = props.get("MultiRegionConsistency") == "STRONG"
        table[stored.ENCRYPTION] = _encryption(props, own)
        _keep(dynamodb, name, own)
        return name, attributes

    return created


def _replica_made(dynamodb: Any, props: Mapping[str, Any], own: Mapping[str, Any]) -> Any:
    """By CreateTable, as CloudFormation does; the template names no keys and no indexes."""
    if props.get("MultiRegionConsistency") == "STRONG":
        raise ValueError(f"{TYPE}: MultiRegionConsistency STRONG has no replicas of other accounts")
    name = str(props["TableName"])
    request: dict[str, Any] = {
        "TableName": name,
        "GlobalTableSourceArn": props["GlobalTableSourceArn"],
        stored.MODE: own.get(stored.MODE),
        "SSESpecification": _sse(props, own),
        "DeletionProtectionEnabled": bool(own.get("DeletionProtectionEnabled", False)),
    }
    if policy := _policy(own):
        request["ResourcePolicy"] = policy
    status, _, body = dynamodb._create_table(request)
    if status != OK:
        raise ValueError(f"{TYPE} {name}: {json.loads(body)}")
    recovery = own.get("PointInTimeRecoverySpecification") or {}
    dynamodb._pitr_settings[name] = bool(recovery.get("PointInTimeRecoveryEnabled", False))
    table = dynamodb._tables[name]
    told = {"Arn": table["TableArn"], "StreamArn": table["LatestStreamArn"]}
    return name, {**told, "TableId": table["TableId"]}


def _updating(dynamodb: Any, update: Callable[..., Any]) -> Callable[..., Any]:
    def updated(name: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        result = update(name, old, new, *rest)
        if _own_replica(old) != _own_replica(new):
            _keep(dynamodb, name, _own_replica(new), before=_own_replica(old))
        return result

    return updated


def _deleting(
    dynamodb: Any, tables: MultiAccountTables, delete: Callable[..., Any]
) -> Callable[..., Any]:
    def deleted(name: str, props: dict[str, Any], *rest: Any) -> Any:
        result = delete(name, props, *rest)
        stored.forget_policy(dynamodb, stored.here(name))
        tables.leave(stored.here(name))
        return result

    return deleted


def _keep(
    dynamodb: Any, name: str, own: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> None:
    """What CloudFormation here forgets of a replica: the mode and the policy."""
    table = dynamodb._tables[name]
    if mode := own.get(stored.MODE):
        table[stored.MODE] = mode
    about = {"ResourceArn": table["TableArn"]}
    if policy := _policy(own):
        status, _, body = dynamodb._put_resource_policy({**about, "Policy": policy})
        if status != OK:
            raise ValueError(f"{TYPE} {name}: {body!r}")
    elif before and _policy(before):
        dynamodb._delete_resource_policy(about)


def _own_replica(props: Mapping[str, Any]) -> Mapping[str, Any]:
    from ministack.core.responses import get_region  # noqa: PLC0415

    region = get_region()
    return next((each for each in props.get("Replicas", ()) if each.get("Region") == region), {})


def _policy(own: Mapping[str, Any]) -> str:
    document = (own.get("ResourcePolicy") or {}).get("PolicyDocument")
    return document if isinstance(document, str) else json.dumps(document) if document else ""


def _sse(props: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """CreateTable's words for what the template says of table and replica."""
    on = bool((props.get("SSESpecification") or {}).get("SSEEnabled"))
    key = (own.get("SSESpecification") or {}).get("KMSMasterKeyId")
    told = {"Enabled": on, **({"SSEType": "KMS"} if on else {})}
    return {**told, **({"KMSMasterKeyId": key} if on and key else {})}


def _encryption(props: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    return stored.encryption_asked(_sse(props, own))
