"""What an operator's decision about a conflict asks for. Pure.

keep  the present state stays; the conflict leaves the list
take  what was listed is wanted: the same change is asked for as of the Admin API, in the active
      Region, so that it is captured and replayed like any other
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest, UserView
from cognito_standby.core.domain.conflicts import GONE, Conflict, ConflictKind, Weight
from cognito_standby.core.domain.contacts import CONTACTS, FLAGS, with_flags
from cognito_standby.core.domain.groups import is_of_provider
from cognito_standby.core.domain.pools import NEVER_REPLICATED
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    FALSE,
    GROUP,
    PRESENT,
    TRUE,
    Fields,
    SubjectKind,
    digest,
    names_with,
)

MEANINGS = {
    ConflictKind.UNDONE: "made in the standby and put back; the fields are what was made",
    ConflictKind.OVERRIDDEN: "captured, and a newer active Region's change won; what it said",
    ConflictKind.MERGED: "came late and was merged; the fields are what was there before",
}
"""What is listed of each kind, for whoever decides."""


@dataclass(frozen=True)
class ByHand:
    """No change of the Admin API does it. `why` quotes no value; `fields`: which of them."""

    why: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class AsListed:
    """Nothing has to be changed: the active pool shows what was listed."""


Taking = ChangeRequest | ByHand | AsListed

_GROUP_DEFINITION = "a group definition is no user: change the group in the active pool"
_MERGED_DELETION = "the deletion has been done; the records keep who it was: make them again"
_USER_IS_GONE = "the active pool does not have the user any more"
_NO_CALL = "the Admin API cannot set this"


def means(asked: str, key: str) -> bool:
    """Whether a subject is meant: by its key, or by the hash that is shown in its place."""
    return asked in (key, digest(key))


@dataclass(frozen=True)
class Selection:
    """Which conflicts are meant. None: whatever it is.

    subjects  keys, or the hashes that are shown in their place
    """

    subjects: frozenset[str] | None = None
    kind: ConflictKind | None = None
    weight: Weight | None = None

    def means(self, conflict: Conflict) -> bool:
        """Whether this one is."""
        return (
            self.kind in (None, conflict.kind)
            and self.weight in (None, conflict.weight)
            and (self.subjects is None or bool(self.subjects & _names_of(conflict)))
        )

    def not_among(self, conflicts: Collection[Conflict]) -> int:
        """How many of the named are none of these."""
        found = {name for each in conflicts for name in _names_of(each)}
        return len((self.subjects or frozenset()) - found)


def _names_of(conflict: Conflict) -> frozenset[str]:
    return frozenset((conflict.subject.key, digest(conflict.subject.key)))


def present_fields(view: UserView | None) -> Fields:
    """What the active pool shows, by the names that conflicts use; nothing: no such user."""
    if view is None:
        return {}
    told = {ATTRIBUTE + name: value for name, value in view.attributes.items()}
    told |= {GROUP + name: TRUE for name in view.groups}
    return with_flags({PRESENT: TRUE, ENABLED: TRUE if view.enabled else FALSE, **told})


def taking(conflict: Conflict, view: UserView | None) -> Taking:
    """What has to be asked for so that the active pool shows what was listed.

    view  the user in the active pool. The change is refused there if it is not that state any more
    """
    if conflict.subject.kind is not SubjectKind.USER:
        return ByHand(_GROUP_DEFINITION)
    if conflict.deletion:
        return _of_deletion(conflict, view)
    if view is None:
        return ByHand(_USER_IS_GONE)
    now = present_fields(view)
    changed = {
        name: value
        for name, value in conflict.fields.items()
        if name != PRESENT and value != now.get(name, GONE)
    }
    asked = {name for name in conflict.fields if name in changed or not _is_told(name)}
    if unable := tuple(sorted(name for name in asked if not _can_be_set(name))):
        return ByHand(_NO_CALL, unable)
    if not changed:
        return AsListed()
    return _update(conflict.subject.id, view.entity_tag, changed, {**now, **conflict.fields})


def _of_deletion(conflict: Conflict, view: UserView | None) -> Taking:
    if conflict.kind is ConflictKind.MERGED:
        return AsListed() if view else ByHand(_MERGED_DELETION)
    if view is None:
        return AsListed()
    return ChangeRequest(
        ChangeKind.DELETE, origin_sub=conflict.subject.id, if_match=view.entity_tag
    )


def _is_told(name: str) -> bool:
    """Whether the active pool's view says it. Of a second factor or an identity it says nothing,
    so that one which is to go never looks gone."""
    return name in (PRESENT, ENABLED) or name.startswith((ATTRIBUTE, GROUP))


def _can_be_set(name: str) -> bool:
    if name.startswith(ATTRIBUTE):
        return name.removeprefix(ATTRIBUTE) not in NEVER_REPLICATED
    if name.startswith(GROUP):
        return not is_of_provider(name.removeprefix(GROUP))
    return name == ENABLED


def _update(origin_sub: str, tag: str, changed: Mapping[str, str], wanted: Fields) -> ChangeRequest:
    """`wanted`: the whole state that is to be, for the flags of addresses that are set anew."""
    attributes = {
        name: changed[ATTRIBUTE + name] or None
        for name in names_with(ATTRIBUTE, changed)
        if name not in FLAGS
    }
    flagged = {FLAGS[name] for name in names_with(ATTRIBUTE, changed) if name in FLAGS}
    groups = names_with(GROUP, changed)
    return ChangeRequest(
        ChangeKind.UPDATE,
        origin_sub=origin_sub,
        attributes=attributes,
        verified={
            contact: wanted.get(f"{ATTRIBUTE}{contact}_verified") == TRUE
            for contact in CONTACTS
            if (contact in flagged or attributes.get(contact))
            and attributes.get(contact, wanted.get(ATTRIBUTE + contact))
        },
        join=tuple(name for name in groups if changed[GROUP + name]),
        leave=tuple(name for name in groups if not changed[GROUP + name]),
        if_match=tag,
        enabled=changed[ENABLED] == TRUE if changed.get(ENABLED) else None,
    )
