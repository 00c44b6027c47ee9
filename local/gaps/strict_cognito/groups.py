"""Group names, and how many groups a user can be in."""

from __future__ import annotations

import unicodedata

from local.cognito_store import Pool
from local.gaps.strict_cognito.context import Context, invalid
from local.protocol import Reply

MAX_NAME, MAX_GROUPS_OF_USER = 128, 100
_ALLOWED = ("L", "M", "S", "N", "P")


def group_form(context: Context) -> Reply | None:
    """A group's name has 1 to 128 letters, marks, symbols, numbers or punctuation (CreateGroup)."""
    name = str(context.call.params.get("GroupName") or "")
    fits = len(name) <= MAX_NAME and all(unicodedata.category(c)[0] in _ALLOWED for c in name)
    if context.operation != "CreateGroup" or (name and fits):
        return None
    return invalid("1 validation error detected: Value at 'groupName' failed to satisfy constraint")


def group_count(context: Context) -> Reply | None:
    """A user is in at most 100 groups (developer guide, "Quotas in Amazon Cognito")."""
    if context.operation != "AdminAddUserToGroup" or context.user is None:
        return None
    held = _groups(context.pool, context.user.username)
    if context.call.params.get("GroupName") in held or len(held) < MAX_GROUPS_OF_USER:
        return None
    return Reply.refusal("LimitExceededException", "User is in the maximum number of groups.")


def _groups(pool: Pool, username: str) -> list[str]:
    return list(pool.raw["_users"][username].get("_groups") or ())
