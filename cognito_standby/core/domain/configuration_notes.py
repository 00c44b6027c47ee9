"""What a Region keeps in mind of its pool's configuration, where both Regions can read it. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ConfigurationNote:
    """Times are UTC, ISO 8601; a snapshot's id is when it was read.

    looked_at   when the configuration was last read
    latest      the newest snapshot; "": there is none
    accepted    the snapshot that is as it should be; "": there is none
    unexpected  places in which the newest one differs from that
    drift       places in which this Region's pool differs from the other's and should not; None:
                not known
    unread      parts that could not be read, and may be there
    trouble     why the last look found nothing, as that the pool is gone; "": it found the pool
    """

    looked_at: str = ""
    latest: str = ""
    accepted: str = ""
    unexpected: int = 0
    drift: int | None = None
    unread: int = 0
    trouble: str = ""
