"""How ready a pool is to be signed in to by people whose passwords it does not know. Pure.

Counted in the comparison, by the same decision as for one person (`core.domain.recoverability`):

    from the listing    who gets in, how, and who does not; linked identities
    from the records    whom the other Region will never see, as there is no record of them; nor
                        will it see a provider's own users before they sign in there
    from the ledger     which fields this pool does not hold, and why
                        and which second factors somebody had when they were looked at last

Who is missing in a pool is drift, which the same run repairs and tells of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.recoverability import Reason, Recoverability, recoverability
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.core.domain.subjects import GROUP, PRESENT
from cognito_standby.core.domain.summaries import factors_in, preferred_in
from cognito_standby.reconciliation.domain.standings import (
    identities_in,
    is_canary,
    is_providers_own,
    standing_of,
)

Counts = Mapping[str, int]

_LOCAL_SUB, _ORIGIN, _FLAG, _STATUS, _MARKS = 0, 1, 3, 4, 5
_WITH_MARKS = 6

UNKNOWN = "for a reason that this release does not know"
"""Of a text that another release has stored: what is counted by reason stays one of a few."""

_KNOWN = frozenset(each.value for each in NotHeld)

MEMBERSHIP = "group:"
"""Stands for all memberships where fields are counted: a pool has 10,000 groups."""


@dataclass(frozen=True)
class Readiness:
    """What a run counted of one pool, before its repairs."""

    people: int = 0
    """Users, as listed."""
    ways: Counts = field(default_factory=dict)
    """How they get in without a password -> users."""
    reasons: Counts = field(default_factory=dict)
    """Why so, or why not -> users."""
    unrecorded: Counts = field(default_factory=dict)
    """The same reasons of those who do not get in and whom the other Region does not have: who have
    no record, and a provider's users, of whom no record makes anybody."""
    linked: int = 0
    """Local users with identities of providers linked to them."""
    identities: int = 0
    """How many those are."""
    not_held: Mapping[str, Counts] = field(default_factory=dict)
    """Why the pool does not show a field as the winner has it -> field -> subjects."""
    factors: Counts = field(default_factory=dict)
    """Second factor, or WEB_AUTHN -> users of this pool who have it on, as of the last look."""
    preferred: Counts = field(default_factory=dict)
    """The same of those whose preferred one it is."""
    changed_passwords: Counts = field(default_factory=dict)
    """`AfterFailback` -> people who set a password while the other Region was active, and about
    whom it decides before this Region opens; none while it is active."""
    awaited: Counts = field(default_factory=dict)
    """People whom this pool lacks, and makes from their records when they first come: how they get
    in without a password, or why not -> people. They are not among `people`."""

    @property
    def not_by_themselves(self) -> Counts:
        """Reason -> users who do not get in, or only through a provider."""
        return {r: n for r, n in self.reasons.items() if r in LISTED}

    def missing_after_failover(self, *, active: bool) -> Counts:
        """Reason -> users who would not get in after a failover, as far as this Region can tell: of
        the standby's pool everybody, of the active one's whom the other Region does not have."""
        if active:
            return self.unrecorded
        never = {reason: n for reason, n in self.awaited.items() if reason in LISTED}
        return _added((self.not_by_themselves, never))

    @property
    def fields_not_held(self) -> Counts:
        """Reason -> fields, over all subjects."""
        return {reason: sum(fields.values()) for reason, fields in self.not_held.items()}


LISTED = frozenset(Reason) - {
    *(Reason.VERIFIED_EMAIL, Reason.VERIFIED_PHONE, Reason.MFA_NEEDS_ENROLMENT),
    Reason.DISABLED,
}
"""Of whom people are named one by one: who does not get in by themselves. Who is disabled gets in
nowhere, as somebody decided."""


class Helpless(NamedTuple):
    """One who does not get in by themselves, or only through a provider."""

    key: str
    local_sub: str
    reason: str
    recorded: bool
    """Whether there is a record by which the other Region has them."""


class NotHeldField(NamedTuple):
    """A field of a subject that the pool does not show as the winner has it."""

    key: str
    field: str
    reason: str


