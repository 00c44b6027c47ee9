"""Every record of this Region's replica, for its epoch and revision."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.adapters.items import plain
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.recovery.domain.standing import Tally
from cognito_standby.recovery.ports import SurveyPage
from cognito_standby.replication.adapters.scan_tokens import start_at, token_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoRecordSurvey:
    """RecordSurvey by a strongly consistent Scan of the table.

    The index by shard would be smaller, but cannot be read consistently: what it does not show yet
    would count as not written. A page is 1 MB, so half a million people with a record of 1.5 KB are
    750 pages for each Region that wrote one, and 0.06 USD.
    """

    def __init__(self, client: DynamoDBClient, table_name: str) -> None:
        self._client, self._table = client, table_name

    def page(self, after: str) -> SurveyPage:
        """One Scan. Claims, addresses and names have no revision."""
        start = start_at(after, "survey")
        with translated():
            answer: Any = self._client.scan(
                TableName=self._table,
                ConsistentRead=True,
                FilterExpression="attribute_exists(revision) AND attribute_not_exists(retired)",
                ProjectionExpression="#region, revision, epoch",
                ExpressionAttributeNames={"#region": "region"},
                **start,
            )
        records, revisions = Counter[str](), Counter[str]()
        highest: Epoch | None = None
        for item in map(plain, answer["Items"]):
            region, epoch = str(item["region"]), Epoch(int(item["epoch"]), str(item["region"]))
            records[region] += 1
            revisions[region] += int(item["revision"])
            highest = epoch if highest is None else max(highest, epoch)
        tallies = {region: Tally(records[region], revisions[region]) for region in records}
        return SurveyPage(tallies, highest, token_of(answer))
