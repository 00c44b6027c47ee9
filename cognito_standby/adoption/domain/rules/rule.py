"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cognito_standby.adoption.domain.findings import Finding
from cognito_standby.adoption.domain.sides import Case, Part


@dataclass(frozen=True)
class Rule:
    """`judge` is asked where both sides have all of `needs`; of `needs_backup` the backup alone."""

    judge: Callable[[Case], Iterable[Finding]]
    needs: tuple[Part, ...] = (Part.POOL,)
    needs_backup: tuple[Part, ...] = ()

    def applies(self, case: Case) -> bool:
        """Whether it can be judged."""
        both = all(side.has(part) for side in case.sides for part in self.needs)
        return both and all(case.backup.has(part) for part in self.needs_backup)