class Count:
    """Counts the users of a shard. A few dozen combinations of status, flag and addresses make up
    a pool, so each is decided once."""

    def __init__(self, rules: SignInRules, *, staging: bool = False) -> None:
        """`staging`: a record of a provider's user makes somebody in the other Region."""
        self._rules, self._staging = rules, staging
        self._decided: dict[tuple[str, ...], Recoverability] = {}

    def of(
        self,
        rows: Iterable[tuple[str, ...]],
        recorded: Container[str],
        misfiled: Mapping[str, str],
        letters: Mapping[str, str] | None = None,
    ) -> tuple[Readiness, list[Helpless]]:
        """`recorded`: keys of which there is a record. `misfiled`: local sub -> whose it is, where
        the row names another. `letters`: local sub -> the ledger's letters of second factors. Rows
        of an older release tell nothing, and do not count."""
        users = {row[_LOCAL_SUB]: row for row in rows if row[_LOCAL_SUB]}
        if not users:  # most shards of a small pool
            return Readiness(), []
        known_factors = letters or {}
        ways, reasons, unrecorded = Counter[str](), Counter[str](), Counter[str]()
        factors, preferred = Counter[str](), Counter[str]()
        people = linked = identities = 0
        helpless: list[Helpless] = []
        for local_sub, row in users.items():
            if len(row) < _WITH_MARKS or is_canary(row[_MARKS]):
                continue
            told_of = known_factors.get(local_sub, "")
            decided = self._decision((*row[_FLAG:], told_of))
            if told_of:
                factors.update(map(str, factors_in(told_of)))
                preferred.update({preferred_in(told_of)} - {""})
            people += 1
            ways[decided.way.value] += 1
            reasons[decided.reason.value] += 1
            if number := identities_in(row[_MARKS]):
                linked, identities = linked + 1, identities + number
            if decided.reason in LISTED:
                known = self._is_made_of(row, decided.reason) and (
                    local_sub in misfiled or row[_ORIGIN] in recorded
                )
                key = misfiled.get(local_sub, row[_ORIGIN])
                helpless.append(Helpless(key, local_sub, decided.reason.value, known))
                unrecorded[decided.reason.value] += not known
        told = (dict(ways), dict(reasons), dict(+unrecorded))
        whole = Readiness(
            *(people, *told, linked, identities), factors=dict(factors), preferred=dict(preferred)
        )
        return whole, helpless

    def _is_made_of(self, row: tuple[str, ...], reason: Reason) -> bool:
        """Whether a record makes the user in the other Region, too."""
        if not is_providers_own(row[_STATUS], row[_MARKS]):
            return True
        return self._staging and reason is not Reason.PAIRWISE_SUBJECT

    def _decision(self, end: tuple[str, ...]) -> Recoverability:
        decided = self._decided.get(end)
        if decided is None:
            flag, status, marks, letters = end
            decided = recoverability(standing_of(status, flag, marks, letters), self._rules)
            self._decided[end] = decided
        return decided


def fields_of(held: Mapping[str, Mapping[str, str]]) -> list[NotHeldField]:
    """Of key -> field -> reason, as the ledger has it."""
    return [
        NotHeldField(key, name, reason)
        for key, skipped in sorted(held.items())
        if skipped.get(PRESENT) != NotHeld.AWAITED  # a whole person, who is counted apart
        for name, reason in sorted(skipped.items())
    ]


def unstaged_of(held: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """Keys of a provider's users of whom nobody was made because another way was configured. Where
    the pool is the reason, nothing has changed; it is told, and not tried each time."""
    way = NotHeld.FEDERATED
    return frozenset(key for key, fields in held.items() if fields.get(PRESENT) == way)


def awaited_in(held: Mapping[str, Mapping[str, str]]) -> frozenset[str]:
    """Keys of those of whom the ledger says that they are made when they first come."""
    way = NotHeld.AWAITED
    return frozenset(key for key, fields in held.items() if fields.get(PRESENT) == way)


def with_fields(readiness: Readiness, found: Iterable[NotHeldField]) -> Readiness:
    """The same with these fields counted."""
    counts: dict[str, Counter[str]] = {}
    for each in found:
        reason = each.reason if each.reason in _KNOWN else UNKNOWN
        name = MEMBERSHIP if each.field.startswith(GROUP) else each.field
        counts.setdefault(reason, Counter())[name] += 1
    return replace(readiness, not_held={reason: dict(each) for reason, each in counts.items()})


def sum_of(parts: Sequence[Readiness]) -> Readiness:
    """All of them together."""
    fields: dict[str, Counter[str]] = {}
    for part in parts:
        for reason, names in part.not_held.items():
            fields.setdefault(reason, Counter()).update(names)
    return Readiness(
        people=sum(each.people for each in parts),
        ways=_added(each.ways for each in parts),
        reasons=_added(each.reasons for each in parts),
        unrecorded=_added(each.unrecorded for each in parts),
        linked=sum(each.linked for each in parts),
        identities=sum(each.identities for each in parts),
        factors=_added(each.factors for each in parts),
        preferred=_added(each.preferred for each in parts),
        changed_passwords=_added(each.changed_passwords for each in parts),
        awaited=_added(each.awaited for each in parts),
        not_held={reason: dict(names) for reason, names in fields.items()},
    )


def _added(parts: Iterable[Counts]) -> dict[str, int]:
    total = Counter[str]()
    for part in parts:
        total.update(part)
    return dict(total)
