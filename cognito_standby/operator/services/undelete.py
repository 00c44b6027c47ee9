"""`standby undelete`: somebody deleted is asked for again in the active Region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.services.asking import Taken, ask
from cognito_standby.core.domain.contacts import CONTACTS
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import ATTRIBUTE, GROUP, TRUE, Fields, Subject, names_with
from cognito_standby.operator.domain.person import Person
from cognito_standby.operator.services.asking import admin_of
from cognito_standby.operator.services.context import OperatorContext

ASKED_BY = "standby undelete"
"""Who asks, as the list of changes tells it. Which person it was, CloudTrail knows."""


@dataclass(frozen=True)
class Deleted:
    """Somebody of whom there is a tombstone."""

    origin_sub: str
    record: Record

    @property
    def groups(self) -> tuple[str, ...]:
        """Where they were a member."""
        return tuple(names_with(GROUP, self.record.fields))

    @property
    def recoverable(self) -> bool:
        """Whether a code can reach them, so that they can choose a password by themselves."""
        flags = (f"{ATTRIBUTE}{contact}_verified" for contact in CONTACTS)
        return any(self.record.fields.get(flag) == TRUE for flag in flags)


def deleted_among(people: Iterable[Person]) -> list[Deleted]:
    """Whose latest record is a tombstone, the latest deletion first."""
    found = [
        Deleted(person.origin_sub, person.winner)
        for person in people
        if person.winner is not None and person.winner.deleted
    ]
    return sorted(found, key=lambda each: each.record.observed_at, reverse=True)


def undelete(active: OperatorContext, deleted: Deleted) -> Taken:
    """Ask for it, and wait. Whoever is living again by now is left as they are."""
    request = ChangeRequest(ChangeKind.UNDELETE, origin_sub=deleted.origin_sub)
    return ask(admin_of(active), request, ASKED_BY)


def left_out(active: OperatorContext, deleted: Deleted) -> tuple[str, ...]:
    """Groups that somebody who came back is not in again, because they are gone."""
    winner = resolve(active.records.read(Subject.user(deleted.origin_sub))[0])
    now: Fields = winner.fields if winner else {}
    return tuple(name for name in deleted.groups if GROUP + name not in now)
