"""A pacer in virtual time: waiting moves the clock."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.reconciliation.adapters.pacing import SharePacer
from tests.twins.clock import ManualClock


class VirtualPacer(SharePacer):
    """Pacer on a manual clock. `seconds`: how long this worker has, from now on."""

    def __init__(
        self, clock: ManualClock, rates: Mapping[str, float], seconds: float = 240.0
    ) -> None:
        def now() -> float:
            return clock.now().timestamp()

        super().__init__(rates, deadline=now() + seconds, now=now, sleep=clock.advance)
