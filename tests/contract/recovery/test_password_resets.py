"""What the ledger's rows tell of resets, and sessions that end."""

from __future__ import annotations

import pytest

from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import PlanStaleError
from cognito_standby.core.domain.ledger import Confirmation
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.core.ports import Ledger
from cognito_standby.recovery.adapters.password_resets import DynamoResetNotes
from cognito_standby.recovery.domain.changed_passwords import ResetNote, Stage
from cognito_standby.recovery.services.password_ports import ResetNotes
from tests.contract.backends import BACKUP, Backend
from tests.twins.clock import ManualClock
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.password_notes import InMemoryResetNotes

ANN = Subject.user("11111111-aaaa-4bbb-8ccc-000000000001")
SET = ResetNote(Epoch(2, BACKUP), Stage.PASSWORD)
DONE = ResetNote(Epoch(2, BACKUP), Stage.SIGNED_OUT)


def _both(backend: Backend, clock: ManualClock) -> tuple[Ledger, ResetNotes]:
    ledger = backend.ledger(clock)
    if isinstance(ledger, DynamoLedger):
        return ledger, DynamoResetNotes(ledger._client, ledger._table)
    assert isinstance(ledger, InMemoryLedger)
    return ledger, InMemoryResetNotes(ledger)


def test_a_reset_is_noted_under_the_lease_and_outlives_it(
    backend: Backend, clock: ManualClock
) -> None:
    ledger, resets = _both(backend, clock)
    assert resets.read(ANN) is None
    with pytest.raises(PlanStaleError):
        resets.note(ANN, "run#0", SET)
    ledger.take_lease(ANN, "run#0")
    resets.note(ANN, "run#0", SET)
    assert resets.read(ANN) == SET
    resets.note(ANN, "run#0", DONE)
    with pytest.raises(PlanStaleError):
        resets.note(ANN, "run#1", SET)
    ledger.confirm(ANN, "run#0", Confirmation({"present": "true"}, None, {}))
    assert resets.read(ANN) == DONE
    assert ledger.read(ANN).confirmed == {"present": "true"}
