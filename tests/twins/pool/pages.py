"""Listings as Cognito gives them: filters, pages that may be short or empty, tokens that expire.

Source: API, ListUsers and ListUsersInGroup; developer guide, "Managing and searching for user
accounts".
"""

from __future__ import annotations

import base64
import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.domain.subjects import digest
from tests.twins.pool.accounts import Account
from tests.twins.pool.errors import invalid

MAX_PAGE = 60
TOKEN_SECONDS = 3600
"""The guide: Cognito expires a pagination token after one hour."""
_MAX_FILTER_LENGTH = 256

_FILTER = re.compile(r'\s*([\w:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')

_SEARCHABLE: dict[str, Callable[[Account], str]] = {
    "username": lambda a: a.username,
    "sub": lambda a: a.sub,
    "status": lambda a: "Enabled" if a.enabled else "Disabled",
    "cognito:user_status": lambda a: a.status.value,
    **{
        name: lambda a, name=name: a.attributes.get(name, "")  # type: ignore[misc]
        for name in (
            "email",
            "phone_number",
            "name",
            "given_name",
            "family_name",
            "preferred_username",
        )
    },
}
_CASE_SENSITIVE = frozenset({"username", "status"})


@dataclass(frozen=True)
class Page:
    """One page. A token means that there may be more, even when the page is empty."""

    users: tuple[PoolUser, ...]
    token: str | None


class Query(NamedTuple):
    """What is asked, who matches, and by what the answer is sorted."""

    text: str
    matches: Callable[[Account], bool]
    value_of: Callable[[Account], str]


class _Position(NamedTuple):
    request: str
    issued_at: float
    number: int
    after: str


def parse_filter(text: str) -> Query:
    """Read a filter. InvalidParameterException: it is none.

    One attribute, `=` or `^=`; custom attributes cannot be searched. The API reference marks
    username and status as case-sensitive, every other search ignores case.
    """
    if not text:
        return Query(text, lambda _: True, _SEARCHABLE["sub"])
    match = _FILTER.fullmatch(text)
    if match is None or len(text) > _MAX_FILTER_LENGTH or match[1] not in _SEARCHABLE:
        raise invalid("One or more requested filters could not be parsed")
    name, operator = match[1], match[2]
    value_of, wanted = _SEARCHABLE[name], re.sub(r"\\(.)", r"\1", match[3])

    def fold(value: str) -> str:
        return value if name in _CASE_SENSITIVE else value.lower()

    def matches(account: Account) -> bool:
        value = fold(value_of(account))
        return value == fold(wanted) if operator == "=" else value.startswith(fold(wanted))

    return Query(text, matches, value_of)


class Listing:
    """Pages over accounts that seldom change; the order is kept while they do not."""

    def __init__(self, page_sizes: tuple[int, ...]) -> None:
        self._page_sizes = page_sizes
        self._ordered: dict[str, tuple[int, list[str], list[Account]]] = {}

    def page(
        self,
        accounts: Iterable[Account],
        version: int,
        query: Query,
        limit: int | None,
        token: str | None,
        now: float,
    ) -> Page:
        """One page, sorted by the searched attribute, without groups.

        `version` changes whenever the accounts do. InvalidParameterException.
        """
        if limit is not None and not 0 <= limit <= MAX_PAGE:
            raise invalid(f"limit must be from 0 to {MAX_PAGE}")
        asked = digest(f"{query.text} {limit}")
        position = _read(token, asked, now) if token else _Position(asked, now, 0, "")
        places, ordered = self._in_order(accounts, version, query)
        start = bisect_right(places, position.after)
        size = limit or MAX_PAGE
        if self._page_sizes:
            size = min(size, self._page_sizes[position.number % len(self._page_sizes)])
        end = min(start + size, len(ordered))
        users = tuple(account.seen(with_groups=False) for account in ordered[start:end])
        if end == len(ordered):
            return Page(users, None)
        after = places[end - 1] if users else position.after
        return Page(users, _write(_Position(asked, now, position.number + 1, after)))

    def _in_order(
        self, accounts: Iterable[Account], version: int, query: Query
    ) -> tuple[list[str], list[Account]]:
        known = self._ordered.get(query.text)
        if known is None or known[0] != version:
            found = [(f"{query.value_of(a)}\0{a.sub}", a) for a in accounts if query.matches(a)]
            found.sort(key=lambda pair: pair[0])
            known = (version, [place for place, _ in found], [a for _, a in found])
            self._ordered = {query.text: known}
        return known[1], known[2]


def _write(position: _Position) -> str:
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


def _read(token: str, asked: str, now: float) -> _Position:
    """API: the token goes with the same parameters, and the guide says for how long."""
    try:
        position = _Position(*json.loads(base64.urlsafe_b64decode(token)))
    except (ValueError, TypeError):
        raise invalid("Invalid pagination token") from None
    if position.request != asked or now - position.issued_at > TOKEN_SECONDS:
        raise invalid("Invalid pagination token")
    return position
