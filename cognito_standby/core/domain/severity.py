"""How much a difference between two pools matters on the day of a failover. Pure."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters, the worst first."""

    BLOCKS = "blocks"
    """Do not deploy, or fail over, before it is mended: nobody gets in, or somebody gets in who
    must not."""
    LOSES = "loses"
    """On the day people, apps or data are without something that they had."""
    UNKNOWN = "unknown"
    """It could not be read, so it may be any of the others."""
    INCONVENIENT = "inconvenient"
    """Everybody gets in, and something is not as they know it."""
    NOTE = "note"
    """As it should be, or nobody's fault; worth knowing."""

    def reaches(self, least: Severity) -> bool:
        """Whether it is as bad as `least`, or worse."""
        order = list(Severity)
        return order.index(self) <= order.index(least)
