"""Claiming: a Region states that it is the active one, above everything that it has seen.

Whether it may claim is decided before: a planned claim comes after a drain, a claim in an outage at
once.
"""

from __future__ import annotations

from collections.abc import Iterable

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.ports import RecordStore


def claim_next_epoch(
    records: RecordStore, region: str, seen_in_records: Iterable[Epoch] = ()
) -> Epoch:
    """Claim the epoch above every claim and every epoch seen in records; return the own claim.

    Records count because one can arrive before the claim that it was written under; a claim
    below it would leave that user with the other Region. A Region whose claim is already above
    everything keeps it, so that a repeated call changes nothing.

    ServiceUnavailableError: somebody claimed for this Region at the same moment; call again.
    """
    seen = list(seen_in_records)
    claims = records.read_claims()
    own = claims.of(region)
    if own == claims.highest() and all(own >= epoch for epoch in seen):
        return own
    number = claims.next_number(seen)
    if not records.put_claim(number):
        raise ServiceUnavailableError("the own claim moved while it was being raised")
    return Epoch(number, region)
