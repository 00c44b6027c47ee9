"""What the emulator keeps of tables, and what of several accounts is kept beside it."""

from __future__ import annotations

import copy
import logging
from typing import Any

from local.gaps.multi_account_table.group import Member
from local.gaps.multi_account_table.tables import Write

logger = logging.getLogger(__name__)
MODE = "GlobalTableSettingsReplicationMode"
PROTECTED = "DisassociationProtectionEnabled"
ENCRYPTION = "_encryption"
"""How CloudFormation was told to encrypt a table: "" by DynamoDB's own key, MANAGED, or a key."""
STRONG = "_strong"
REGIONS, ACCOUNTS = "_global_regions", "_accounts"
"""The emulator's own mark of a global table; and whose the replica in each Region is."""
MANAGED = "alias/aws/dynamodb"


def here(name: str) -> Member:
    """A table of the account and the Region of the request."""
    from ministack.core.responses import get_account_id, get_region  # noqa: PLC0415

    return Member(get_account_id(), get_region(), name)


def table_of(dynamodb: Any, member: Member) -> dict[str, Any] | None:
    """The emulator's own record of a table; None: it is not there."""
    found: dict[str, Any] | None = dynamodb._tables.get_scoped(
        member.account, member.region, member.name
    )
    return found


def encryption_of(table: dict[str, Any]) -> str:
    """As for ENCRYPTION."""
    if ENCRYPTION in table:
        return str(table[ENCRYPTION])
    key = str((table.get("SSEDescription") or {}).get("KMSMasterKeyArn") or "")
    return MANAGED if MANAGED in key else key


def encryption_asked(specification: Any) -> str:
    """The same of a request's `SSESpecification`."""
    told = specification or {}
    on = told.get("Enabled", told.get("SSEEnabled", False))
    key = str(told.get("KMSMasterKeyId") or MANAGED)
    return "" if not on else MANAGED if MANAGED in key else key


def key_of(dynamodb: Any, member: Member) -> str:
    """The customer's key of a table; "" where it has none."""
    key = encryption_of(table_of(dynamodb, member) or {})
    return "" if key == MANAGED else key


def forget_policy(dynamodb: Any, member: Member) -> None:
    """A table's policy goes with the table."""
    place = (member.account, member.region)
    dynamodb._resource_policies.pop_scoped(*place, member.arn, None)


def mark(dynamodb: Any, members: tuple[Member, ...]) -> None:
    """Replicas of each other from now on; of one member: none any more."""
    for member in members:
        table = table_of(dynamodb, member)
        if table is None:
            continue
        several = len(members) > 1
        table[REGIONS] = sorted(each.region for each in members) if several else []
        table[ACCOUNTS] = {each.region: each.account for each in members} if several else {}


def item_key(dynamodb: Any, table: dict[str, Any], item: dict[str, Any]) -> tuple[str, ...]:
    """As the emulator keeps it: partition and sort."""
    partition = str(dynamodb._extract_key_val(item.get(table["pk_name"])))
    sort = table["sk_name"]
    return partition, str(dynamodb._extract_key_val(item.get(sort))) if sort else "__no_sort__"


def write_to_replica(dynamodb: Any, write: Write) -> None:
    """With a record in the replica's own stream, as for whoever writes there; not sent on."""
    from ministack.core.responses import request_scope  # noqa: PLC0415

    with request_scope(write.to.account, write.to.region):
        table = dynamodb._tables.get(write.to.name)
        if table is None:
            logger.warning("replication: %s is gone", write.to.arn)
            return
        before = table["items"].get(write.item[0], {}).get(write.item[1])
        if write.after is None:
            dynamodb._remove_item(table, *write.item)
            if before is not None:
                dynamodb._emit_stream_event(write.to.name, "REMOVE", before, None, False)
            return
        after = copy.deepcopy(write.after)
        dynamodb._set_item(table, *write.item, after)
        kind = "MODIFY" if before else "INSERT"
        dynamodb._emit_stream_event(write.to.name, kind, before, copy.deepcopy(after), False)
