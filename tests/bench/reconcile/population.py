"""Users of a pool of any size, each computed from its number and never held.

The subs are evenly spaced in the order of the numbers, so that a prefix of a sub is a range of
numbers. `pattern` says which digits of a sub carry the number (`x`); the others are constant, as
they are in the subs that Cognito gives today (a4x8..., from public examples), or as in any UUID.

What is wrong on purpose (`flaws`) is spread over the numbers; everybody else is in sync.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, pairwise

from cognito_standby.core.domain.attribute_limits import AttributeRule
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.pools import (
    ORIGIN_SUB_ATTRIBUTE,
    PoolSchema,
    PoolUser,
    UserStatus,
    user_fields,
)
from cognito_standby.core.domain.records import Version
from cognito_standby.core.domain.summaries import joined, profile_digest
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary

EVEN = "xxxxxxxx-xxxx-4000-8000-000000000000"
CONSTANT_DIGITS = "x4x8x4x8-x0x1-70xx-xxxx-xx0000000000"
_NUMBER_DIGITS = 12
_SPAN = 16**_NUMBER_DIGITS
_MASK = 2**64 - 1
_ODD = 0x9E3779B97F4A7C15
"""Multiplying by an odd number permutes the numbers below a power of two."""

REGION = "us-east-1"
CONFIRMED = Version(Epoch(1, REGION), 3)
SCHEMA = PoolSchema(
    dict.fromkeys(
        ("email", "email_verified", "name", "locale", "custom:plan", ORIGIN_SUB_ATTRIBUTE),
        AttributeRule(),
    ),
    ("email",),
)


class Flaw(StrEnum):
    """What is wrong with somebody."""

    NEVER_SEEN = "in the pool alone"
    CHANGED = "attributes changed behind our back"
    LEFT_GROUP = "left the group behind our back"
    DISABLED = "disabled behind our back"
    DELETED = "deleted behind our back"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Population:
    """A pool of the active Region with its records and ledger. groups: 0, or one group each."""

    users: int
    groups: int = 0
    pattern: str = EVEN
    flaws: Mapping[int, Flaw] = field(default_factory=dict)

    def sub(self, number: int) -> str:
        """The sub of a user: the number's digits, then some that look random."""
        digits = f"{number * _SPAN // self.users:012x}{number * _ODD & _MASK:016x}"
        return self._template % tuple([digits[part] for part in self._parts])

    @cached_property
    def _template(self) -> str:
        return re.sub("x+", "%s", self.pattern)

    @cached_property
    def _parts(self) -> list[slice]:
        """Which digits each gap of the template takes."""
        ends = list(accumulate(len(gap) for gap in re.findall("x+", self.pattern)))
        return [slice(start, end) for start, end in pairwise([0, *ends])]

    def numbers(self, prefix: str) -> range:
        """The users whose sub begins so."""
        known = ""
        for wanted, place in zip(prefix, self.pattern, strict=False):
            if place == "x":
                known += wanted
            elif place != wanted:
                return range(0)
        known = known[:_NUMBER_DIGITS]
        if not known:
            return range(self.users)
        step = 16 ** (_NUMBER_DIGITS - len(known))
        first = int(known, 16) * step
        return range(-(-first * self.users // _SPAN), -(-(first + step) * self.users // _SPAN))

    def members(self, group: str) -> range:
        """The users of a group by name."""
        return range(int(group.removeprefix("group-")), self.users, self.groups)

    def group_names(self) -> list[str]:
        """All groups."""
        return [f"group-{number}" for number in range(self.groups)]

    def groups_of(self, number: int) -> tuple[str, ...]:
        """The groups of a user when all was in order."""
        return (f"group-{number % self.groups}",) if self.groups else ()

    def listed(self, numbers: range) -> Iterator[PoolUser]:
        """Who of them is in the pool, as a listing shows them."""
        for number in numbers:
            flaw = self.flaws.get(number)
            if flaw is not Flaw.DELETED:
                yield self.user(number, flaw)

    def listed_members(self, numbers: range) -> Iterator[PoolUser]:
        """Who of them still is in the group."""
        for number in numbers:
            flaw = self.flaws.get(number)
            if flaw not in (Flaw.DELETED, Flaw.LEFT_GROUP):
                yield self.user(number, flaw)

    def record(self, number: int) -> RecordSummary | None:
        """The record of a user, if there is one."""
        if self.flaws.get(number) is Flaw.NEVER_SEEN:
            return None
        return RecordSummary(self.sub(number), REGION, CONFIRMED, False, f"{number:024x}")

    def ledger_row(self, number: int) -> LedgerSummary | None:
        """The ledger's row of a user, if there is one: what was confirmed when all was in order."""
        flaw = self.flaws.get(number)
        if flaw is Flaw.NEVER_SEEN:
            return None
        state = SyncState.QUARANTINED if flaw is Flaw.QUARANTINED else SyncState.IN_SYNC
        user = self.user(number, None)
        profile = profile_digest(user_fields(user, SCHEMA))
        summary = joined(profile, self.groups_of(number), enabled=True)
        return LedgerSummary(user.sub, state, user.sub, summary, f"{number:024x}", CONFIRMED)

    def user(self, number: int, flaw: Flaw | None) -> PoolUser:
        """Somebody, by what is wrong with them."""
        sub = self.sub(number)
        attributes = {
            "sub": sub,
            "email": f"somebody.{number}@example.org",
            "email_verified": "true",
            "name": "Changed" if flaw is Flaw.CHANGED else f"Somebody {number}",
            "locale": "en",
            "custom:plan": "standard",
        }
        enabled = flaw is not Flaw.DISABLED
        return PoolUser(sub, sub, UserStatus.CONFIRMED, enabled, attributes)


def spread(users: int, groups: int, each: int) -> dict[int, Flaw]:
    """`each` people of every flaw, far from each other."""
    flaws = [flaw for flaw in Flaw if groups or flaw is not Flaw.LEFT_GROUP] * each
    return {users * (2 * place + 1) // (2 * len(flaws)): flaw for place, flaw in enumerate(flaws)}
