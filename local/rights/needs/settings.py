"""What requests about settings around a user pool need: trails, quotas, mail, users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.rights.model import Access, UnknownToJudgeError
from local.rights.surroundings import Place

Parameters = Mapping[str, Any]


def on_trails(operation: str, parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """A trail by its ARN."""
    if operation == "DescribeTrails":
        return (Access("cloudtrail:DescribeTrails", "*"),)
    trail = parameters.get("Name") or parameters.get("TrailName")
    if operation in ("GetTrailStatus", "GetEventSelectors") and str(trail).startswith("arn:"):
        return (Access(f"cloudtrail:{operation}", str(trail)),)
    raise UnknownToJudgeError(f"the operation cloudtrail {operation}")


def on_identity_pools(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """An identity pool by its id."""
    if operation == "ListIdentityPools":
        return (Access("cognito-identity:ListIdentityPools", "*"),)
    if operation == "DescribeIdentityPool":
        of = place.arn("cognito-identity", f"identitypool/{parameters['IdentityPoolId']}")
        return (Access("cognito-identity:DescribeIdentityPool", of),)
    raise UnknownToJudgeError(f"the operation cognito-identity {operation}")


def on_quotas(operation: str, _parameters: Parameters, _: Place) -> tuple[Access, ...]:
    """A listing knows no resource."""
    if operation == "ListServiceQuotas":
        return (Access("servicequotas:ListServiceQuotas", "*"),)
    raise UnknownToJudgeError(f"the operation service-quotas {operation}")


def on_mail(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """Version 2 of SES, whose rights are called as those of version 1."""
    if operation == "GetAccount":
        return (Access("ses:GetAccount", "*"),)
    if operation == "GetEmailIdentity":
        identity = place.arn("ses", f"identity/{parameters['EmailIdentity']}")
        return (Access("ses:GetEmailIdentity", identity),)
    raise UnknownToJudgeError(f"the operation sesv2 {operation}")


def on_users(operation: str, parameters: Parameters, place: Place) -> tuple[Access, ...]:
    """An IAM user by the name, whose path is taken for none, or by the ARN."""
    if operation == "ListAccessKeys":
        user = f"arn:aws:iam::{place.account}:user/{parameters['UserName']}"
        return (Access("iam:ListAccessKeys", user),)
    if operation == "SimulatePrincipalPolicy":
        return (Access("iam:SimulatePrincipalPolicy", parameters["PolicySourceArn"]),)
    raise UnknownToJudgeError(f"the operation iam {operation}")
