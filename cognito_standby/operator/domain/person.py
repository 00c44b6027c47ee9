"""One person in both Regions: who is meant, what each side shows, and where the sides differ. Pure.

Who is who is told by the ledgers alone. A name finds candidates and makes nobody one with somebody
else; `custom:origin_sub` of a pool is a copy, which a hand can set.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.absence import of_this_pool
from cognito_standby.core.domain.conflicts import Conflict
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.pools import PoolSchema, PoolUser, user_fields
from cognito_standby.core.domain.records import Partition, Record, resolve
from cognito_standby.core.domain.recoverability import (
    Reason,
    Recoverability,
    Standing,
    Way,
    recoverability,
)
from cognito_standby.core.domain.sign_in import Channel, Factor, SignInRules
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    FEDERATED,
    GROUP,
    PRESENT,
    TRUE,
    USERNAME,
    Fields,
)
from cognito_standby.reconciliation.domain.awaited import way_of_awaited
from cognito_standby.replication.domain.on_demand import was_in


class Doubt(StrEnum):
    """Why a user of a pool may not be who they say, or is not known."""

    NOT_KNOWN_HERE = "not_known_here"
    """The ledger has no such local sub: not captured, or not bound yet."""
    CLAIM_NOT_CONFIRMED = "claim_not_confirmed"
    """It bears somebody's origin sub, and the ledger does not know the user."""
    CLAIM_CONTRADICTED = "claim_contradicted"
    """It bears an origin sub, and the ledger says another: the ledger counts."""
    CLAIMED_TWICE = "claimed_twice"
    """The ledger knows another user of this pool as the one whose origin sub it bears."""


@dataclass(frozen=True)
class SeenUser:
    """A user as a pool shows them. `factors`: second factors set up there; `identities`: providers
    that are linked."""

    user: PoolUser
    factors: frozenset[Factor] = frozenset()
    preferred_factor: str = ""
    identities: tuple[str, ...] = ()
    created_at: str = ""
    modified_at: str = ""

    @property
    def standing(self) -> Standing:
        """What bears on a recovery."""
        told = self.user.attributes
        reachable = frozenset(each for each in Channel if told.get(each))
        verified = frozenset(each for each in reachable if told.get(f"{each}_verified") == TRUE)
        seen = (self.user.status, self.user.enabled, reachable, verified, self.factors)
        return Standing(*seen, linked=bool(self.identities))


@dataclass(frozen=True)
class PoolFacts:
    """What a pool's settings say."""

    schema: PoolSchema
    rules: SignInRules
    case_sensitive: bool = True
    user_pool_id: str = ""


@dataclass(frozen=True)
class Claimant:
    """A user of a pool who is, or says to be, somebody: whom the ledger has them as ("": nobody),
    and why there is a doubt (None: there is none)."""

    seen: SeenUser
    origin_sub: str
    doubt: Doubt | None = None


def claimant_of(seen: SeenUser, bound: str, holder: str) -> Claimant:
    """`bound`: whom the ledger has this local sub as; `holder`: the local sub that the ledger has
    for the origin sub that the user bears."""
    claimed, sub = seen.user.origin_sub, seen.user.sub
    if bound:
        doubt = Doubt.CLAIM_CONTRADICTED if claimed not in ("", bound) else None
    elif not claimed or claimed == sub:
        doubt = Doubt.NOT_KNOWN_HERE
    elif holder and holder != sub:
        doubt = Doubt.CLAIMED_TWICE
    else:
        doubt = Doubt.CLAIM_NOT_CONFIRMED
    return Claimant(seen, bound, doubt)


@dataclass(frozen=True)
class Event:
    """Something that happened, as far as it is kept. `at`: UTC, ISO 8601; "": not known."""

    at: str
    what: str


