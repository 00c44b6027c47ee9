"""Gap: ListUsers pages by offset, and misreads filters.

Cognito's page goes on after the user where the last one ended, whoever was created or deleted
meanwhile; a token belongs to its own filter and lives for an hour (Amazon Cognito API reference,
ListUsers; developer guide, "Searching for users"). A quote in a filter's value is escaped by a
backslash, and `cognito:user_status` is searchable. The emulator's token is an offset, which skips
people when others leave, it takes a token with any filter, and it answers a filter that it cannot
read with everybody.

Limits: the order is by the attribute searched for, or `sub` (AWS promises none); pages are always
full, and nothing is eventually consistent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from local.cognito_rules import listings
from local.cognito_rules.refusals import CognitoError
from local.cognito_store import user_from
from local.patching import replace, require
from local.pool_settings import settings_of


def install() -> None:
    """Replace the emulator's ListUsers."""
    from ministack.services import cognito  # noqa: PLC0415

    for name in ("_resolve_pool", "_user_out"):
        require(hasattr(cognito, name), f"cognito.{name} is gone")
    replace(cognito, "_list_users", lambda _original: answering(cognito, _users(cognito)))


def answering(cognito: Any, listing: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
    """A listing of a pool as one of the emulator's operations."""

    def answered(data: dict[str, Any]) -> Any:
        pool, error = cognito._resolve_pool(data.get("UserPoolId"))
        if error:
            return error
        try:
            return cognito.json_response(listing(pool, data))
        except CognitoError as refused:
            return cognito.error_response_json(refused.code, refused.message, 400)

    return answered


def page(
    data: dict[str, Any], token: str, found: Iterable[tuple[str, Any]]
) -> tuple[list[Any], dict[str, str]]:
    """What a request shows of (place, item), and the next token under the name of its own."""
    limit = data.get("Limit")
    listings.check_limit(None if limit is None else int(limit))
    now = time.time()
    request = listings.request_of(sorted((k, v) for k, v in data.items() if k != token))
    begins = listings.position(data.get(token), request, now)
    left = sorted((pair for pair in found if pair[0] > begins.after), key=lambda pair: pair[0])
    size = int(limit or listings.MAX_PAGE)
    shown = left[:size]
    if len(left) <= size:
        return [item for _, item in shown], {}
    following = begins._replace(issued_at=now, number=begins.number + 1, after=shown[-1][0])
    return [item for _, item in shown], {token: following.token()}


def _users(cognito: Any) -> Callable[..., dict[str, Any]]:
    def listed(pool: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        wanted = data.get("AttributesToGet") or ()
        listings.check_shown(settings_of(pool), wanted)
        query = listings.parse_filter(str(data.get("Filter") or ""))
        people = [(user_from(raw), raw) for raw in list(pool["_users"].values())]
        found = [(query.place(user), raw) for user, raw in people if query.matches(user)]
        users, more = page(data, "PaginationToken", found)
        return {"Users": [_shown(cognito._user_out(raw), wanted) for raw in users], **more}

    return listed


def _shown(user: dict[str, Any], wanted: Iterable[str]) -> dict[str, Any]:
    if not wanted:
        return user
    return {**user, "Attributes": [a for a in user["Attributes"] if a["Name"] in wanted]}
