"""A restore: who is asked for, and what is going to be done about each of them. Pure.

Nothing here decides what somebody should look like. What a restore does is what SYNC would do, but
for one thing: whoever is missing is made again from the living record, in an active Region, too,
where SYNC takes an absence for a deletion. That somebody asked for it is what tells the two apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    FEDERATED,
    GROUP,
    PRESENT,
    Subject,
    SubjectKind,
    names_with,
)
from cognito_standby.recovery.domain.deletions import deleted_before
from cognito_standby.recovery.domain.restore_request import RestoreRequest
from cognito_standby.recovery.domain.reverting import reverting
from cognito_standby.replication.domain.decide import Apply, Capture, Confirm, Skip, decide
from cognito_standby.replication.domain.kin import Bind
from cognito_standby.replication.domain.view import View


class Action(StrEnum):
    """What a restore does about somebody."""

    CREATE = "create"
    """Missing here, and the record is living."""
    CHANGE = "change"
    """Here, and unlike the record: overwritten by it."""
    UNDELETE = "undelete"
    """Their record is a tombstone that is young enough."""
    REVERT = "revert"
    """Changed since the time of the records: put back as they were then."""
    LEAVE = "leave"
    REFUSE = "refuse"

    @property
    def writes(self) -> bool:
        """Whether anything is going to be written."""
        return self in (Action.CREATE, Action.CHANGE, Action.UNDELETE, Action.REVERT)


SAME = "as the record says"
NEWER = "changed in this pool since: the record follows the pool"
ERASED = "erased"
PROVIDER = "comes by signing in through the identity provider"
STANDS_BY = "deleted: undeleted in the active Region, and replayed here"
NO_TOMBSTONE = "deleted, and no tombstone is left"
LATE = "deleted before that time, and replayed here after it"
GROUP_GONE = "a deleted group: make it again, and then restore who was in it"
CHANGED_SINCE = "changed since, and left as it is now"
NOT_REVERTED = "changed since, in what no administrator can put back"
NAME_HELD = "another user has the name or an address"
UNREADABLE = "a record that cannot be read"


@dataclass(frozen=True)
class Planned:
    """What is going to be done about one subject, and why.

    not_held     field -> why this pool will not show it
    memberships  that are going to be written, at least
    seen         the write of the record that this is planned by (`write_of`)
    imports      an import job may make them (`restore_imports`)
    """

    key: str
    action: Action
    reason: str = ""
    not_held: Mapping[str, str] = field(default_factory=dict)
    memberships: int = 0
    seen: str = ""
    imports: bool = False

    def refused(self, reason: str) -> Planned:
        """The same subject, about whom nothing is done."""
        return Planned(self.key, Action.REFUSE, reason)


def write_of(winner: Record | None) -> str:
    """Names the write that a plan goes by; "": there is none."""
    if winner is None:
        return ""
    return f"{winner.epoch_number}/{winner.region}/{winner.revision}"


def planned(view: View, asked: RestoreRequest) -> Planned | None:
    """What one look calls for; None: the subject is not asked for.

    Who was erased, and whose name somebody else has, no look shows: that is asked besides.
    """
    found = _planned(view, asked)
    return found and replace(found, seen=write_of(view.winner))


def planned_as_of(view: View, then: Record | None, asked: RestoreRequest) -> Planned | None:
    """The same for whoever was living at a time, by the records as they were then. What became of
    them is asked of today's records: who is there, and what was changed since, stays."""
    found = _planned_as_of(view, then, asked)
    return found and replace(found, seen=write_of(view.winner))


def _planned(view: View, asked: RestoreRequest) -> Planned | None:
    winner = view.winner
    if winner is None or not selected(view.subject, winner, asked):
        return None
    if winner.deleted:
        return _of_deleted(view, winner, asked)
    return _of_living(view)


