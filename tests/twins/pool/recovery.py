"""Point-in-time recovery of a whole pool (API reference, InitiatePointInTimeRecovery).

What is remembered is the state at the moments that a test marks; Cognito knows every moment.
"""

from __future__ import annotations

from cognito_standby.core.domain.absence import Recovery, RecoveryStatus
from local.cognito_rules import restores
from tests.twins.pool.core import PoolCore


class RecoveryOperations(PoolCore):
    """The five operations, and the moments that can be gone back to."""

    def mark(self, moment: str) -> None:
        """Remember this moment."""
        self._marks[moment] = (self._accounts.snapshot(), frozenset(self._groups.values()))

    def initiate_point_in_time_recovery(self, moment: str) -> str:
        """InitiatePointInTimeRecovery: writes stop."""
        self._begin("InitiatePointInTimeRecovery")
        restores.check_initiate(paused=self._paused, reachable=moment in self._marks)
        name = f"restore-{len(self._recoveries) + 1}@{moment}"
        self._recoveries = (*self._recoveries, Recovery(name, RecoveryStatus.PREVIEW_GENERATED))
        return name

    def start_point_in_time_recovery(self, name: str) -> None:
        """StartPointInTimeRecovery, at whose return the users are as they were."""
        self._recovery_becomes(name, RecoveryStatus.RESTORE_COMPLETED)
        accounts, groups = self._marks[name.partition("@")[2]]
        self._accounts.restore(accounts)
        self._groups = {group.name: group for group in groups}
        self._version += 1

    def cancel_point_in_time_recovery(self, name: str) -> None:
        """CancelPointInTimeRecovery: writes go on, nobody has changed."""
        self._recovery_becomes(name, RecoveryStatus.PREVIEW_CANCELLED)

    def list_point_in_time_recoveries(self) -> tuple[Recovery, ...]:
        """ListPointInTimeRecoveries."""
        self._begin("ListPointInTimeRecoveries")
        return self._recoveries

    def _recovery_becomes(self, name: str, status: RecoveryStatus) -> None:
        self._begin("StartPointInTimeRecovery")
        known = {each.id: each.status for each in self._recoveries}
        restores.check_waiting(known.get(name))
        self._recoveries = tuple(
            Recovery(name, status) if each.id == name else each for each in self._recoveries
        )
