"""Twin of what the Regions' stacks announce."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class InMemoryRegions:
    """`standing`: how many of the two Regions announced themselves."""

    standing: int = 2

    def both_stand(self) -> bool:
        """As the port says."""
        return self.standing == 2  # noqa: PLR2004 - the two Regions
