"""The plan of a change: which fields it touches, as they were and as they shall be. Pure.

Only touched fields are ever written or put back, so a change that somebody else makes meanwhile to
other fields stays. A touched field that is neither as it was nor as we wrote it was changed by
somebody else and is never overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    FALSE,
    GROUP,
    PRESENT,
    TRUE,
    Fields,
    without_groups,
)


@dataclass(frozen=True)
class ChangePlan:
    """What a change is going to write.

    subject   record key
    before    touched fields as they were; one that is missing was absent
    wanted    touched fields as they shall be; one that is missing shall be absent
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
        """Names of the fields it is about."""
        return frozenset({*self.before, *self.wanted})

    @property
    def creates(self) -> bool:
        """Whether the user is made by it."""
        return PRESENT in self.wanted and PRESENT not in self.before

    def to_dict(self) -> dict[str, Any]:
        """As it is stored, encrypted."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, raw: Any) -> ChangePlan:
        """The reverse of `to_dict`. InvalidRecordError: it is not what `to_dict` writes."""
        return from_plain(cls, raw, wrong="a stored plan does not have its shape")


def wanted_state(request: ChangeRequest, seen: Fields) -> dict[str, str]:
    """The whole state that a creation (`seen` is empty) or an update asks for, but for the
    username of a creation. A replacement names what it removes (`rules.spelled_out`)."""
    state = dict(seen) or {PRESENT: TRUE, ENABLED: TRUE}
    for name, value in request.attributes.items():
        if value is None:
            state.pop(ATTRIBUTE + name, None)
            state.pop(f"{ATTRIBUTE}{name}_verified", None) if name in CONTACTS else None
        else:
            state[ATTRIBUTE + name] = value
    for contact, verified in request.verified.items():
        state[f"{ATTRIBUTE}{contact}_verified"] = TRUE if verified else FALSE
    if request.enabled is not None:
        state[ENABLED] = TRUE if request.enabled else FALSE
    if request.groups is not None:
        state = dict(without_groups(state))
    for group in (*(request.groups or ()), *request.join):
        state[GROUP + group] = TRUE
    for group in request.leave:
        state.pop(GROUP + group, None)
    return state


def plan_of(
    kind: ChangeKind, subject: str, seen: Fields, wanted: Fields, carried: Fields, tag: str
) -> ChangePlan:
    """The plan from one whole state to another. An address is touched together with its flag: for
    a moment a changed one counts as verified (`contacts.silent_updates`), and that is ours."""
    if kind.removes:
        return ChangePlan(subject, dict(seen), {}, tag, dict(carried))
    touched = {name for name in {*seen, *wanted} if seen.get(name) != wanted.get(name)}
    for contact in CONTACTS:
        if ATTRIBUTE + contact in touched:
            touched.add(f"{ATTRIBUTE}{contact}_verified")
    before = {name: seen[name] for name in sorted(touched) if name in seen}
    after = {name: wanted[name] for name in sorted(touched) if name in wanted}
    return ChangePlan(subject, before, after, tag)


def applied(plan: ChangePlan, seen: Fields) -> dict[str, str]:
    """The state with the change made."""
    return _with(seen, plan.touched, plan.wanted)


def overtaken(plan: ChangePlan, seen: Fields) -> list[str]:
    """Touched fields that somebody else has changed since the plan was made, sorted."""
    return sorted(
        name
        for name in plan.touched
        if seen.get(name) != plan.before.get(name) and not _is_ours(plan, name, seen)
    )


@dataclass(frozen=True)
class Restoration:
    """The state with the change taken back, and the fields that somebody else has changed by
    now."""

    fields: Fields
    not_reverted: tuple[str, ...]


def restored(plan: ChangePlan, seen: Fields) -> Restoration:
    """Take back what is still as we wrote it. An address and its flag belong together: if somebody
    else changed the address, its flag is not put back either. A creation is taken back as a whole
    or not at all."""
    not_reverted = set(overtaken(plan, seen))
    for contact in CONTACTS:
        pair = {ATTRIBUTE + contact, f"{ATTRIBUTE}{contact}_verified"}
        if pair & not_reverted:
            not_reverted |= pair & plan.touched
    if plan.creates:
        not_reverted |= set(seen) - plan.touched
        return Restoration(dict(seen) if not_reverted else {}, tuple(sorted(not_reverted)))
    ours = {name for name in plan.touched if _is_ours(plan, name, seen)}
    return Restoration(_with(seen, ours - not_reverted, plan.before), tuple(sorted(not_reverted)))


def _is_ours(plan: ChangePlan, name: str, seen: Fields) -> bool:
    """Whether a field is as we wrote it, at the end or on the way there."""
    value = seen.get(name)
    if value == plan.wanted.get(name):
        return True
    if name == ENABLED:
        return plan.creates and value == TRUE
    contact = name.removesuffix("_verified")
    is_flag = contact != name and contact.removeprefix(ATTRIBUTE) in CONTACTS
    return (
        is_flag
        and value == TRUE
        and contact in plan.touched
        and seen.get(contact) == plan.wanted.get(contact)
    )


def _with(seen: Fields, names: frozenset[str] | set[str], source: Fields) -> dict[str, str]:
    kept = {name: value for name, value in seen.items() if name not in names}
    return kept | {name: source[name] for name in names if name in source}
