"""Listings as Cognito gives them: pages that may be short or empty."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from cognito_standby.core.domain.pools import PoolUser
from local.cognito_rules.listings import (
    MAX_PAGE,
    TOKEN_SECONDS,
    Query,
    check_limit,
    position,
    request_of,
)
from tests.twins.pool.accounts import Account

__all__ = ["MAX_PAGE", "TOKEN_SECONDS", "Listing", "Page"]


@dataclass(frozen=True)
class Page:
    """One page. A token means that there may be more, even when the page is empty."""

    users: tuple[PoolUser, ...]
    token: str | None


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
        check_limit(limit)
        begins = position(token, request_of(query.text, limit), now)
        places, ordered = self._in_order(accounts, version, query)
        start = bisect_right(places, begins.after)
        size = limit or MAX_PAGE
        if self._page_sizes:
            size = min(size, self._page_sizes[begins.number % len(self._page_sizes)])
        end = min(start + size, len(ordered))
        users = tuple(account.seen(with_groups=False) for account in ordered[start:end])
        if end == len(ordered):
            return Page(users, None)
        after = places[end - 1] if users else begins.after
        following = begins._replace(issued_at=now, number=begins.number + 1, after=after)
        return Page(users, following.token())

    def _in_order(
        self, accounts: Iterable[Account], version: int, query: Query
    ) -> tuple[list[str], list[Account]]:
        known = self._ordered.get(query.text)
        if known is None or known[0] != version:
            found = [(query.place(a), a) for a in accounts if query.matches(a)]
            found.sort(key=lambda pair: pair[0])
            known = (version, [place for place, _ in found], [a for _, a in found])
            self._ordered = {query.text: known}
        return known[1], known[2]
