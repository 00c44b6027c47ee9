"""What the repairing part of a reconciliation plans, does and reports.

Its files, below `runs/<run id>/`, hold ids and digests only:

    suspects/batches.json      how many shards are divided, and the names of the batches
    suspects/<batch>.list      JSON array of the batch's suspects (`work_items.suspect_to_list`)
    repair/round-<n>.json      JSON array of the round's batches (`Batch.to_dict`)
    repair/<batch>/part-<k>.json       what became of some of them (`RepairPart.to_dict`)
    repair/<batch>/part-<k>-end.json   the last of its parts: nobody is left
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.reconciliation.domain.drift_report import FindingOutcome
from cognito_standby.reconciliation.domain.reconciliation import Suspect
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.domain.work_items import suspect_from_list, suspect_to_list


class Did(StrEnum):
    """What a visit did, by its effects."""

    NOTHING = "nothing"
    CONFIRMED = "confirmed"
    """Pool and record agreed already; only the ledger did not say so."""
    CAPTURED = "captured"
    REPLAYED = "replayed"
    INDEXED = "indexed"
    """The own record had no shard and has one now."""
    PURGED = "purged"
    STRIPPED = "stripped"
    HANDED_OVER = "handed over"
    LEFT = "left"


_OUTCOMES: Mapping[Did, FindingOutcome] = {
    Did.NOTHING: FindingOutcome.FALSE_ALARM,
    Did.PURGED: FindingOutcome.PURGED,
    Did.STRIPPED: FindingOutcome.STRIPPED,
    Did.HANDED_OVER: FindingOutcome.HANDED_OVER,
    Did.LEFT: FindingOutcome.LEFT,
}


@dataclass(frozen=True)
class Visit:
    """What became of one suspect.

    reason  an error's class where it was handed over or left, else why nothing had to be done
    billed  whether a call made the user a monthly active one of this pool
    """

    suspect: Suspect
    did: Did
    reason: str = ""
    billed: bool = False

    @property
    def outcome(self) -> FindingOutcome:
        """In the words of the report."""
        return _OUTCOMES.get(self.did, FindingOutcome.REPAIRED)


@dataclass(frozen=True)
class Batch:
    """Suspects for one worker.

    groups  they are group definitions, which come before the users who are in them
    bulk    what is captured is marked, so that the other Region does not start an execution each
    parts   parts that there were when the round was planned, by which it is seen who comes no
            further; `failures` counts such rounds in a row
    """

    id: str
    round: int = 0
    groups: bool = False
    bulk: bool = False
    parts: int = 0
    failures: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As the Distributed Map hands it to a worker."""
        return to_plain(self)

    @classmethod
    def from_dict(cls, raw: Any) -> Batch:
        """Inverse. InvalidRecordError: it is none."""
        return from_plain(cls, raw, whole=True, wrong="this is no batch")


@dataclass(frozen=True)
class RepairPart:
    """What one worker, or a part of its work, came to. `first`: position of the first visit's
    suspect in the batch; the others follow it."""

    first: int
    visits: tuple[Visit, ...]
    usage: Usage = field(default_factory=Usage)

    def to_dict(self) -> dict[str, Any]:
        """The file of a part."""
        visits = [
            [*suspect_to_list(each.suspect), each.did.value, each.reason, int(each.billed)]
            for each in self.visits
        ]
        return {"first": self.first, "visits": visits, "usage": self.usage.to_dict()}

    @classmethod
    def from_dict(cls, raw: Any) -> RepairPart:
        """Inverse. InvalidRecordError: it is none."""
        try:
            visits = tuple(
                Visit(suspect_from_list(each[:5]), Did(each[5]), str(each[6]), bool(each[7]))
                for each in raw["visits"]
            )
            return cls(int(raw["first"]), visits, Usage.from_dict(raw.get("usage")))
        except (KeyError, TypeError, ValueError, IndexError):
            raise InvalidRecordError("this is no part of a batch") from None
