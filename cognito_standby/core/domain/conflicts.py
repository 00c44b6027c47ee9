"""Changes that lost, or that came late: listed with their fields until somebody decides.

    undone      made in a pool whose Region knew that it stands by; the pool is put back
    overridden  captured in one Region, and never seen by the change of a higher epoch that wins
    merged      captured in the other Region under an older claim, and replayed into the active pool

Who wins is decided in replication/domain/decide.py; what lost is told by losses.py there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from cognito_standby.core.domain.subjects import (
    ENABLED,
    FALSE,
    GROUP,
    PRESENT,
    TRUE,
    Fields,
    Subject,
)

GONE = ""
"""Stands for a field that is not there: none that is there has an empty value."""


class ConflictKind(StrEnum):
    """What became of the change."""

    UNDONE = "undone"
    OVERRIDDEN = "overridden"
    MERGED = "merged"


class Weight(StrEnum):
    """How much a conflict takes from a person, the worst first: the order of the listing."""

    DELETION = "conflict_deletion"
    DISABLING = "conflict_disabling"
    DEPARTURE = "conflict_departure"
    CHANGE = "conflict_change"
    MERGED = "conflict_merged"


@dataclass(frozen=True)
class Conflict:
    """What is listed of one subject for one kind. `fields`: field -> value, "" where it was not
    there.

    undone      what the pool showed before it was put back; a deletion: `present` alone, ""
    overridden  what the record that lost said; a deletion likewise
    merged      what the active pool showed before; a deletion: with `present`
    """

    subject: Subject
    kind: ConflictKind
    fields: Fields

    @property
    def deletion(self) -> bool:
        """Whether somebody deleted the subject."""
        return self.fields.get(PRESENT) == self._deleted

    @property
    def _deleted(self) -> str:
        return TRUE if self.kind is ConflictKind.MERGED else GONE

    @property
    def weight(self) -> Weight:
        """By which conflicts are listed."""
        if self.deletion:
            return Weight.DELETION
        if self.kind is ConflictKind.MERGED:
            return Weight.MERGED
        if self.fields.get(ENABLED) == FALSE:
            return Weight.DISABLING
        left = (not value for name, value in self.fields.items() if name.startswith(GROUP))
        return Weight.DEPARTURE if any(left) else Weight.CHANGE

    def after(self, former: Fields) -> Conflict:
        """This conflict joined with what was listed before: nothing leaves the list by itself.

        For what was merged the first value stays, because the pool got the later one from the merge
        before. A deletion stays a deletion, whatever came before or after it.
        """
        merged = self.kind is ConflictKind.MERGED
        fields = {**self.fields, **former} if merged else {**former, **self.fields}
        if self._deleted in (former.get(PRESENT), self.fields.get(PRESENT)):
            fields[PRESENT] = self._deleted
        return replace(self, fields=fields)


def conflicts(
    subject: Subject, kind: ConflictKind, state: Fields, names: Iterable[str]
) -> tuple[Conflict, ...]:
    """What a state says of some fields, as a conflict; none if no field is named. Of an absent
    state only the absence is listed, because the records keep the rest."""
    told = {name: state.get(name, GONE) for name in sorted(names)}
    if not told:
        return ()
    return (Conflict(subject, kind, told if state else {PRESENT: GONE}),)
