"""What requests about API Gateway's setting of the account need, and about the role in it.

Sources: service authorization reference, "Amazon API Gateway Management" (actions are HTTP's
methods, the account is one resource without an id) and "AWS IAM"; API Gateway developer guide,
"Set up CloudWatch API logging" (to set the role is to pass it).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.rights.model import Access, UnknownToJudgeError, context_of
from local.rights.needs.settings import on_users
from local.rights.surroundings import Place

Parameters = Mapping[str, Any]


def on_gateways(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """The account's setting alone."""
    setting = f"arn:aws:apigateway:{place.region}::/account"
    if operation == "GetAccount":
        return (Access("apigateway:GET", setting),)
    if operation == "UpdateAccount":
        to = context_of({"iam:PassedToService": "apigateway.amazonaws.com"})
        changes = parameters.get("patchOperations", ())
        roles = [one["value"] for one in changes if one["path"] == "/cloudwatchRoleArn"]
        passed = tuple(Access("iam:PassRole", role, to) for role in roles)
        return (Access("apigateway:PATCH", setting), *passed)
    raise UnknownToJudgeError(f"the operation apigateway {operation}")


def on_iam(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """A role by its name; the path, which the name does not tell, is taken for none."""
    if operation == "GetRole":
        role = f"arn:aws:iam::{place.account}:role/{parameters['RoleName']}"
        return (Access("iam:GetRole", role),)
    return on_users(operation, parameters, place)