def _planned_as_of(view: View, then: Record | None, asked: RestoreRequest) -> Planned | None:
    if then is None or then.deleted or not selected(view.subject, then, asked):
        return None
    key, winner = view.subject.key, view.winner
    if winner is None:
        return Planned(key, Action.REFUSE, NO_TOMBSTONE)
    if winner.deleted:
        before = deleted_before(view.partition, asked.as_of)
        return Planned(key, Action.LEAVE, LATE) if before else _undelete(view, winner)
    found = _of_living(view)
    if found.reason != SAME or winner.fields == then.fields:
        return found
    if not asked.also_changed_since or view.subject.kind is not SubjectKind.USER:
        return Planned(key, Action.LEAVE, CHANGED_SINCE)
    if reverting(view.subject.id, then.fields, winner.fields) is None:
        return Planned(key, Action.LEAVE, NOT_REVERTED)
    return Planned(key, Action.REVERT)


def is_worth_a_look(record: Record, asked: RestoreRequest) -> bool:
    """Whether a restore may be about the subject of one of its two records. The winner decides;
    this only saves looks at whom neither record can make anybody's business."""
    if record.deleted and not asked.deleted_since:
        return False
    return selected(record.subject, record, asked)


def selected(subject: Subject, record: Record, asked: RestoreRequest) -> bool:
    """Whether a restore is about them, by what a record says. A tombstone keeps the last groups."""
    if asked.user:
        return subject.kind is SubjectKind.USER and subject.id == asked.user
    if not asked.group:
        return True
    match subject.kind:
        case SubjectKind.GROUP:
            return subject.id == asked.group
        case SubjectKind.USER:
            return GROUP + asked.group in record.fields
        case _ as never:
            assert_never(never)


def _of_deleted(view: View, winner: Record, asked: RestoreRequest) -> Planned | None:
    """Deleted on purpose, as far as anybody knows: brought back only where that is asked for."""
    since = asked.deleted_since
    if not since or view.subject.kind is not SubjectKind.USER:
        return None
    at = winner.written_at
    if at is None or at < datetime.fromisoformat(since):
        return None
    if deleted_before(view.partition, since):
        return Planned(view.subject.key, Action.LEAVE, LATE)
    return _undelete(view, winner)


def _undelete(view: View, winner: Record) -> Planned:
    key = view.subject.key
    if view.subject.kind is not SubjectKind.USER:
        return Planned(key, Action.REFUSE, GROUP_GONE)
    if winner.erased:
        return Planned(key, Action.REFUSE, ERASED)
    if not view.active:
        return Planned(key, Action.REFUSE, STANDS_BY)
    if FEDERATED in winner.fields:
        return Planned(key, Action.LEAVE, PROVIDER)
    return Planned(key, Action.UNDELETE, memberships=len(names_with(GROUP, winner.fields)))


def _of_living(view: View) -> Planned:
    key, absent = view.subject.key, not view.observed.present
    decision = decide(replace(view, wanted=True))
    match decision:
        case Confirm():
            return Planned(key, Action.LEAVE, _why_not_here(decision.target.skipped))
        case Capture():
            return Planned(key, Action.LEAVE, NEWER)
        case Skip():
            return Planned(key, Action.REFUSE if absent else Action.LEAVE, decision.reason)
        case Bind():
            return Planned(key, Action.LEAVE, decision.reason)
        case Apply():
            held = {name: str(why) for name, why in decision.target.skipped.items()}
            action = Action.CREATE if absent else Action.CHANGE
            wanted, seen = decision.target.fields, view.observed.fields
            memberships = len(set(names_with(GROUP, wanted)) - set(names_with(GROUP, seen)))
            return Planned(key, action, decision.reason, held, memberships)
        case _ as never:
            assert_never(never)


def _why_not_here(skipped: Mapping[str, str]) -> str:
    """Why a pool is as it should be; and why it is so without the user, where it is."""
    why = skipped.get(PRESENT)
    if why is None:
        return SAME
    return PROVIDER if why == NotHeld.FEDERATED else str(why)
