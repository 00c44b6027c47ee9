"""Custom resource: gives API Gateway a role for its logs where it has none that works.

The role is one setting of the account in the Region, for all its REST APIs ("Set up CloudWatch API
logging", API Gateway developer guide). AWS::ApiGateway::Account would replace whatever is set. So a
role that is set and exists stays, and nothing is ever unset: not by an update, not by a roll-back,
not with the stack, because other APIs may log by it.
"""

from __future__ import annotations

import time
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError

from cognito_standby.core.adapters import clients
from tasks.custom_resource import respond

ATTEMPTS = 5
PAUSE_SECONDS = 21.0
"""A fresh role takes some seconds until API Gateway may assume it, and an account has one
UpdateAccount in 20 seconds ("Amazon API Gateway quotas", developer guide)."""

_NOT_NOW = ("BadRequestException", "TooManyRequestsException")
_PATIENCE = Config(retries={"mode": "standard", "total_max_attempts": 2})
"""The SDK's own retries are sooner than the quota allows."""


def handler(event: dict[str, Any], context: object) -> None:
    """Answer one request of CloudFormation; whatever goes wrong becomes a FAILED answer."""

    def work() -> dict[str, str]:
        if event["RequestType"] == "Delete":
            return {}
        ours = str(event["ResourceProperties"]["RoleArn"])
        # Half an answer would name no role, and the one that is there would be replaced.
        gateway = clients.of("apigateway", config=_PATIENCE)
        return {"RoleArn": settle(gateway, clients.of("iam"), ours)}

    trouble = "the role for API Gateway's logs was not settled"
    respond(event, context, "api-gateway-log-role", work, trouble=trouble)


def settle(gateway: Any, roles: Any, ours: str, pause: float = PAUSE_SECONDS) -> str:
    """The role that API Gateway logs by from now on: the one that is there, or else `ours`."""
    present = str(gateway.get_account().get("cloudwatchRoleArn") or "")
    if present and (present == ours or exists(roles, present)):
        return present
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": ours}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            gateway.update_account(patchOperations=[change])
        except ClientError as error:
            if error.response["Error"]["Code"] not in _NOT_NOW or attempt == ATTEMPTS:
                raise
            time.sleep(pause)
        else:
            break
    return ours


def exists(roles: Any, arn: str) -> bool:
    """Whether the role exists. A role that we may not ask about, such as another account's, counts
    as existing."""
    try:
        roles.get_role(RoleName=arn.rpartition("/")[2])
    except ClientError as error:
        return error.response["Error"]["Code"] != "NoSuchEntity"
    return True
