"""The listings of a strict pool, and listings that do everything that Cognito's may do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random

from cognito_standby.core.domain.groups import Roles, shared_role
from cognito_standby.core.domain.pools import PoolGroup, PoolSchema, PoolUser
from cognito_standby.core.domain.sign_in import Channel, SignInRules
from cognito_standby.core.domain.subjects import digest
from cognito_standby.reconciliation.ports import (
    GroupPage,
    ListingExpiredError,
    PoolListing,
    UserPage,
)
from tests.twins.pool.errors import CognitoError, as_port_errors
from tests.twins.pool.pool import StrictPool

_PAGE = 60


class InMemoryPoolListing:
    """PoolListing on a strict pool, which keeps its quotas, page sizes and tokens' ages."""

    def __init__(self, pool: StrictPool, roles: Roles | None = None) -> None:
        self._pool, self._roles = pool, roles or {}
        self.rules: SignInRules | None = None

    def schema(self) -> PoolSchema:
        """DescribeUserPool."""
        with as_port_errors():
            described = self._pool.describe_user_pool()
        return replace(described, group_roles=frozenset(self._roles))

    def estimated_users(self) -> int:
        """DescribeUserPool."""
        with as_port_errors():
            return self._pool.estimated_number_of_users()

    def sign_in_rules(self) -> SignInRules:
        """DescribeUserPool and GetUserPoolMfaConfig; second factors are set by a test."""
        with as_port_errors():
            self._pool.describe_user_pool()
        return self.rules or SignInRules(recovery=tuple(map(Channel, self._pool.config.recovery)))

    def list_users(self, prefix: str, token: str) -> UserPage:
        """ListUsers with a filter on sub."""
        query = f'sub ^= "{prefix}"' if prefix else ""
        with as_port_errors(), _expiring(token):
            page = self._pool.list_users(query, _PAGE, token or None)
        return UserPage(page.users, page.token or "")

    def list_groups(self, token: str) -> GroupPage:
        """ListGroups, by the number of groups passed."""
        with as_port_errors():
            raw = self._pool.list_groups()
        groups = tuple(replace(g, role=shared_role(g.role, self._roles)) for g in raw)
        try:
            start = int(token or 0)
        except ValueError:
            raise ListingExpiredError from None
        end = start + _PAGE
        return GroupPage(groups[start:end], str(end) if end < len(groups) else "")

    def list_members(self, group: str, token: str) -> UserPage:
        """ListUsersInGroup; a group that is gone has no members."""
        try:
            with _expiring(token):
                page = self._pool.list_users_in_group(group, _PAGE, token or None)
        except CognitoError as error:
            if error.code == "ResourceNotFoundException":
                return UserPage(())
            with as_port_errors():
                raise
        return UserPage(page.users, page.token or "")


@contextmanager
def _expiring(token: str) -> Iterator[None]:
    try:
        yield
    except CognitoError as error:
        if token and error.code == "InvalidParameterException":
            raise ListingExpiredError from None
        raise


@dataclass(frozen=True)
class Hostility:
    """How often a page goes wrong: probabilities for each page, and users in general.

    empty      nothing, and a token
    short      only some of it, the rest with the next token
    shuffled   in another order
    repeated   the users once more on the next page, too
    circling   a token that was given before
    expired    the token is refused
    hidden     users who moved between pages: never shown
    truncated  the listing ends early, as if it were complete
    """

    empty: float = 0.0
    short: float = 0.0
    shuffled: float = 0.0
    repeated: float = 0.0
    circling: float = 0.0
    expired: float = 0.0
    hidden: float = 0.0
    truncated: float = 0.0


class HostileListing:
    """PoolListing that keeps to the letter of the contract and to nothing else. Seeded: which
    users are hidden is the same for its whole life, the rest differs from page to page."""

    def __init__(self, real: PoolListing, hostility: Hostility, random: Random) -> None:
        self._real, self._how, self._random = real, hostility, random
        self._salt = str(random.random())
        self._tokens: dict[str, tuple[tuple[PoolUser, ...], str]] = {}

    def schema(self) -> PoolSchema:
        """The real one."""
        return self._real.schema()

    def estimated_users(self) -> int:
        """The real one."""
        return self._real.estimated_users()

    def sign_in_rules(self) -> SignInRules:
        """The real ones."""
        return self._real.sign_in_rules()

    def list_users(self, prefix: str, token: str) -> UserPage:
        """A page, perhaps."""
        return self._page(token, lambda real: self._real.list_users(prefix, real))

    def list_members(self, group: str, token: str) -> UserPage:
        """A page, perhaps."""
        return self._page(token, lambda real: self._real.list_members(group, real))

    def list_groups(self, token: str) -> GroupPage:
        """A page, with some groups twice and in any order."""
        page = self._real.list_groups(token)
        groups: list[PoolGroup] = [*page.groups, *page.groups[: 1 if self._is("repeated") else 0]]
        if self._is("shuffled"):
            self._random.shuffle(groups)
        return GroupPage(groups, page.token)

    def _page(self, token: str, real: object) -> UserPage:
        if token and self._is("expired"):
            raise ListingExpiredError
        if self._is("empty"):
            return UserPage((), self._issue((), token))
        held, after = self._tokens.get(token, ((), token))
        users = list(held)
        more = after
        if after or not token or not held:
            page = real(after)  # type: ignore[operator]
            users += [user for user in page.users if not self._hides(user)]
            more = page.token
        return self._given(users, more, token)

    def _given(self, users: list[PoolUser], more: str, token: str) -> UserPage:
        left: tuple[PoolUser, ...] = ()
        if self._is("shuffled"):
            self._random.shuffle(users)
        if self._is("short") and len(users) > 1:
            cut = self._random.randrange(1, len(users))
            users, left = users[:cut], tuple(users[cut:])
        if self._is("repeated") and (more or left):
            left = (*left, *users[: self._random.randrange(len(users) + 1)])
        if self._is("truncated") or not (more or left):
            return UserPage(users)
        if token and self._is("circling"):
            return UserPage(users, token)
        return UserPage(users, self._issue(left, more))

    def _issue(self, held: tuple[PoolUser, ...], more: str) -> str:
        name = f"t{len(self._tokens)}"
        self._tokens[name] = self._tokens.get(more, (held, more)) if not held else (held, more)
        return name

    def _hides(self, user: PoolUser) -> bool:
        return int(digest(self._salt + user.sub)[:6], 16) / 0xFFFFFF < self._how.hidden

    def _is(self, what: str) -> bool:
        chance: float = getattr(self._how, what)
        return chance > 0 and self._random.random() < chance
