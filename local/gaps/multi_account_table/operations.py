"""The other operations of DynamoDB on tables with replicas in several accounts."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from local.gaps.multi_account_table import permissions, rules, stored
from local.gaps.multi_account_table.creation import OK, Answer, described, refused
from local.gaps.multi_account_table.group import Group, Member
from local.gaps.multi_account_table.tables import MultiAccountTables
from local.rights.enforcing import Rights

Operation = Callable[[dict[str, Any]], Answer]
_SHARED = {
    *("BillingMode", "ProvisionedThroughput", "OnDemandThroughput", "AttributeDefinitions"),
    *("GlobalSecondaryIndexUpdates", "StreamSpecification", "TimeToLiveSpecification"),
}
"""Settings that are one for all replicas (developer guide, "How DynamoDB global tables work",
multi-account; CDK API reference, GlobalTableSettingsReplicationMode)."""


class Operations:
    """Each stands around the emulator's own."""

    def __init__(self, dynamodb: Any, tables: MultiAccountTables, rights: Rights) -> None:
        self._dynamodb, self._tables, self._rights = dynamodb, tables, rights

    def updating(self, update: Operation) -> Operation:
        """UpdateTable: settings are one for all, and each account sees to its own replica."""

        def updated(asked: dict[str, Any]) -> Answer:
            name = self._dynamodb._normalize_table_name(asked.get("TableName"))
            table, replicas = self._dynamodb._tables.get(name), asked.get("ReplicaUpdates") or []
            if table is None:
                return update(asked)
            if disassociated := [each for each in replicas if "Disassociate" in each]:
                alone = len(replicas) == 1
                return self._part(name, table, disassociated[0]) if alone else refused(*rules.ALONE)
            own = {key: asked[key] for key in (stored.MODE, stored.PROTECTED) if key in asked}
            table.update(own)
            if asked.keys() <= {"TableName", *own}:
                return described(self._dynamodb, name)
            group = self._tables.group_of(stored.here(name))
            if group is None:
                return update(asked)
            if replicas:
                return refused(*rules.OF_REPLICAS)
            return self._for_all(update, stored.here(name), group, asked)

        return updated

    def living(self, update: Operation) -> Operation:
        """UpdateTimeToLive: for all replicas."""

        def updated(asked: dict[str, Any]) -> Answer:
            name = self._dynamodb._normalize_table_name(asked.get("TableName"))
            group = self._tables.group_of(stored.here(name))
            if group is None:
                return update(asked)
            return self._for_all(update, stored.here(name), group, asked)

        return updated

    def deleting(self, delete: Operation) -> Operation:
        """DeleteTable: of the own account's replica alone; the others stay."""

        def deleted(asked: dict[str, Any]) -> Answer:
            name = self._dynamodb._normalize_table_name(asked.get("TableName"))
            reply = delete(asked)
            if reply[0] == OK:
                stored.forget_policy(self._dynamodb, stored.here(name))
                self._tables.leave(stored.here(name))
            return reply

        return deleted

    def describing(self, describe: Callable[[str], Any]) -> Callable[[str], Any]:
        """DescribeTable: the other replicas, and what state each is in."""

        def told(name: str) -> Any:
            member = stored.here(name)
            group = self._tables.group_of(member)
            found, table = describe(name), self._dynamodb._tables[name]
            if table.get(stored.MODE):
                found[stored.MODE] = table[stored.MODE]
            if group is not None:
                found[stored.PROTECTED] = table.get(stored.PROTECTED, True)
                found["Replicas"] = [_replica(group, each) for each in group.others(member)]
                if lost := group.lost.get(member):
                    found["TableStatus"] = lost.why.value
            return found

        return told

    def looking(self, change: Operation) -> Operation:
        """Whatever changes a policy: what it means for replication counts at once."""

        def changed(asked: dict[str, Any]) -> Answer:
            self._tables.look()
            reply = change(asked)
            self._tables.look()
            return reply

        return changed

    def _for_all(
        self, update: Operation, member: Member, group: Group, asked: dict[str, Any]
    ) -> Answer:
        """What is one for all is changed for all; where a replica does not let settings in, no
        update of any replica happens (developer guide, "Updating a multi-account global table")."""
        from ministack.core.responses import request_scope  # noqa: PLC0415

        for each in group.members:
            if lacking := permissions.missing(self._rights, each, group.members):
                return refused(*rules.unauthorized(each, lacking))
        reply = update(asked)
        shared = {key: copy.deepcopy(asked[key]) for key in asked.keys() & _SHARED}
        if reply[0] != OK or not shared:
            return reply
        for each in group.others(member):
            with request_scope(each.account, each.region):
                theirs = update({"TableName": each.name, **shared})
            if theirs[0] != OK:
                return theirs
        return reply

    def _part(self, name: str, table: dict[str, Any], wanted: dict[str, Any]) -> Answer:
        """Disassociate: of two replicas, both are tables of their own then. Nothing is under way:
        replication is immediate, or the request waits for it (here it is refused)."""
        member = stored.here(name)
        group = self._tables.group_of(member)
        refusal = rules.disassociating(
            wanted["Disassociate"],
            member.region,
            protected=bool(table.get(stored.PROTECTED, True)),
            associated=group is not None or bool(table.get(stored.REGIONS)),
            able=group is None or not group.lost,
        )
        if refusal:
            return refused(*refusal)
        if group is not None:
            self._tables.leave(member)
        else:
            regions = [each for each in table[stored.REGIONS] if each != member.region]
            table[stored.REGIONS] = []
            self._dynamodb._set_replica_group(name, regions)
        table.pop(stored.MODE, None)
        return described(self._dynamodb, name)


def _replica(group: Group, member: Member) -> dict[str, Any]:
    told: dict[str, Any] = {
        "RegionName": member.region,
        "ReplicaStatus": "ACTIVE",
        "ReplicaArn": member.arn,
        stored.MODE: rules.ENABLED,
    }
    if lost := group.lost.get(member):
        told["ReplicaStatus"] = lost.why.value
        told["ReplicaInaccessibleDateTime"] = lost.since
    return told