@dataclass(frozen=True)
class Side:
    """What one Region shows of a person. `user`: whom its ledger has as them; `claimants`: others
    who bear their origin sub; `unknown`: part -> why nothing is known of it."""

    region: str
    unreachable: str = ""
    active: bool | None = None
    user: Claimant | None = None
    claimants: tuple[Claimant, ...] = ()
    partition: Partition = field(default_factory=Partition)
    row: LedgerRow | None = None
    conflicts: tuple[Conflict, ...] = ()
    events: tuple[Event, ...] = ()
    facts: PoolFacts | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """`active`, `standby`, or `unknown`."""
        return {True: "active", False: "standby", None: "unknown"}[self.active]

    @property
    def own(self) -> Record | None:
        """The Region's own record."""
        return self.partition.own

    @property
    def state(self) -> Fields | None:
        """The pool user as fields; None: not known; empty: not there."""
        if self.unreachable or self.facts is None or "pool" in self.unknown:
            return None
        return user_fields(self.user.seen.user, self.facts.schema) if self.user else {}

    @property
    def awaited(self) -> bool:
        """Whether they are rightly not in the pool, which makes them when they first come."""
        return self._awaited is not None

    @property
    def _awaited(self) -> Fields | None:
        """What they are made of; None: they are not awaited, or that is not known."""
        facts, winner = self.facts, resolve(self.partition)
        if facts is None or not facts.schema.on_demand or self.state is None or self.state:
            return None
        if self.row is None or winner is None or winner.deleted or FEDERATED in winner.fields:
            return None
        row = of_this_pool(self.row, facts.user_pool_id)
        return None if was_in(facts.user_pool_id, row, self.own) else winner.fields

    @property
    def sign_in(self) -> Recoverability | None:
        """How they get in here without a password; None: not known."""
        if self.state is None or self.facts is None:
            return None
        if (fields := self._awaited) is not None:
            return way_of_awaited(fields, self.facts.rules)
        if self.user is None and self.row and NotHeld.FEDERATED in self.row.skipped.values():
            return Recoverability(Way.PROVIDER, Reason.PROVIDER_ONLY)  # they are made by coming
        return recoverability(self.user.seen.standing if self.user else None, self.facts.rules)


@dataclass(frozen=True)
class Difference:
    """A field that is not the same everywhere. `pools`: Region -> value, "" where it is absent;
    `reasons`: Region -> why its pool does not hold it, as its ledger says."""

    field: str
    record: str
    pools: Mapping[str, str]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Person:
    """Somebody, by their origin sub."""

    origin_sub: str
    sides: tuple[Side, ...]

    @property
    def winner(self) -> Record | None:
        """The record that counts, by whichever replica has seen most."""
        records = [each for side in self.sides for each in side.partition.records]
        latest: dict[str, Record] = {}
        for record in records:
            known = latest.get(record.region)
            if known is None or record.revision > known.revision:
                latest[record.region] = record
        return resolve(Partition(*_two(latest.values())))

    @property
    def recorded(self) -> bool:
        """Whether some Region has written a record of them."""
        return self.winner is not None

    @property
    def contested(self) -> bool:
        """Whether somebody else bears their origin sub."""
        return any(side.claimants for side in self.sides)

    @property
    def known(self) -> bool:
        """Whether anything is known of them anywhere."""
        return self.winner is not None or any(
            side.user or side.claimants or (side.row is not None and side.row.was_here)
            for side in self.sides
        )

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Field by field: the record and the pools that are known."""
        winner = self.winner
        wanted = dict(winner.state) if winner else {}
        pools = {
            side.region: side.state
            for side in self.sides
            if side.state is not None and not side.awaited
        }
        names = sorted({*wanted, *(name for state in pools.values() for name in state)}, key=_order)
        return tuple(
            Difference(name, wanted.get(name, ""), values, self._reasons(name))
            for name in names
            if (values := {region: state.get(name, "") for region, state in pools.items()})
            and {wanted.get(name, ""), *values.values()} != {wanted.get(name, "")}
        )

    def _reasons(self, name: str) -> dict[str, str]:
        return {
            s.region: s.row.skipped[name] for s in self.sides if s.row and name in s.row.skipped
        }


CLEAR = (PRESENT, ENABLED, GROUP)


def masked(name: str, value: str) -> str:
    """A field's value as it may be shown to bystanders: flags and groups as they are, of the rest
    the first character and the length."""
    if not value or name.startswith(CLEAR) or name.endswith("_verified"):
        return value
    return f"{value[0]}***({len(value)})"


def _order(name: str) -> tuple[int, str]:
    """Presence, then names, attributes and groups."""
    kinds = (PRESENT, ENABLED, USERNAME, ATTRIBUTE, GROUP)
    return next((i for i, kind in enumerate(kinds) if name.startswith(kind)), len(kinds)), name


def _two(records: Iterable[Record]) -> tuple[Record | None, Record | None]:
    first, second, *_ = (*records, None, None)
    return first, second
