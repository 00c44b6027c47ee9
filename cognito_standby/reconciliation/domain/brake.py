"""The brake: when a run must not repair before somebody has looked. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.pool_triggers import remarks
from cognito_standby.reconciliation.domain.reconciliation import (
    Drift,
    Housekeeping,
    Mode,
    Run,
    Tally,
)
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict


@dataclass(frozen=True)
class Limits:
    """Above which the brake asks.

    destructive        subjects deleted, disabled or emptied in one run
    destructive_share  the same, as a share of the subjects that the ledger knows
    harmless           so many are never asked about, whatever their share: small pools
    shrunk_share       how much fewer users than expected a listing may have
    writes             subjects made or changed in one run that is no seeding
    """

    destructive: int = 100
    destructive_share: float = 0.01
    harmless: int = 5
    shrunk_share: float = 0.05
    writes: int = 10_000


@dataclass(frozen=True)
class Evidence:
    """What the brake looks at, for one run.

    pool_of_record   the pool that this Region knows: accepted by an operator, or noted first
    claims_before, claims_now   Region -> claim, when the run was opened and now
    newest           Region -> highest epoch number seen in the records
    listed, estimated, former   users: listed, by DescribeUserPool, of the last believed run
    not_listed, not_compared    what could not be, for people
    compared         shards that were
    recovered        recoveries of the pool after which no reconciliation had looked, at the opening
    recovered_since  the same, and not known at the opening
    other_table      why the records table is not to be believed
    former_records   records that the last believed run saw
    former_pool      the pool whose place this one took, by an operator's word
    unasked          a schedule's run, where no run of a person's has been let through yet
    triggers         of the pool, that bear on replays
    """

    run: Run
    tally: Tally
    pool_of_record: str
    claims_before: Mapping[str, int]
    claims_now: Mapping[str, int]
    newest: Mapping[str, int]
    listed: int
    estimated: int
    former: int
    not_listed: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    compared: int = 0
    recovered: tuple[str, ...] = ()
    recovered_since: tuple[str, ...] = ()
    other_table: str = ""
    former_records: int = 0
    unasked: bool = False
    triggers: tuple[str, ...] = ()
    former_pool: str = ""


def brake_verdict(seen: Evidence, limits: Limits) -> tuple[BrakeVerdict, tuple[str, ...]]:
    """What follows, and why in clear words. A dry run tells what the brake would have said."""
    stops, asks = stopping(seen), asking(seen, limits)
    reasons = (*stops, *asks, *_remarks(seen))
    suspects = sum(seen.tally.drift.values())
    if seen.run.mode is Mode.DRY_RUN:
        return BrakeVerdict.DRY_RUN, reasons
    if stops:
        return BrakeVerdict.STOP, reasons
    if not suspects:
        return BrakeVerdict.NOTHING, reasons
    return (BrakeVerdict.ASK if asks else BrakeVerdict.REPAIR), reasons


def stopping(seen: Evidence) -> list[str]:
    """Why nothing of this run may be believed."""
    run, reasons = seen.run, []
    if seen.pool_of_record != run.user_pool_id:
        reasons.append(
            f"this is the pool {run.user_pool_id}; the one noted for {run.region} is "
            f"{seen.pool_of_record}: standby accept-pool"
        )
    if dict(seen.claims_before) != dict(seen.claims_now):
        reasons.append(
            f"a Region claimed during the run: {_told(seen.claims_before)} became "
            f"{_told(seen.claims_now)}"
        )
    ahead = {
        region: number
        for region, number in seen.newest.items()
        if number > seen.claims_now.get(region, -1)
    }
    if ahead:
        reasons.append(
            f"it is unclear who is active: there are records of {_told(ahead)}, and the claims "
            f"are {_told(seen.claims_now)}"
        )
    if not seen.compared:
        reasons.append("no shard could be compared")
    if seen.other_table:
        reasons.append(seen.other_table)
    if seen.recovered_since:
        reasons.append(f"the pool was recovered during the run: {', '.join(seen.recovered_since)}")
    return reasons


def asking(seen: Evidence, limits: Limits) -> list[str]:
    """Why somebody should look before anything is repaired."""
    tally, reasons = seen.tally, []
    known = max(tally.ledger_rows, tally.records // 2, 1)
    share = tally.destructive / known
    if tally.destructive > limits.destructive:
        reasons.append(
            f"{tally.destructive} subjects would be deleted, disabled or emptied; the limit is "
            f"{limits.destructive}"
        )
    elif tally.destructive > limits.harmless and share > limits.destructive_share:
        reasons.append(
            f"{tally.destructive} subjects would be deleted, disabled or emptied: {share:.1%} of "
            f"{known}; the limit is {limits.destructive_share:.1%}"
        )
    reasons = [*_emptied_pool(tally, limits), *reasons]
    reasons += [*shrunk(seen, limits), *_recovered(seen), *emptied(seen, limits)]
    writes = sum(n for kind, n in tally.drift.items() if kind not in _BY_AGE)
    # Into an empty pool nobody comes but from records that were kept: each of them is asked about.
    if seen.unasked and writes > (limits.harmless if seen.listed else 0):
        reasons.append(
            f"{writes} subjects would be visited and perhaps written by a schedule, in a pool that "
            f"no run which anybody asked for has compared"
        )
    if writes > limits.writes and not seen.run.seeding:
        reasons.append(
            f"{writes} subjects would be visited and perhaps written; the limit of a run that is "
            f"no seeding is {limits.writes}"
        )
    return reasons


EMPTIED = "the pool was emptied"
"""How the first reason begins where most of an active pool's people are gone: whoever shows a
question can tell it from others."""


def _emptied_pool(tally: Tally, limits: Limits) -> list[str]:
    """In a Region that stands by, people who are missing are made again, and nothing is lost."""
    absent, known = tally.absent, tally.ledger_rows
    if absent <= max(limits.harmless, known / 2) or tally.destructive < absent:
        return []
    return [
        f"{EMPTIED}: {absent} of {known} whom the ledger knows are missing; to approve deletes "
        "them in both Regions, to reject deletes nobody, and a restore brings them back "
        "(docs/runbooks/restore.md)"
    ]


_BY_AGE = frozenset(kind.value for kind in Housekeeping)


def shrunk(seen: Evidence, limits: Limits) -> list[str]:
    """Whether the listing looks truncated: fewer users than expected, and users missing."""
    absent, listed = seen.tally.absent, seen.listed
    if not absent:
        return []  # nobody is believed to be gone
    if seen.not_listed:
        # How many there are in what was not listed is not known; no absence there is counted.
        known = seen.tally.ledger_rows
        told = f"{absent} of {known} whom the ledger knows are missing in what was listed"
        return [told] if _is_much(absent, known, limits) else []
    return [
        f"{listed} users were listed, {expected - listed} fewer than by {by} ({expected}); "
        f"{absent} whom the ledger knows are missing"
        for expected, by in ((seen.estimated, "Cognito's estimate"), (seen.former, "the last run"))
        if _is_much(expected - listed, expected, limits)
    ]


def _recovered(seen: Evidence) -> list[str]:
    """What a recovery of the pool took away or brought back is always asked about."""
    returned = seen.tally.drift.get(Drift.RETURNED.value, 0)
    reasons = []
    if seen.recovered:
        reasons.append(
            f"the pool was recovered to a point in time ({', '.join(seen.recovered)}): "
            f"{seen.tally.absent} whom the ledger knows are missing, and would be deleted"
        )
    if returned:
        reasons.append(f"{returned} deleted users are back in the pool, and would be let in again")
    return reasons


def emptied(seen: Evidence, limits: Limits) -> list[str]:
    """Whether the table lost records: stripping never removes so many in a day."""
    former, now = seen.former_records, seen.tally.records
    if seen.run.shards or not _is_much(former - now, former, limits):
        return []
    return [f"the table has {now} records; the last run saw {former}"]


def _is_much(missing: int, expected: int, limits: Limits) -> bool:
    return missing > max(limits.harmless, expected * limits.shrunk_share)


def _remarks(seen: Evidence) -> list[str]:
    """What an operator should know besides."""
    told = [f"not listed: {what}" for what in seen.not_listed]
    if seen.former_pool and seen.tally.absent:
        told.append(
            f"this pool took the place of {seen.former_pool}: who was in that one alone is found "
            f"missing, and is deleted by no answer"
        )
    if seen.not_compared:
        told.append(f"not compared: shards {', '.join(seen.not_compared)}")
    return [*told, *remarks(seen.triggers)]


def _told(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{region} {number}" for region, number in sorted(numbers.items()))
