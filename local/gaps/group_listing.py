"""Gap: ListUsersInGroup and ListGroups page by offset, and fail on a token that is none.

As in ListUsers, a page goes on after the one where the last ended, whoever left or came meanwhile;
a token belongs to its own request, and one that does not is an InvalidParameterException (Amazon
Cognito API reference). The emulator's token is an offset, which skips members when others leave,
is taken for any group, and ends in an internal error when it is no number.

Limits: members are ordered by `sub`, groups by name (AWS promises no order); tokens live for an
hour, which AWS says of ListUsers; pages are always full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from local.gaps.user_listing import digest_of, position_of, token_after
from local.patching import replace, require

_PAGE = 60


def install() -> None:
    """Replace the emulator's two listings; after `group_operations`."""
    from ministack.services import cognito  # noqa: PLC0415

    for name in ("_resolve_pool", "_user_out", "_group_out", "_attr_list_to_dict"):
        require(hasattr(cognito, name), f"cognito.{name} is gone")
    replace(cognito, "_list_users_in_group", lambda _original: _members(cognito))
    replace(cognito, "_list_groups", lambda _original: _groups(cognito))


def _members(cognito: Any) -> Callable[[dict[str, Any]], Any]:
    def listed(data: dict[str, Any]) -> Any:
        pool, error = cognito._resolve_pool(data.get("UserPoolId"))
        if error:
            return error
        group = pool["_groups"].get(data.get("GroupName"))
        if group is None:
            return cognito.error_response_json("ResourceNotFoundException", "Group not found.", 400)
        users = [pool["_users"][n] for n in group.get("_members", []) if n in pool["_users"]]
        found = [(cognito._attr_list_to_dict(user["Attributes"])["sub"], user) for user in users]
        request = digest_of(data, "GroupName")
        return _page(cognito, data, request, "Users", found, cognito._user_out)

    return listed


def _groups(cognito: Any) -> Callable[[dict[str, Any]], Any]:
    def listed(data: dict[str, Any]) -> Any:
        pool, error = cognito._resolve_pool(data.get("UserPoolId"))
        if error:
            return error
        found = [(group["GroupName"], group) for group in pool["_groups"].values()]
        return _page(cognito, data, digest_of(data), "Groups", found, cognito._group_out)

    return listed


def _page(
    cognito: Any,
    data: dict[str, Any],
    request: str,
    name: str,
    found: Iterable[tuple[str, Any]],
    shown: Callable[[Any], Any],
) -> Any:
    after = position_of(data.get("NextToken"), request)
    if after is None:
        return cognito.error_response_json(
            "InvalidParameterException", "Invalid pagination token", 400
        )
    left = sorted((pair for pair in found if pair[0] > after), key=lambda pair: pair[0])
    size = min(int(data.get("Limit") or _PAGE), _PAGE)
    answer: dict[str, Any] = {name: [shown(item) for _, item in left[:size]]}
    if len(left) > size:
        answer["NextToken"] = token_after(left[size - 1][0], request)
    return cognito.json_response(answer)
