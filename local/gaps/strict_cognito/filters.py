"""What ListUsers can be asked."""

from __future__ import annotations

from local.gaps.strict_cognito.context import Context, invalid
from local.gaps.user_listing import FORM
from local.protocol import Reply

_SEARCHABLE = {"username", "email", "phone_number", "name", "given_name", "family_name"}
_SEARCHABLE |= {"preferred_username", "cognito:user_status", "status", "sub"}
MAX_LIMIT = 60


def listing(context: Context) -> Reply | None:
    """One searchable attribute, `=` or `^=`, a quoted value; at most 60 users a page.

    API reference, ListUsers (Filter, Limit, AttributesToGet) and developer guide, "Searching for
    users": custom attributes are not searchable, and an attribute asked for has to exist.
    """
    if context.operation != "ListUsers":
        return None
    params = context.call.params
    limit = params.get("Limit")
    if limit is not None and not 0 <= int(limit) <= MAX_LIMIT:
        return invalid(
            f"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy "
            "constraint: Member must have value less than or equal to 60"
        )
    for name in params.get("AttributesToGet") or ():
        if name not in context.pool.schema:
            return invalid("One or more requested attributes do not exist.")
    given = str(params.get("Filter") or "")
    if not given.strip():
        return None
    match = FORM.fullmatch(given)
    if match is None:
        return invalid("Error while parsing filter")
    if match.group(1) not in _SEARCHABLE:
        return invalid(f"Invalid search attribute: {match.group(1)}")
    return None
