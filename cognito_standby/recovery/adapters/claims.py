"""The partition `#claim` of the records table. Shape of the items: docs/data.md."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import unless_refused
from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import Item, claim_from, wire
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.roles import STOOD_DOWN
from cognito_standby.core.domain.subjects import CLAIM_KEY
from cognito_standby.recovery.domain.standing import ClaimItem, Standing, Tally
from cognito_standby.recovery.domain.surveys import tally_to

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3


class DynamoClaimItems:
    """ClaimItems on this Region's replica of the global table."""

    def __init__(
        self, client: DynamoDBClient, table_name: str, region: str, installation: Installation
    ) -> None:
        self._client, self._table = client, table_name
        self._region, self._installation = region, installation

    def standing(self) -> Standing:
        """One BatchGetItem."""
        other = self._installation.other(self._region)
        keys = [{"origin_sub": CLAIM_KEY, "region": region} for region in (self._region, other)]
        items = batch_get(self._client, self._table, keys, attempts=_ATTEMPTS)
        found = {item["region"]: claim_item_from(item) for item in items}
        return Standing(self._region, self._installation, found.get(self._region), found.get(other))

    def put(self, item: ClaimItem, instead_of: ClaimItem | None) -> bool:
        """One conditional PutItem, on all that could have been written since the look."""
        told = {"origin_sub": CLAIM_KEY, "region": self._region, **_fields(item)}
        condition, values = _same(instead_of)
        extra = {"ExpressionAttributeValues": wire(values)} if values else {}
        return unless_refused(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=wire(told),
                ConditionExpression=condition,
                **extra,  # type: ignore[arg-type]
            )
        )


def claim_item_from(item: Item) -> ClaimItem:
    """An item as read. InvalidRecordError: it has not the documented shape."""
    number = claim_from(item)
    stood_down, execution = item.get(STOOD_DOWN, ""), item.get("execution", "")
    drained = item.get("drained")
    if not isinstance(stood_down, str) or not isinstance(execution, str):
        raise InvalidRecordError("a claim in the table does not have the documented shape")
    return ClaimItem(number, stood_down, None if drained is None else _tally(drained), execution)


def _tally(value: object) -> Tally:
    if not isinstance(value, dict) or not all(
        isinstance(value.get(name), int | Decimal) for name in ("records", "revisions")
    ):
        raise InvalidRecordError("a tally in the table does not have the documented shape")
    return Tally(int(value["records"]), int(value["revisions"]))


def _fields(item: ClaimItem) -> Item:
    """What is not said is left out: an item without a mark is that of the release before."""
    told = {
        STOOD_DOWN: item.stood_down,
        "drained": tally_to(item.drained),
        "execution": item.execution,
    }
    return {"epoch": item.number} | {name: value for name, value in told.items() if value}


def _same(item: ClaimItem | None) -> tuple[str, Item]:
    """The condition that nothing of this has changed; None: that there is still no item."""
    if item is None:
        return "attribute_not_exists(epoch)", {}
    fields = _fields(item)
    missing = sorted({STOOD_DOWN, "drained", "execution"} - set(fields))
    same = [f"{name} = :{name}" for name in fields]
    return (
        " AND ".join([*same, *(f"attribute_not_exists({name})" for name in missing)]),
        {f":{name}": value for name, value in fields.items()},
    )
