"""What came of an adoption: who is where, whom the owner's functions were asked about, figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from local.demo.compare import Comparison, compare
from tests.adopt.installing import Adoption
from tests.adopt.traffic import Seen

_UNCONFIRMED = "UNCONFIRMED"


@dataclass(frozen=True)
class Outcome:
    """`lost`, `unasked`, `differing`, `changed`, `refused`: empty where all is well.

    before    how many people the pool had
    phases    phase -> sign-ups that began in it
    seconds   phase -> how long it took
    late      sign-ups that only the reconciliation brought to the standby
    lost      sign-ups that are no record, or not in the standby pool as in the active one
    unasked   sign-ups and sign-ins about which the owner's functions were not asked
    twice     calls of the owner's functions beyond one each
    differing problems of all others, old ones included
    changed   pools whose settings are not what they were
    refused   rights that a function lacked
    stayed    what CloudFormation said of the stack that the pool still called
    """

    before: int
    seen: Seen
    phases: Mapping[str, int]
    seconds: Mapping[str, float]
    late: int
    lost: list[str]
    unasked: list[str]
    twice: int
    differing: list[str]
    changed: list[str]
    refused: list[str]
    stayed: str
    compared: int = 0

    @property
    def problems(self) -> list[str]:
        """Of every kind."""
        found = [f"lost: {each}" for each in self.lost]
        found += [f"not asked: {each}" for each in self.unasked]
        found += [f"differs: {each}" for each in self.differing]
        found += [f"changed: {each}" for each in self.changed]
        found += [f"refused: {each}" for each in self.refused]
        found += [f"failed: {each}" for each in self.seen.failed]
        found += [f"without the owner's claim: {each}" for each in self.seen.without_claim]
        if "standby detach" not in self.stayed:
            found.append(f"the stack that a pool calls: {self.stayed or 'it went'}")
        return found


@dataclass
class Standing:
    """Both pools side by side, and the records."""

    comparison: Comparison
    records: set[str]
    problems: list[str] = field(default_factory=list)

    def missing(self, seen: Seen) -> list[str]:
        """Sign-ups that are no record, or not in the standby as in the active pool."""
        wrong = {row.name: row.problem for row in self.comparison.rows if row.problem}
        found = []
        for each in seen.sign_ups:
            if each.sub not in self.records and each.name not in seen.gone:
                found.append(f"{each.name} ({each.phase}): no record")
            elif each.name in wrong:
                found.append(f"{each.name} ({each.phase}): {wrong[each.name]}")
        return found


def standing(adoption: Adoption) -> Standing:
    """As it is now. Who never confirmed is nobody to replicate."""
    comparison = compare(adoption.stage)
    rows = [
        row
        for row in comparison.rows
        if row.standby or row.active is None or row.active.status != _UNCONFIRMED
    ]
    comparison = Comparison(rows, comparison.group_problems)
    return Standing(comparison, _records(adoption), comparison.problems)


def _records(adoption: Adoption) -> set[str]:
    client = adoption.aws.client("dynamodb", adoption.standby.region)
    pages = client.get_paginator("scan").paginate(TableName=adoption.outputs.records_table)
    items: list[Any] = [item for page in pages for item in page["Items"]]
    return {item["origin_sub"]["S"] for item in items if "revision" in item}


def unasked(calls: Mapping[str, Counter[str]], seen: Seen) -> tuple[list[str], int]:
    """Whom the owner's functions were not asked about as often as it happened; how often they were
    asked more than that, as Cognito may do."""
    wanted: dict[str, Counter[str]] = {}
    for each in seen.sign_ups:
        wanted[each.name] = Counter(("PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp"))
    for name in seen.sign_ins:
        one = Counter(("TokenGeneration_Authentication", "PostAuthentication_Authentication"))
        wanted.setdefault(name, Counter()).update(one)
    lacking, twice = [], 0
    for name, events in wanted.items():
        had = calls.get(name, Counter())
        for event, times in events.items():
            if had[event] < times:
                lacking.append(f"{name}: {event} {had[event]} of {times}")
            twice += max(0, had[event] - times)
    return lacking, twice
