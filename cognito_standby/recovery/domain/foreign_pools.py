"""Whether a pool outside of the installation may be filled from its records. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE

UNREADABLE = "a record that cannot be read"
NOT_MADE = "not made"


class Standing(StrEnum):
    """What a pool is to the installation, as an operator reads it."""

    FILLS = "outside of the installation"
    OWN = "that is the installation's own pool: standby restore without --into"
    ELSEWHERE = "the pool is of another Region: its id begins with that"
    UNMARKED = (
        f"the pool has no {ORIGIN_SUB_ATTRIBUTE}: whom a restore makes could not be told from "
        "somebody new; add the attribute"
    )
    STRANGERS = "the pool has users of other origin, and what is theirs would be mixed up with ours"


@dataclass(frozen=True)
class Seen:
    """A look at pool and records.

    own_pool    the installation's pool in this Region
    marks       the pool has the attribute for the origin sub
    strangers   users whom no record of ours knows by their mark
    there       people of the records who are in the pool
    people, groups  living records
    left_out    why subjects are not restored -> how many
    not_held    "field: why" -> people of whom the pool will not show it
    """

    pool_id: str
    region: str
    own_pool: str
    marks: bool
    strangers: int
    there: int
    people: int
    groups: int
    left_out: Mapping[str, int]
    not_held: Mapping[str, int]


def standing_of(seen: Seen) -> Standing:
    """By the first reason that holds. The installation's other pool is in the other Region."""
    if not seen.pool_id.startswith(f"{seen.region}_"):
        return Standing.ELSEWHERE
    if seen.pool_id == seen.own_pool:
        return Standing.OWN
    if not seen.marks:
        return Standing.UNMARKED
    if seen.strangers:
        return Standing.STRANGERS
    return Standing.FILLS
