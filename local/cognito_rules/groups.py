"""Groups: their form, their numbers, what an update leaves."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from local.cognito_rules.names import check_form
from local.cognito_rules.refusals import CognitoError, constraint

MAX_DESCRIPTION_LENGTH = 2048
"""API: DescriptionType."""
MAX_GROUPS_OF_USER = 100
"""Guide, "Quotas in Amazon Cognito"."""
MAX_GROUPS_OF_POOL = 10_000
"""Guide, "Quotas in Amazon Cognito"."""
_SETTABLE = ("Description", "RoleArn", "Precedence")


def check_group(name: str, description: str, precedence: int | None) -> None:
    """API, GroupNameType, DescriptionType, PrecedenceType."""
    check_form(name, "groupName")
    if len(description) > MAX_DESCRIPTION_LENGTH:
        raise constraint("description", "have length less than or equal to 2048")
    if precedence is not None and precedence < 0:
        raise constraint("precedence", "have value greater than or equal to 0")


def check_new(name: str, groups: Collection[str]) -> None:
    """One group a name (API, CreateGroup), and so many a pool."""
    if name in groups:
        raise CognitoError("GroupExistsException", "A group with the name already exists.")
    if len(groups) >= MAX_GROUPS_OF_POOL:
        raise CognitoError("LimitExceededException", "The pool has the maximum number of groups.")


def check_membership(name: str, groups: Collection[str]) -> None:
    """So many groups a user. The guide's quota has no documented error."""
    if name not in groups and len(groups) >= MAX_GROUPS_OF_USER:
        raise CognitoError("LimitExceededException", "User is in the maximum number of groups.")


def updated(former: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """UpdateGroup "updates any of the properties": what is not sent stays, so that a precedence
    can be set but never unset."""
    return {**former, **{name: sent[name] for name in _SETTABLE if name in sent}}


def missing() -> CognitoError:
    """Any operation on a group that is not there."""
    return CognitoError("ResourceNotFoundException", "Group not found.")
