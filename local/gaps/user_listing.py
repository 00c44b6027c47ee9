"""Gap: ListUsers pages by offset, and misreads filters.

Cognito's page goes on after the user where the last one ended, whoever was created or deleted
meanwhile; a token belongs to its own filter and lives for an hour (Amazon Cognito API reference,
ListUsers; developer guide, "Searching for users"). A quote in a filter's value is escaped by a
backslash, and `cognito:user_status` is searchable. The emulator's token is an offset, which skips
people when others leave, it takes a token with any filter, and it answers a filter that it cannot
read with everybody.

Limits: the order is by `sub` (AWS promises none); pages are always full, and nothing is eventually
consistent.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable
from typing import Any

from local.patching import replace, require

FORM = re.compile(r'\s*"?([\w:.-]+)"?\s*(\^=|=)\s*"((?:\\.|[^"\\])*)"\s*')
TOKEN_SECONDS = 3600
_CASE_SENSITIVE = ("username", "status")
_PAGE = 60


def install() -> None:
    """Replace the emulator's ListUsers."""
    from ministack.services import cognito  # noqa: PLC0415

    for name in ("_resolve_pool", "_user_out", "_attr_list_to_dict"):
        require(hasattr(cognito, name), f"cognito.{name} is gone")
    replace(cognito, "_list_users", lambda _original: _Listing(cognito))


class _Listing:
    def __init__(self, cognito: Any) -> None:
        self._cognito = cognito

    def __call__(self, data: dict[str, Any]) -> Any:
        pool, error = self._cognito._resolve_pool(data.get("UserPoolId"))
        if error:
            return error
        request = digest_of(data, "Filter", "AttributesToGet")
        after = position_of(data.get("PaginationToken"), request)
        if after is None:
            return self._cognito.error_response_json(
                "InvalidParameterException", "Invalid pagination token", 400
            )
        users = [(self._attributes(user), user) for user in list(pool["_users"].values())]
        matching = _matcher(str(data.get("Filter") or ""))
        found = [
            (attributes["sub"], user)
            for attributes, user in users
            if attributes["sub"] > after and matching(attributes, user)
        ]
        found.sort(key=lambda pair: pair[0])
        size = int(data.get("Limit") or _PAGE)
        page = found[:size]
        answer: dict[str, Any] = {"Users": [self._shown(user, data) for _, user in page]}
        if len(found) > size:
            answer["PaginationToken"] = token_after(page[-1][0], request)
        return self._cognito.json_response(answer)

    def _attributes(self, user: dict[str, Any]) -> dict[str, str]:
        attributes: dict[str, str] = self._cognito._attr_list_to_dict(user["Attributes"])
        return attributes

    def _shown(self, user: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
        shown: dict[str, Any] = self._cognito._user_out(user)
        wanted = data.get("AttributesToGet")
        if wanted:
            shown["Attributes"] = [a for a in shown["Attributes"] if a["Name"] in wanted]
        return shown


def _matcher(text: str) -> Callable[[dict[str, str], dict[str, Any]], bool]:
    match = FORM.fullmatch(text)
    if match is None:
        return lambda _attributes, _user: True
    name, operator = match.group(1), match.group(2)
    exact = name in _CASE_SENSITIVE
    value = re.sub(r"\\(.)", r"\1", match.group(3))
    value = value if exact else value.casefold()

    def matches(attributes: dict[str, str], user: dict[str, Any]) -> bool:
        special = {
            "username": user["Username"],
            "status": "Enabled" if user.get("Enabled", True) else "Disabled",
            "cognito:user_status": user.get("UserStatus", ""),
        }
        held = special.get(name, attributes.get(name))
        if held is None:
            return False
        held = str(held) if exact else str(held).casefold()
        return held == value if operator == "=" else held.startswith(value)

    return matches


def digest_of(data: dict[str, Any], *names: str) -> str:
    """What a token belongs to: the pool, and the parameters of these names."""
    parts = [data.get("UserPoolId"), *(data.get(name) for name in names)]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def token_after(place: str, request: str) -> str:
    """The token of the page that begins after a place."""
    return base64.urlsafe_b64encode(json.dumps([place, request, time.time()]).encode()).decode()


def position_of(token: Any, request: str) -> str | None:
    """The place that the page starts after; None when the token is not this request's."""
    if not token:
        return ""
    try:
        place, digest, made = json.loads(base64.urlsafe_b64decode(str(token)))
    except (ValueError, TypeError):
        return None
    fresh = digest == request and time.time() - float(made) < TOKEN_SECONDS
    return str(place) if fresh else None
