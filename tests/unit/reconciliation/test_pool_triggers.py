"""A pool's own PreSignUp is told of before it refuses the first user whom a replay makes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.core.adapters.cognito import schema_from
from cognito_standby.reconciliation.domain.brake import Limits, brake_verdict
from cognito_standby.reconciliation.domain.work_items import BrakeVerdict
from tests.unit.reconciliation.settled import Settled
from tests.unit.reconciliation.test_brake import RUN, _seen, _tally

OURS = {"PostConfirmation": "arn:aws:lambda:r:1:function:ours"}


@pytest.mark.parametrize(
    ("config", "told"),
    [
        ({}, ()),
        (OURS, ()),
        ({**OURS, "CustomMessage": "arn:x", "PreTokenGeneration": "arn:x"}, ()),
        ({**OURS, "PreSignUp": "arn:x"}, ("PreSignUp",)),
        ({"UserMigration": "arn:x", "PreSignUp": "arn:x"}, ("PreSignUp", "UserMigration")),
        ({"PreSignUp": ""}, ()),
        ({"PreSignUp": "arn:aws:lambda:us-east-1:1:function:standby-pre_sign_up"}, ()),
        ({"UserMigration": "arn:aws:lambda:us-east-1:1:function:standby-user_migration"}, ()),
    ],
)
def test_which_triggers_bear_on_replays(config: dict[str, Any], told: tuple[str, ...]) -> None:
    assert schema_from({"LambdaConfig": config}).triggers == told
    assert schema_from({}).triggers == ()


@pytest.mark.parametrize("triggers", [(), ("PreSignUp",)])
def test_a_run_says_so_and_goes_on(settled: Settled, triggers: tuple[str, ...]) -> None:
    """Also where a refusal never came: whoever is to be made next would be the first."""
    at = settled.standby
    at.side.pool.config = replace(at.side.pool.config, triggers=triggers)
    judgement, _ = at.compare()
    run = at.register.current()
    assert run is not None
    assert judgement.verdict is BrakeVerdict.NOTHING
    assert at.context().store(run).opened().triggers == triggers
    if not triggers:
        assert judgement.reasons == ()
        return
    (reason,) = judgement.reasons
    assert "PreSignUp" in reason and "quarantined" in reason, "the consequence"
    assert "PreSignUp_AdminCreateUser" in reason, "what to do"


def test_who_is_asked_whether_to_go_on_reads_it() -> None:
    many = _tally(drift={"missing": 20_000})
    decided, reasons = brake_verdict(
        _seen(run=RUN, tally=many, triggers=("UserMigration",)), Limits()
    )
    assert decided is BrakeVerdict.ASK
    assert any("UserMigration" in reason for reason in reasons)
    assert brake_verdict(_seen(triggers=("PreSignUp",)), Limits())[0] is BrakeVerdict.REPAIR
