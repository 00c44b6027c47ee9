"""The list of conflicts: items of the ledger table. Shape: docs/data.md.

`attention` puts them into the sparse index `by-attention`, one partition for each weight, so that
deletions are found first.
"""

from __future__ import annotations

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.items import Item, wire
from cognito_standby.core.adapters.ledger_table import LedgerItems
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.errors import InvalidRecordError, PlanStaleError
from cognito_standby.core.domain.ledger_keys import CONFLICT
from cognito_standby.core.domain.subjects import Subject


def listed_key(item_key: str) -> str:
    """The key of the subject that an item of the list is about."""
    return item_key.removeprefix(CONFLICT).partition("#")[2]


class ConflictItems(LedgerItems):
    """What is listed in one Region's ledger table."""

    def note_conflict(self, conflict: Conflict) -> None:
        """One consistent GetItem and one conditional UpdateItem; the GetItem alone if everything is
        listed already."""
        before = self._get(_key(conflict.subject, conflict.kind))
        known = dict(before.get("fields", {}))
        listed = conflict.after(known)
        if dict(listed.fields) == known:
            return
        unchanged = "#fields = :known" if known else "attribute_not_exists(#fields)"
        values = {":fields": dict(listed.fields), ":weight": listed.weight.value}
        values |= {":known": known} if known else {}
        noted = unless_refused(
            lambda: self._client.update_item(
                TableName=self._table,
                Key=wire({"subject": _key(conflict.subject, conflict.kind)}),
                UpdateExpression="SET #fields = :fields, attention = :weight",
                ConditionExpression=unchanged,
                ExpressionAttributeNames={"#fields": "fields"},  # a reserved word
                ExpressionAttributeValues=wire(values),
            )
        )
        if not noted:
            raise PlanStaleError("the list of conflicts moved")

    def conflicts_of(self, subject: Subject) -> tuple[Conflict, ...]:
        """A consistent GetItem for each kind."""
        items = ((kind, self._get(_key(subject, kind))) for kind in ConflictKind)
        return tuple(Conflict(subject, kind, dict(item["fields"])) for kind, item in items if item)

    def drop_conflict(self, conflict: Conflict) -> bool:
        """One conditional DeleteItem."""
        return unless_refused(
            lambda: self._client.delete_item(
                TableName=self._table,
                Key=wire({"subject": _key(conflict.subject, conflict.kind)}),
                ConditionExpression="#fields = :shown",
                ExpressionAttributeNames={"#fields": "fields"},  # a reserved word
                ExpressionAttributeValues=wire({":shown": dict(conflict.fields)}),
            )
        )

    def drop_conflicts(self, subject: Subject) -> None:
        """A DeleteItem for each kind; what is not there is no error."""
        for kind in ConflictKind:
            with translated():
                self._client.delete_item(
                    TableName=self._table, Key=wire({"subject": _key(subject, kind)})
                )


def conflict_of(item: Item) -> Conflict:
    """A conflict as its item says it. InvalidRecordError: it is not the documented shape."""
    try:
        kind, _, key = str(item["subject"]).removeprefix(CONFLICT).partition("#")
        fields = {str(name): str(value) for name, value in item["fields"].items()}
        return Conflict(Subject.from_key(key), ConflictKind(kind), fields)
    except (KeyError, ValueError, AttributeError):
        raise InvalidRecordError("an item of the list of conflicts has another shape") from None


def _key(subject: Subject, kind: ConflictKind) -> str:
    return f"{CONFLICT}{kind.value}#{subject.key}"
