"""Why something stays granted although no test's installation uses it."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.rights.granted import Grant


@dataclass(frozen=True)
class Reason:
    """Patterns of a grant, and why it stays."""

    role: str
    action: str
    why: str
    resource: str = "*"

    def fits(self, grant: Grant) -> bool:
        """Whether it speaks of this grant."""
        role, _, _, action, _ = grant.place
        return (
            fnmatchcase(role, self.role)
            and fnmatchcase(action, self.action)
            and fnmatchcase(grant.resource, self.resource)
        )


REASONS: tuple[Reason, ...] = ()
