"""What a Region keeps in mind of a pool from one reconciliation to the next. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PoolNote:
    """What the last believed run saw of a pool.

    users, records  how many there were
    misfiled        users whose copy of the origin sub was not what the ledger says: as long as
                    there are some, the reverse map is asked for everybody
    begun           a run that may repair was let through, by the brake or by a person: from then
                    on a schedule may begin runs. A dry run is none
    """

    users: int = 0
    records: int = 0
    misfiled: int = 0
    begun: bool = False
