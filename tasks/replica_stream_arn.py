"""Custom resource: the ARN of the stream of a table's replica in this Region.

CloudFormation knows the stream of the Region that the table was declared in; a replica's own
stream has another ARN, which only DescribeTable in the replica's Region tells. The answer goes to
CloudFormation's ResponseURL.
"""

from __future__ import annotations

import re
import time
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.whole_answers import CutAnswerError
from tasks.custom_resource import respond

WAIT_SECONDS = 240
"""A new replica takes minutes; the function's own time limit is 300 s."""

PAUSE_SECONDS = 2.0


def handler(event: dict[str, Any], context: object) -> None:
    """Answer one request of CloudFormation; whatever goes wrong becomes a FAILED answer."""
    table = str(event.get("ResourceProperties", {}).get("TableName", ""))

    def work() -> dict[str, str]:
        if event["RequestType"] == "Delete":
            return {}
        arn = wait_for_stream(table, WAIT_SECONDS, PAUSE_SECONDS)
        return {"StreamArn": arn, "StreamLabel": label_of(arn)}

    physical_id = f"{table or 'unknown'}-replica-stream"
    respond(event, context, physical_id, work, trouble=f"no stream ARN for {table}")


def label_of(arn: str) -> str:
    """The digits of the moment at which the stream was made, which its ARN ends with; fit for a
    name."""
    return re.sub(r"\D", "", arn.rpartition("/")[2])


def wait_for_stream(table: str, seconds: float, pause: float) -> str:
    """LatestStreamArn of the table in this Region, once the table is ACTIVE.

    TimeoutError: it is not there, not active or has no stream within `seconds`.
    """
    client = clients.of("dynamodb")
    end = time.monotonic() + seconds
    state = "not found"
    while True:
        try:
            described = client.describe_table(TableName=table)["Table"]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException":
                raise
        except CutAnswerError:  # half an answer would say that there is no stream
            state = "an answer that was cut"
        else:
            state = described.get("TableStatus", "unknown")
            arn = described.get("LatestStreamArn")
            if state == "ACTIVE" and arn:
                return str(arn)
        if time.monotonic() >= end:
            raise TimeoutError(f"table {table} in {client.meta.region_name}: {state}, no stream")
        time.sleep(pause)
