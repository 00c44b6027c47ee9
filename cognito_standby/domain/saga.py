"""The plan of a change: which fields it touches, as they were and as they shall be. Pure.

Only touched fields are ever written or put back, so whatever somebody else changes meanwhile in
other fields stands by itself; and a touched field that is neither as it was nor as we wrote it is
somebody else's and is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cognito_standby.domain.projection import CONTACTS
from cognito_standby.domain.subjects import ATTRIBUTE, PRESENT, Fields


@dataclass(frozen=True)
class Plan:
    """What a change is going to write.

    subject   record key
    before    touched fields as they were; one that is absent is missing
    wanted    touched fields as they shall be
    tag       entity tag of the whole state before
    carried   fields of the record that this pool cannot hold; a removal that is taken back
              needs them
    """

    subject: str
    before: Fields
    wanted: Fields
    tag: str = ""
    carried: Mapping[str, str] = field(default_factory=dict)

    @property
    def touched(self) -> frozenset[str]:
        """Names of the fields that differ."""
        names = {*self.before, *self.wanted}
        return frozenset(n for n in names if self.before.get(n) != self.wanted.get(n))

    @property
    def creates(self) -> bool:
        """Whether the user is made by it."""
        return PRESENT in self.wanted and PRESENT not in self.before

    @property
    def removes(self) -> bool:
        """Whether the user is removed by it."""
        return PRESENT in self.before and PRESENT not in self.wanted


def applied(plan: Plan, seen: Fields) -> dict[str, str]:
    """The state with the change made."""
    return _with(seen, plan.touched, plan.wanted)


def overtaken(plan: Plan, seen: Fields) -> list[str]:
    """Touched fields that somebody else has changed since the plan was made, sorted."""
    return sorted(
        name
        for name in plan.touched
        if seen.get(name) not in (plan.before.get(name), plan.wanted.get(name))
    )


@dataclass(frozen=True)
class Restoration:
    """The state with the change taken back, and the fields that are somebody else's by now."""

    fields: Fields
    left: tuple[str, ...]


def restored(plan: Plan, seen: Fields) -> Restoration:
    """Take back what is still as we wrote it. An address and its flag belong together: the flag of
    somebody else's address is theirs, too."""
    ours = {name for name in plan.touched if seen.get(name) == plan.wanted.get(name)}
    left = set(overtaken(plan, seen))
    for contact in CONTACTS:
        pair = {ATTRIBUTE + contact, f"{ATTRIBUTE}{contact}_verified"}
        if pair & left:
            left |= pair & plan.touched
    return Restoration(_with(seen, ours - left, plan.before), tuple(sorted(left)))


def _with(seen: Fields, names: frozenset[str] | set[str], source: Fields) -> dict[str, str]:
    kept = {name: value for name, value in seen.items() if name not in names}
    return kept | {name: source[name] for name in names if name in source}
