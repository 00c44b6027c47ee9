"""Twin of what the Regions' stacks announce."""

from __future__ import annotations

from dataclasses import dataclass, field

from cognito_standby.core.domain.epochs import Installation


@dataclass
class InMemoryRegions:
    """`announced`: the Regions whose stacks announced themselves and did not take it back."""

    installation: Installation
    announced: set[str] = field(default_factory=set)

    def both_stand(self) -> bool:
        """As the port says."""
        return {self.installation.primary, self.installation.backup} <= self.announced
