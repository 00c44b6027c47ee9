"""Listings: filters, limits, tokens.

Source: API, ListUsers, ListUsersInGroup and ListGroups; guide, "Managing and searching for user
accounts". A listing is eventually consistent, promises no order, and may give short or empty
pages; how much of that an adapter does is its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from local.cognito_rules.people import Person
from local.cognito_rules.pools import PoolSettings
from local.cognito_rules.refusals import constraint, invalid

MAX_PAGE = 60
TOKEN_SECONDS = 3600
"""The guide: Cognito expires a pagination token after one hour."""
_MAX_FILTER_LENGTH = 256
_FORM = re.compile(r'\s*("?)([\w:]+)\1\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')

_SEARCHABLE: dict[str, Callable[[Person], str]] = {
    "username": lambda person: person.username,
    "sub": lambda person: person.sub,
    "status": lambda person: "Enabled" if person.enabled else "Disabled",
    "cognito:user_status": lambda person: str(person.status),
    **{
        name: lambda person, name=name: person.attributes.get(name, "")  # type: ignore[misc]
        for name in (
            *("email", "phone_number", "name", "given_name", "family_name"),
            "preferred_username",
        )
    },
}
_CASE_SENSITIVE = frozenset({"username", "status"})


class Query(NamedTuple):
    """What is asked, who matches, and by what the answer is sorted."""

    text: str
    matches: Callable[[Person], bool]
    value_of: Callable[[Person], str]

    def place(self, person: Person) -> str:
        """Where a user stands in the listing."""
        return f"{self.value_of(person)}\0{person.sub}"


def everybody(text: str = "") -> Query:
    """A listing without a filter, by sub."""
    return Query(text, lambda _: True, _SEARCHABLE["sub"])


def parse_filter(text: str) -> Query:
    """Read a filter. InvalidParameterException: it is none.

    One attribute, `=` or `^=`; custom attributes cannot be searched. The API reference marks
    username and status as case-sensitive, every other search ignores case. Who lacks the attribute
    does not match.
    """
    if not text.strip():
        return everybody(text)
    match = _FORM.fullmatch(text)
    if match is None or len(text) > _MAX_FILTER_LENGTH:
        raise invalid("One or more requested filters could not be parsed: " + text)
    _, name, operator, quoted = match.groups()
    if name not in _SEARCHABLE:
        raise invalid(f"Invalid search attribute: {name}")
    value_of, exact = _SEARCHABLE[name], name in _CASE_SENSITIVE
    wanted = re.sub(r"\\(.)", r"\1", quoted)
    wanted = wanted if exact else wanted.lower()

    def matches(person: Person) -> bool:
        value = value_of(person) if exact else value_of(person).lower()
        if not value:
            return False
        return value == wanted if operator == "=" else value.startswith(wanted)

    return Query(text, matches, value_of)


def check_limit(limit: int | None) -> None:
    """API, QueryLimitType."""
    if limit is not None and not 0 <= limit <= MAX_PAGE:
        raise constraint("limit", f"have value between 0 and {MAX_PAGE}, not {limit}")


def check_shown(pool: PoolSettings, names: Iterable[str]) -> None:
    """API, ListUsers, AttributesToGet: an attribute asked for has to exist."""
    if any(pool.spec(name) is None for name in names):
        raise invalid("One or more requested attributes do not exist.")


class Position(NamedTuple):
    """What a token says: of which request, since when (Unix seconds), how many pages were given,
    and the place of the last user or group of these."""

    request: str
    issued_at: float
    number: int
    after: str

    def token(self) -> str:
        """For the caller, who makes nothing of it."""
        return base64.urlsafe_b64encode(json.dumps(self).encode()).decode()


def request_of(*parameters: Any) -> str:
    """What a token belongs to: API, "the same parameters"."""
    return hashlib.sha256(json.dumps(parameters).encode()).hexdigest()[:16]


def position(token: str | None, request: str, now: float) -> Position:
    """Where a page begins. InvalidParameterException: a token of another request, or too old."""
    if not token:
        return Position(request, now, 0, "")
    try:
        read = Position(*json.loads(base64.urlsafe_b64decode(token)))
    except (ValueError, TypeError):
        raise invalid("Invalid pagination token") from None
    if read.request != request or now - read.issued_at > TOKEN_SECONDS:
        raise invalid("Invalid pagination token")
    return read
