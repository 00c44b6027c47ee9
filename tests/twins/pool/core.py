"""The state of a strict pool and what all its operations share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from cognito_standby.core.domain.absence import Recovery
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.ports import Clock
from local.cognito_rules import changes, codes, restores
from local.cognito_rules.codes import Purpose
from tests.twins.pool.accounts import Account, Accounts
from tests.twins.pool.config import PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.twins.pool.pages import Listing
from tests.twins.pool.quota import BILLED, Meter, Quotas
from tests.twins.stores.frozen import FrozenMap

__all__ = ["Contents", "Message", "PoolCore", "Purpose", "Snapshot"]


@dataclass(frozen=True)
class Message:
    """A message that Cognito would have sent."""

    purpose: Purpose
    sub: str
    address: str
    code: str = ""


Contents = tuple[frozenset[Account], frozenset[PoolGroup]]
"""Users and groups at one moment."""


class Snapshot(NamedTuple):
    """State of a pool, hashable. Meter and messages are records of the past and not in it."""

    accounts: frozenset[Account]
    groups: frozenset[PoolGroup]
    counter: int
    listed: frozenset[Account] | None
    recoveries: tuple[Recovery, ...] = ()
    marks: frozenset[tuple[str, Contents]] = frozenset()


class PoolCore:
    """One user pool. Its operations bear Cognito's names and raise CognitoError.

    quotas    None: requests are never throttled
    """

    def __init__(self, config: PoolConfig, clock: Clock, quotas: Quotas | None = None) -> None:
        self.config, self.quotas = config, quotas
        self.meter = Meter()
        self.messages: list[Message] = []
        self._clock = clock
        self._accounts = Accounts(config)
        self._groups: dict[str, PoolGroup] = {}
        self._counter = 0
        self._version = 0
        self._listed: frozenset[Account] | None = None
        self._listing = Listing(config.page_sizes)
        self._recoveries: tuple[Recovery, ...] = ()
        self._marks: dict[str, Contents] = {}

    def snapshot(self) -> Snapshot:
        """The state, hashable."""
        groups = frozenset(self._groups.values())
        state = (self._accounts.snapshot(), groups, self._counter, self._listed)
        return Snapshot(*state, self._recoveries, frozenset(self._marks.items()))

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state."""
        self._accounts.restore(snapshot.accounts)
        self._groups = {group.name: group for group in snapshot.groups}
        self._counter, self._listed = snapshot.counter, snapshot.listed
        self._recoveries, self._marks = snapshot.recoveries, dict(snapshot.marks)
        self._version += 1

    def sent(self, purpose: Purpose) -> list[Message]:
        """The messages of one kind, oldest first."""
        return [message for message in self.messages if message.purpose is purpose]

    def latest_code(self, name: str) -> str:
        """What the person reads in their newest message; empty: there was none."""
        account = self._accounts.find(name)
        codes = [m.code for m in self.messages if account and m.sub == account.sub and m.code]
        return codes[-1] if codes else ""

    def _begin(self, operation: str, challenge: str = "") -> None:
        self.meter.calls[operation] += 1
        if self._paused:
            restores.check_goes_on(operation, challenge)
        if self.quotas is None:
            return
        try:
            self.quotas.spend(operation, self.config.pool_id, challenge)
        except CognitoError:
            self.meter.throttled[operation] += 1
            raise

    @property
    def _paused(self) -> bool:
        return any(each.under_way for each in self._recoveries)

    def _found(self, operation: str, name: str, challenge: str = "") -> Account:
        """Begin an operation on a user. UserNotFoundException."""
        self._begin(operation, challenge)
        account = self._accounts.find(name)
        if account is None:
            raise CognitoError("UserNotFoundException", "User does not exist.")
        self._bill(operation, account.sub)
        return account

    def _bill(self, operation: str, sub: str) -> None:
        if operation in BILLED:
            self.meter.active.add((f"{self._clock.now():%Y-%m}", sub))

    def _put(self, account: Account, *, move_aliases: bool = False) -> None:
        self._accounts.put(account, move_aliases=move_aliases)
        self._version += 1

    def _next(self) -> int:
        self._counter += 1
        return self._counter

    def _new_sub(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"{self.config.pool_id}/{self._next()}"))

    def _now(self) -> float:
        return self._clock.now().timestamp()

    def _send_code(self, account: Account, purpose: Purpose, contact: str, address: str) -> Account:
        """Send a code; the newest of a purpose is the one that counts."""
        code = f"{self._next():06d}"
        self.messages.append(Message(purpose, account.sub, address, code))
        issued = {purpose.value: f"{code} {contact} {self._now()}"}
        return replace(account, codes=FrozenMap({**account.codes, **issued}))

    def _redeem(self, account: Account, purpose: Purpose, code: str) -> tuple[Account, str]:
        """Use up a code; also returns the contact that it proves.

        ExpiredCodeException: too old, or there is none. CodeMismatchException.
        """
        issued = account.codes.get(purpose.value)
        if issued is None:
            raise codes.expired()
        wanted, contact, at = issued.split()
        if code != wanted:
            raise codes.mismatch()
        if self._now() - float(at) > codes.VALID_SECONDS[purpose]:
            raise codes.expired()
        left = {name: value for name, value in account.codes.items() if name != purpose.value}
        return replace(account, codes=FrozenMap(left)), contact

    def _written(self, account: Account, attributes: Mapping[str, str]) -> Account:
        """An update's effect on an account, and the messages that it sends."""
        update = changes.updated(self.config, account.attributes, attributes)
        pending = FrozenMap({**account.pending, **update.waiting})
        account = replace(account, attributes=FrozenMap(update.attributes), pending=pending)
        for contact, address in update.codes:
            account = self._send_code(account, Purpose.VERIFICATION, contact, address)
        return account

    @staticmethod
    def _without(account: Account, names: tuple[str, ...]) -> Account:
        """A deletion's effect."""
        left = changes.without(account.attributes, names)
        return replace(account, attributes=FrozenMap(left))

    @staticmethod
    def _proved(account: Account, contact: str) -> Account:
        """An address whose code came back; the one that waited for it takes effect."""
        waiting = account.pending.get(contact, "")
        pending = {c: value for c, value in account.pending.items() if c != contact}
        attributes = changes.proved(account.attributes, contact, waiting)
        return replace(account, attributes=FrozenMap(attributes), pending=FrozenMap(pending))
