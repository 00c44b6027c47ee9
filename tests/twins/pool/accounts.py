"""The accounts of a pool and who holds which name. Immutable rows, so that copies are cheap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cognito_standby.core.domain.pools import PoolUser, UserStatus
from local.cognito_rules import changes, names
from local.cognito_rules.factors import Second, UserFactors
from tests.twins.pool.config import CONTACTS, PoolConfig
from tests.twins.stores.frozen import EMPTY, FrozenMap


@dataclass(frozen=True)
class Account:
    """A user of the pool.

    attributes  without `sub`
    pending     contact -> new value that waits for its verification
    codes       purpose -> "code issued_at", the newest one only
    enabled_factors, preferred_factor, token, passkeys   as in `local.cognito_rules.factors`
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
    enabled_factors: tuple[Second, ...] = ()
    preferred_factor: Second | None = None
    token: bool = False
    passkeys: int = 0

    def seen(self, *, with_groups: bool = True) -> PoolUser:
        """As a listing shows it, which knows nothing of groups and factors."""
        attributes = FrozenMap({"sub": self.sub, **self.attributes})
        groups = self.groups if with_groups else ()
        return PoolUser(self.sub, self.username, self.status, self.enabled, attributes, groups)

    @property
    def factors(self) -> UserFactors:
        """As the rules of factors see the account."""
        there = frozenset(each for each in CONTACTS if self.attributes.get(each))
        flags = {each: self.attributes.get(f"{each}_verified", "").lower() for each in there}
        return UserFactors(
            enabled=frozenset(self.enabled_factors),
            preferred=self.preferred_factor,
            contacts=there,
            verified=frozenset(each for each, flag in flags.items() if flag == "true"),
            token=self.token,
            password=bool(self.password),
            passkeys=self.passkeys,
            federated=self.status is UserStatus.EXTERNAL_PROVIDER,
        )


class Accounts:
    """All accounts, with an index of the names that they hold."""

    def __init__(self, config: PoolConfig) -> None:
        self._config = config
        self._by_sub: dict[str, Account] = {}
        self._holders: dict[names.NameKey, str] = {}

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_sub.values())

    def __len__(self) -> int:
        return len(self._by_sub)

    def by_sub(self, sub: str) -> Account | None:
        """The account of a sub."""
        return self._by_sub.get(sub)

    def find(self, name: str) -> Account | None:
        """Whom a name means."""
        for key in names.sought(self._config, name):
            if sub := self._holders.get(key):
                return self._by_sub[sub]
        account = self._by_sub.get(name)
        return account if account is not None and names.found_by_sub(account) else None

    def put(self, account: Account, *, move_aliases: bool = False) -> None:
        """Add or replace an account. UsernameExistsException, AliasExistsException."""
        former = self._by_sub.get(account.sub)
        for key in names.held(self._config, account):
            holder = self._holders.get(key, account.sub)
            how = {"creation": former is None, "forced": move_aliases}
            if holder != account.sub and names.moves(self._config, account, key[0], **how):
                self._lose(self._by_sub[holder], key[0])
        if former is not None:
            self._forget(former)
        self._by_sub[account.sub] = account
        self._holders |= dict.fromkeys(names.held(self._config, account), account.sub)

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
        self._holders = {key: a.sub for a in snapshot for key in names.held(self._config, a)}

    def _lose(self, account: Account, contact: str) -> None:
        left = FrozenMap(changes.unverified(account.attributes, contact))
        self.put(replace(account, attributes=left))

    def _forget(self, account: Account) -> None:
        for key in names.held(self._config, account):
            self._holders.pop(key, None)
