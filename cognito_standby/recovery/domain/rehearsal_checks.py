"""Whether somebody in the throw-away pool is who their record says. Pure.

Three looks, of which none trusts the others: the judgement of a reconciliation, which compares
pool, ledger and record by digests; the fields themselves, one by one; and what a token says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cognito_standby.core.domain.epochs import Claims
from cognito_standby.core.domain.ledger import LedgerRow
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, PoolUser
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import (
    ATTRIBUTE,
    ENABLED,
    GROUP,
    TRUE,
    Fields,
    attributes_of,
    fingerprint,
    names_with,
)
from cognito_standby.core.domain.summaries import comparable, summary_of
from cognito_standby.reconciliation.domain.cases import Case, Terms
from cognito_standby.reconciliation.domain.comparison import Skipped, judge_case
from cognito_standby.reconciliation.domain.reconciliation import LedgerSummary, RecordSummary

_LONG = timedelta(days=36_500)
"""No age matters to people who were made a minute ago."""


@dataclass(frozen=True)
class Found:
    """What the pool and the rehearsal's ledger show of somebody. `user`: None: nobody is there."""

    user: PoolUser | None
    fields: Fields
    row: LedgerRow


def differences(
    record: Record, found: Found, region: str, claims: Claims, now: datetime
) -> list[str]:
    """What is not as the record says, in words without values; nothing: all is."""
    case = Case(
        key=record.subject.key,
        local_sub=found.user.sub if found.user else "",
        summary=summary_of(found.fields),
        status=found.user.status.value if found.user else "",
        row=_ledger_summary(found.row),
        own=None,
        other=RecordSummary(
            record.subject.key, record.region, record.version, False, fingerprint(record.fields)
        ),
    )
    verdict = judge_case(case, Terms(region, claims, now, _LONG, _LONG))
    told = []
    if verdict is not None:
        kind = "left alone" if isinstance(verdict, Skipped) else verdict.kind.value
        why = verdict.reason if isinstance(verdict, Skipped) else verdict.cause
        told.append(f"{kind}: {why}")
    return told + _fields(record.fields, found)


def signed_in_as(
    record: Record, user: PoolUser, row: LedgerRow, claims: Mapping[str, Any], *, marked: bool
) -> list[str]:
    """What a token gets wrong about somebody. `marked`: the pool says whose copy everybody is."""
    held = {name: value for name, value in record.fields.items() if name not in row.skipped}
    wanted = {"sub": user.sub, "cognito:username": user.username, "token_use": "id"}
    told = [f"claim {name}" for name, value in wanted.items() if claims.get(name) != value]
    if sorted(claims.get("cognito:groups") or ()) != names_with(GROUP, held):
        told.append("claim cognito:groups")
    for name, value in attributes_of(held).items():
        if not _same(claims.get(name), value):
            told.append(f"claim {name}")
    if marked and claims.get(ORIGIN_SUB_ATTRIBUTE) != record.subject.id:
        told.append(f"claim {ORIGIN_SUB_ATTRIBUTE}")
    return told


def must_sign_in(record: Record) -> bool:
    """Whether they are to get in: who is disabled is to be refused."""
    return record.fields.get(ENABLED, TRUE) == TRUE


def _same(claim: Any, value: str) -> bool:
    """Flags are booleans in a token, numbers may be numbers, and an address is a structure (OpenID
    Connect Core, "Standard Claims")."""
    if isinstance(claim, Mapping):
        claim = claim.get("formatted")
    return str(claim).lower() == value.lower() if isinstance(claim, bool | int) else claim == value


def _fields(wanted: Fields, found: Found) -> list[str]:
    if not found.fields:
        return ["nobody is there"]
    held = found.row.skipped
    return [
        f"{'group' if name.startswith(GROUP) else name.removeprefix(ATTRIBUTE)} differs"
        for name in sorted({*wanted, *found.fields})
        if wanted.get(name) != found.fields.get(name) and name not in held
    ]


def _ledger_summary(row: LedgerRow) -> LedgerSummary:
    summary, factors = comparable(row.summary)
    return LedgerSummary(
        key=row.subject.key,
        state=row.state,
        local_sub=row.local_sub,
        summary=summary,
        record_fingerprint=row.record_fingerprint,
        confirmed_version=row.confirmed_version,
        factors=factors,
    )
