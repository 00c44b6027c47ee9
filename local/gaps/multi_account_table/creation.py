"""CreateTable: a table that may be joined, and a replica of another account's."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from local.gaps.multi_account_table import permissions, rules, stored
from local.gaps.multi_account_table.group import Member
from local.gaps.multi_account_table.tables import MultiAccountTables
from local.rights.enforcing import Rights

Answer = tuple[int, dict[str, str], Any]
Create = Callable[[dict[str, Any]], Answer]
OK = 200
_OWN = ("DeletionProtectionEnabled", "SSESpecification", "TableClass", "Tags")
"""Settings that are never replicated."""


class Creation:
    """Stands around the emulator's own."""

    def __init__(self, dynamodb: Any, tables: MultiAccountTables, rights: Rights) -> None:
        self._dynamodb, self._tables, self._rights = dynamodb, tables, rights

    def __call__(self, create: Create) -> Create:
        """The operation."""

        def created(asked: dict[str, Any]) -> Answer:
            name = str(asked.get("TableName"))
            if not asked.get("GlobalTableSourceArn"):
                reply = create(asked)
                return self._kept(name, asked, reply) if reply[0] == OK else reply
            if name in self._dynamodb._tables:
                return refused("ResourceInUseException", f"Table already exists: {name}")
            replica, source = stored.here(name), self._source(asked)
            refusal = rules.joining(asked, replica, source)
            if refusal or source is None:
                return refused(*(refusal or rules.GONE))
            if refusal := self._unlet(asked, replica, source):
                return refused(*refusal)
            reply = create(self._like(source.member, asked))
            if reply[0] == OK:
                reply = self._kept(name, asked, reply)
            return self._joined(replica, source.member) if reply[0] == OK else reply

        return created

    def _source(self, asked: Mapping[str, Any]) -> rules.Source | None:
        member = Member.of(str(asked["GlobalTableSourceArn"]))
        table = stored.table_of(self._dynamodb, member) if member else None
        if member is None or table is None:
            return None
        group = self._tables.group_of(member)
        return rules.Source(
            member=member,
            replicates_settings=table.get(stored.MODE) == rules.ENABLED,
            of_one_account=group is None and bool(table.get(stored.REGIONS)),
            strong=bool(table.get(stored.STRONG)),
            managed_key=stored.MANAGED
            in (
                stored.encryption_of(table),
                stored.encryption_asked(asked.get("SSESpecification")),
            ),
            group=group,
        )

    def _unlet(
        self, asked: Mapping[str, Any], replica: Member, source: rules.Source
    ) -> rules.Refusal | None:
        """A policy that is missing: of a member, for the account; of each, for the service."""
        rights = self._rights
        present = source.group.members if source.group else (source.member,)
        members = (*present, replica)
        for member in present:
            if not permissions.may_join(rights, member, replica.account):
                return rules.unlet(replica, member)
        for member in present:
            key = stored.key_of(self._dynamodb, member)
            lacking = permissions.missing(rights, member, members)
            if lacking := lacking or permissions.missing_on_key(rights, key, members):
                return rules.unauthorized(member, lacking)
        key = stored.encryption_asked(asked.get("SSESpecification"))
        lacking = permissions.missing(rights, replica, members, asked.get("ResourcePolicy"))
        lacking = lacking or permissions.missing_on_key(rights, key, members)
        return rules.unauthorized(replica, lacking) if lacking else None

    def _kept(self, name: str, asked: Mapping[str, Any], reply: Answer) -> Answer:
        """What the emulator drops: the mode, and the policy. A policy that is refused leaves no
        table."""
        table = self._dynamodb._tables[name]
        if asked.get(stored.MODE):
            table[stored.MODE] = asked[stored.MODE]
        if policy := asked.get("ResourcePolicy"):
            request = {"ResourceArn": table["TableArn"], "Policy": policy}
            put: Answer = self._dynamodb._put_resource_policy(request)
            if put[0] != OK:
                self._dynamodb._tables.pop(name)
                return put
        return reply if not asked.get(stored.MODE) else described(self._dynamodb, name)

    def _like(self, source: Member, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A request for a table with the source's settings."""
        table = stored.table_of(self._dynamodb, source) or {}
        request: dict[str, Any] = self._dynamodb._restore_create_request(
            asked["TableName"],
            table["KeySchema"],
            table["AttributeDefinitions"],
            (table.get("BillingModeSummary") or {}).get("BillingMode", "PROVISIONED"),
            table.get("ProvisionedThroughput"),
            {},
            table.get("GlobalSecondaryIndexes"),
            table.get("LocalSecondaryIndexes"),
            [],
        )
        request |= {name: asked[name] for name in _OWN if name in asked}
        return {**request, "StreamSpecification": self._streams(source, table)}

    def _streams(self, source: Member, table: Mapping[str, Any]) -> Any:
        """Replication goes by streams: they are turned on where they are off."""
        from ministack.core.responses import request_scope  # noqa: PLC0415

        if not (table.get("StreamSpecification") or {}).get("StreamEnabled"):
            on = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
            with request_scope(source.account, source.region):
                request = {"TableName": source.name, "StreamSpecification": on}
                self._dynamodb._update_table(request)
        return copy.deepcopy(table["StreamSpecification"])

    def _joined(self, replica: Member, source: Member) -> Answer:
        table = self._dynamodb._tables[replica.name]
        theirs = stored.table_of(self._dynamodb, source) or {}
        table["items"] = defaultdict(dict, copy.deepcopy(dict(theirs["items"])))
        self._dynamodb._items_replaced(table)
        lives = self._dynamodb._ttl_settings
        if life := lives.get_scoped(source.account, source.region, source.name):
            lives[replica.name] = copy.deepcopy(life)
        self._tables.join(source, replica)
        return described(self._dynamodb, replica.name)


def refused(code: str, text: str) -> Answer:
    """An error of DynamoDB."""
    from ministack.core.responses import error_response_json  # noqa: PLC0415

    return error_response_json(code, text, 400)  # type: ignore[no-any-return]


def described(dynamodb: Any, name: str) -> Answer:
    """A table as it is now, as CreateTable and UpdateTable answer."""
    from ministack.core.responses import json_response  # noqa: PLC0415

    told = {"TableDescription": dynamodb._table_description(name)}
    return json_response(told)  # type: ignore[no-any-return]
