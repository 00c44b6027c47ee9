"""Gap: ListUsersInGroup and ListGroups page by offset, and fail on a token that is none.

As in ListUsers, a page goes on after the one where the last ended, whoever left or came meanwhile;
a token belongs to its own request, and one that does not is an InvalidParameterException (Amazon
Cognito API reference). The emulator's token is an offset, which skips members when others leave,
is taken for any group, and ends in an internal error when it is no number.

Memberships end with the user, who may be made again under the same name. The emulator's group keeps
the name, so that it would list somebody who never joined, and twice whoever joined again.

Limits: members are ordered by `sub`, groups by name (AWS promises no order); tokens live for an
hour, which AWS says of ListUsers; pages are always full.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.cognito_rules import groups
from local.cognito_store import user_from
from local.gaps.user_listing import answering, page
from local.patching import replace, require


def install() -> None:
    """Replace the emulator's two listings; after `group_operations`."""
    from ministack.services import cognito  # noqa: PLC0415

    for name in ("_resolve_pool", "_user_out", "_group_out"):
        require(hasattr(cognito, name), f"cognito.{name} is gone")
    members, groups_of = answering(cognito, _members(cognito)), answering(cognito, _groups(cognito))
    replace(cognito, "_list_users_in_group", lambda _original: members)
    replace(cognito, "_list_groups", lambda _original: groups_of)


def _members(cognito: Any) -> Callable[..., dict[str, Any]]:
    def listed(pool: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        group = pool["_groups"].get(data.get("GroupName"))
        if group is None:
            raise groups.missing()
        named = dict.fromkeys(group.get("_members", []))
        members = [pool["_users"][name] for name in named if name in pool["_users"]]
        joined = [raw for raw in members if data["GroupName"] in raw.get("_groups", [])]
        found = [(user_from(raw).sub, raw) for raw in joined]
        users, more = page(data, "NextToken", found)
        return {"Users": [cognito._user_out(raw) for raw in users], **more}

    return listed


def _groups(cognito: Any) -> Callable[..., dict[str, Any]]:
    def listed(pool: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        found = [(group["GroupName"], group) for group in pool["_groups"].values()]
        shown, more = page(data, "NextToken", found)
        return {"Groups": [cognito._group_out(group) for group in shown], **more}

    return listed
