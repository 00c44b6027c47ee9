"""The accounts of a pool and who holds which name. Immutable rows, so that copies are cheap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cognito_standby.core.domain.pools import PoolUser, UserStatus
from tests.twins.pool.config import CONTACTS, PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.twins.stores.frozen import EMPTY, FrozenMap

NameKey = tuple[str, str]
"""What a name is (username, email ...) and its folded value."""


@dataclass(frozen=True)
class Account:
    """A user of the pool.

    attributes  without `sub`
    pending     contact -> new value that waits for its verification
    codes       purpose -> "code issued_at", the newest one only
    """

    sub: str
    username: str
    status: UserStatus
    attributes: FrozenMap = EMPTY
    enabled: bool = True
    groups: tuple[str, ...] = ()
    password: str = ""
    pending: FrozenMap = EMPTY
    codes: FrozenMap = EMPTY

    def verified(self, contact: str) -> bool:
        """Whether the address is there and verified."""
        verified = self.attributes.get(f"{contact}_verified") == "true"
        return verified and contact in self.attributes

    def seen(self, *, with_groups: bool = True) -> PoolUser:
        """As a look shows it. Listings and AdminGetUser know nothing of groups."""
        attributes = FrozenMap({"sub": self.sub, **self.attributes})
        groups = self.groups if with_groups else ()
        return PoolUser(self.sub, self.username, self.status, self.enabled, attributes, groups)


class Accounts:
    """All accounts, with an index of the names that they hold."""

    def __init__(self, config: PoolConfig) -> None:
        self._config = config
        self._by_sub: dict[str, Account] = {}
        self._holders: dict[NameKey, str] = {}

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_sub.values())

    def __len__(self) -> int:
        return len(self._by_sub)

    def by_sub(self, sub: str) -> Account | None:
        """The account of a sub."""
        return self._by_sub.get(sub)

    def find(self, name: str) -> Account | None:
        """By username, else by an address that signs in, else by the sub of a local user.

        API, AdminGetUser: "any of their alias attributes", "the sub of a local user".
        """
        kinds = ("username", *self._config.username_attributes, *self._config.alias_attributes)
        for kind in kinds:
            if sub := self._holders.get((kind, self._fold(kind, name))):
                return self._by_sub[sub]
        account = self._by_sub.get(name)
        if account is None or account.status is UserStatus.EXTERNAL_PROVIDER:
            return None
        return account

    def put(self, account: Account, *, move_aliases: bool = False) -> None:
        """Add or replace an account. UsernameExistsException, AliasExistsException.

        Guide, "Customizing sign-in attributes": an address that is a username is unique whether
        verified or not; an alias can be verified in one account only; moving it marks it
        unverified in the account that had it.
        """
        former = self._by_sub.get(account.sub)
        for key in self._names(account):
            holder = self._holders.get(key, account.sub)
            if holder != account.sub:
                self._clash(key, holder, creation=former is None, move=move_aliases)
        if former is not None:
            self._forget(former)
        self._by_sub[account.sub] = account
        self._holders |= dict.fromkeys(self._names(account), account.sub)

    def remove(self, account: Account) -> None:
        """Remove an account; its names are free again."""
        self._forget(account)
        del self._by_sub[account.sub]

    def snapshot(self) -> frozenset[Account]:
        """The state, hashable."""
        return frozenset(self._by_sub.values())

    def restore(self, snapshot: frozenset[Account]) -> None:
        """Go back to a state."""
        self._by_sub = {account.sub: account for account in snapshot}
        self._holders = {key: a.sub for a in snapshot for key in self._names(a)}

    def _clash(self, key: NameKey, holder: str, *, creation: bool, move: bool) -> None:
        kind, _ = key
        if kind in self._config.alias_attributes and kind in CONTACTS and move:
            other = self._by_sub[holder]
            flag = {f"{kind}_verified": "false"}
            self.put(replace(other, attributes=FrozenMap({**other.attributes, **flag})))
            return
        if creation and kind not in self._config.alias_attributes:
            raise CognitoError("UsernameExistsException", f"the {kind} is taken")
        raise CognitoError("AliasExistsException", f"the {kind} is taken")

    def _forget(self, account: Account) -> None:
        for key in self._names(account):
            self._holders.pop(key, None)

    def _names(self, account: Account) -> list[NameKey]:
        held = [("username", account.username)]
        for kind in (*self._config.username_attributes, *self._config.alias_attributes):
            value = account.attributes.get(kind)
            alias = kind in self._config.alias_attributes and kind in CONTACTS
            if value and (not alias or account.verified(kind)):
                held.append((kind, value))
        return [(kind, self._fold(kind, value)) for kind, value in held]

    def _fold(self, kind: str, value: str) -> str:
        """Guide, "User pool case sensitivity": usernames, e-mail and preferred username alike."""
        return value if self._config.case_sensitive or kind == "phone_number" else value.lower()
