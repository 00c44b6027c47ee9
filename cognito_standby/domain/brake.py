"""The brake: when a run must not repair before somebody has looked. Pure."""

from __future__ import annotations

from dataclasses import dataclass


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
