"""Adds up what became of the suspects of a run, kind by kind and cause by cause.

A first filling has as many suspects as the pool has users: only numbers and a few examples are
held, whatever the size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cognito_standby.reconciliation.domain.drift_report import (
    REPEATING,
    Finding,
    FindingOutcome,
)
from cognito_standby.reconciliation.domain.reconciliation import Drift, Housekeeping, Suspect

EXAMPLES = 5
CAUSES = 40
"""Kinds with their causes that are told apart; the rest is added up under `OTHER_CAUSE`."""

OTHER_CAUSE = "other causes"
_REASONS = 10
_OTHER_REASON = "other reasons"

Key = tuple[str, str]
"""Kind and cause."""

_CAPTURE = (
    "a bug in capture: changes in the active pool do not become records. Look at its hints: the "
    "trigger, CloudTrail's rules, the bus and its dead letters"
)
_REPLAY = (
    "a bug in replay: records arrive here and are not applied. Look at the stream's pipe, at "
    "sync_user and at the dead letters"
)
_TABLE = "something else writes to the table: find it by the items' region and change_id"
_REPAIRING = "its failure is not repaired, only put back: read its dead letter, then redrive it"

_SAME_EVERYWHERE: Mapping[str, str] = {
    Drift.MISSING_RECORD: _CAPTURE,
    Drift.STALE_RECORD: _CAPTURE,
    Drift.RECORD_OF_DELETED_USER: _CAPTURE,
    Drift.CHANGED_IN_STANDBY: "somebody changes the standby pool directly: CloudTrail names them",
    Drift.HALF_APPLIED: _REPAIRING,
    Drift.QUARANTINED: _REPAIRING,
    Drift.LEDGER_OUT_OF_STEP: "a bug in the ledger's notes: what is confirmed is not what is there",
    Drift.NO_SHARD: _TABLE,
    Drift.UNREADABLE_RECORD: _TABLE,
}


def suspected(kind: str, *, active: bool) -> str:
    """Where to look for the bug if drift of that kind comes back after each repair."""
    return _SAME_EVERYWHERE.get(kind, _CAPTURE if active else _REPLAY)


@dataclass
class _Sum:
    found: int = 0
    outcomes: dict[FindingOutcome, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)
    housekeeping: bool = False


@dataclass
class Findings:
    """Tell it each suspect once by `found`, and once what became of it by `became`."""

    sums: dict[Key, _Sum] = field(default_factory=dict)

    def found(self, suspect: Suspect, example: str) -> None:
        """A suspect; `example` is its id as it may be shown."""
        each = self._sum(suspect)
        each.found += 1
        each.housekeeping = isinstance(suspect.kind, Housekeeping)
        if len(each.examples) < EXAMPLES and example and example not in each.examples:
            each.examples.append(example)

    def became(self, suspect: Suspect, outcome: FindingOutcome, reason: str = "") -> None:
        """What became of it."""
        each = self._sum(suspect)
        each.outcomes[outcome] = each.outcomes.get(outcome, 0) + 1
        if reason and outcome in (FindingOutcome.LEFT, FindingOutcome.HANDED_OVER):
            known = reason in each.reasons or len(each.reasons) < _REASONS
            reason = reason if known else _OTHER_REASON
            each.reasons[reason] = each.reasons.get(reason, 0) + 1

    def close(self, last: Sequence[Finding], *, active: bool) -> tuple[Finding, ...]:
        """The findings, the most frequent first, drift before housekeeping.

        `last`: those of the run before, if that one may be compared with this. Nobody told what
        became of the rest: they were not tried.
        """
        before = {(each.kind, each.cause): each for each in last}
        made = [self._finding(key, before.get(key), active=active) for key in self.sums]
        return tuple(sorted(made, key=lambda each: (each.housekeeping, -each.found, each.kind)))

    def _sum(self, suspect: Suspect) -> _Sum:
        key = (str(suspect.kind), suspect.cause)
        if key not in self.sums and len(self.sums) >= CAUSES:
            key = (str(suspect.kind), OTHER_CAUSE)
        return self.sums.setdefault(key, _Sum())

    def _finding(self, key: Key, before: Finding | None, *, active: bool) -> Finding:
        kind, cause = key
        each = self.sums[key]
        outcomes = dict(each.outcomes)
        if (rest := each.found - sum(outcomes.values())) > 0:
            outcomes[FindingOutcome.NOT_TRIED] = outcomes.get(FindingOutcome.NOT_TRIED, 0) + rest
        again = not each.housekeeping and before is not None and _was_repaired(before)
        in_a_row = before.in_a_row + 1 if again and before else 1
        return Finding(
            kind=kind,
            cause=cause,
            found=each.found,
            outcomes={str(name): number for name, number in outcomes.items()},
            reasons=dict(each.reasons),
            in_a_row=in_a_row,
            repeats_because=suspected(kind, active=active) if in_a_row >= REPEATING else "",
            examples=tuple(each.examples),
            housekeeping=each.housekeeping,
        )


def _was_repaired(finding: Finding) -> bool:
    """What was only looked at, or left, is found again in any case."""
    return finding.outcomes.get(FindingOutcome.REPAIRED, 0) > 0
