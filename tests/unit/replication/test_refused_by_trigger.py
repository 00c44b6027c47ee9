"""A standby pool whose own PreSignUp refuses users: named, quarantined, repaired by a new try."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.errors import RefusedByTriggerError
from cognito_standby.core.domain.ledger import SyncState
from cognito_standby.core.domain.subjects import Subject
from tests.twins.pool.errors import CognitoError
from tests.unit.world import World


def test_a_user_whom_the_pools_trigger_refuses_is_quarantined_until_it_does_not() -> None:
    world = World()
    create = world.backup.pool.admin_create_user

    def refusing(*_: Any, **__: Any) -> Any:
        raise CognitoError("UserLambdaValidationException", "PreSignUp failed with error no.")

    world.backup.pool.admin_create_user = refusing  # type: ignore[method-assign]
    sub = world.sign_up("ann", {"email": "ann@example.com", "email_verified": "true"})
    with pytest.raises(RefusedByTriggerError) as refusal:
        world.carry(sub)
    assert "no." not in str(refusal.value), "the trigger's text may name a person"
    row = world.backup.ledger.read(Subject.user(sub))
    assert (row.state, "PreSignUp" in row.reason, row.lease) == (SyncState.QUARANTINED, True, None)
    world.backup.pool.admin_create_user = create  # type: ignore[method-assign]
    world.backup.run({"origin_sub": sub})
    assert world.twin_of(sub) == {"email": "ann@example.com", "email_verified": "true"}
    assert world.backup.ledger.read(Subject.user(sub)).state is SyncState.IN_SYNC
