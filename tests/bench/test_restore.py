"""The restore's bench at its smallest, for outcomes; and what the estimate reckons with."""

from __future__ import annotations

from cognito_standby.recovery.domain import restore_estimate as estimate
from tests.bench.restore import Restoring

USERS, WORKERS = 120, 4


def test_a_restore_makes_everybody_and_is_never_refused() -> None:
    restoring = Restoring(USERS, 1.0, WORKERS)
    made = restoring.run()
    assert made.did == {"replayed": USERS}
    assert made.refused == 0
    assert len(restoring.pool.list_users_in_group("staff").users) > 0
    expected = {**estimate.CALLS_TO_CREATE, estimate.CALLS_TO_JOIN: 1}
    assert {name: made.calls[name] / USERS for name in expected} == expected
    # Units are of all users together, and the first look at the table is one for all.
    assert round(made.write_units / USERS) == estimate.WRITE_UNITS_A_CREATION
    assert round(made.read_units / USERS) == estimate.READ_UNITS_A_CREATION
