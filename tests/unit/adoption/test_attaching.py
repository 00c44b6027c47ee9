"""Attaching to pools that somebody else changes, too."""

from __future__ import annotations

import pytest

from cognito_standby.adoption.domain.attachment import SLOTS
from cognito_standby.adoption.services.attaching import (
    DisturbedError,
    Installed,
    NotAttachedError,
    NotComparedError,
    carry_out,
    plan_attach,
    plan_detach,
)
from tests.unit.adoption.attachable import OURS, SIDE, TWO_FACTORS, Functions, Pool


def nobody(_: Pool) -> None:
    """Does nothing at this look."""


def test_all_useful_triggers_and_back() -> None:
    pool = Pool(LambdaConfig={"PostAuthentication": "arn:yours"}, DeletionProtection="ACTIVE")
    before = dict(pool.fields)
    carry_out(plan_attach(SIDE, pool, Functions(), SIDE.useful), pool)
    held = pool.fields["LambdaConfig"]
    assert held == {"PostAuthentication": "arn:yours"} | {SLOTS[t]: OURS[t] for t in SLOTS}
    carry_out(plan_detach(SIDE, pool, Functions()), pool)
    assert pool.fields == before


def test_without_a_fence_its_two_triggers_are_left_free() -> None:
    side = Installed("us-east-1", "us-east-1_a", OURS, fenced=False)
    assert set(SLOTS) - set(side.useful) == {"pre_authentication", "custom_message"}


def test_what_is_attached_already_is_not_sent_again() -> None:
    pool = Pool()
    for _ in range(2):
        carry_out(plan_attach(SIDE, pool, Functions(), SIDE.useful), pool)
    assert pool.updates == 1


def test_the_owners_function_comes_back_into_its_place() -> None:
    pool = Pool(LambdaConfig={"PreSignUp": "arn:yours"})
    functions = Functions({OURS["pre_sign_up"]: "arn:yours"})
    carry_out(plan_attach(SIDE, pool, functions, SIDE.useful), pool)
    assert pool.fields["LambdaConfig"]["PreSignUp"] == OURS["pre_sign_up"]
    carry_out(plan_detach(SIDE, pool, functions), pool)
    assert pool.fields["LambdaConfig"] == {"PreSignUp": "arn:yours"}


@pytest.mark.parametrize("change", ["triggers", "settings"])
def test_a_change_between_the_looks_is_not_overwritten(change: str) -> None:
    def by_somebody(pool: Pool) -> None:
        if change == "triggers":
            pool.fields["LambdaConfig"] = {"UserMigration": "arn:new"}
        else:
            pool.fields["DeletionProtection"] = "ACTIVE"

    pool = Pool()
    planned = plan_attach(SIDE, pool, Functions(), SIDE.useful)
    pool.meanwhile = [by_somebody]
    with pytest.raises(NotAttachedError, match="meanwhile"):
        carry_out(planned, pool)
    assert pool.updates == 0


def test_second_factors_that_the_call_took_away_are_set_again() -> None:
    pool = Pool()
    pool.spoils = True
    carry_out(plan_attach(SIDE, pool, Functions(), SIDE.useful), pool)
    assert pool.mfa == TWO_FACTORS


def test_what_is_not_as_it_was_is_told_with_how_it_was() -> None:
    def by_somebody(pool: Pool) -> None:
        pool.fields["DeletionProtection"] = "INACTIVE"

    pool = Pool(DeletionProtection="ACTIVE")
    planned = plan_attach(SIDE, pool, Functions(), SIDE.useful)
    pool.meanwhile = [nobody, by_somebody]
    with pytest.raises(DisturbedError) as error:
        carry_out(planned, pool)
    assert error.value.settings == ("DeletionProtection",)
    assert error.value.before.fields["DeletionProtection"] == "ACTIVE"


def test_a_function_that_cognito_may_not_call_is_not_attached() -> None:
    """Every sign-up would fail."""
    pool = Pool()
    with pytest.raises(NotAttachedError, match="may not call"):
        plan_attach(SIDE, pool, Functions(closed=OURS["pre_sign_up"]), SIDE.useful)


def test_a_setting_that_is_not_known_ends_it_before_it_begins() -> None:
    pool = Pool(Telepathy={"Enabled": True})
    with pytest.raises(NotAttachedError, match="Telepathy"):
        plan_attach(SIDE, pool, Functions(), SIDE.useful)
    with pytest.raises(NotAttachedError, match="Telepathy"):
        plan_detach(SIDE, pool, Functions())
    assert pool.updates == 0


def test_an_update_whose_answer_was_lost_is_looked_at_and_second_factors_come_back() -> None:
    """Run again, it would find the triggers attached, and leave all without a second factor."""
    pool = Pool()
    pool.spoils, pool.trouble = True, {"answer"}
    carry_out(plan_attach(SIDE, pool, Functions(), SIDE.useful), pool)
    assert pool.mfa == TWO_FACTORS
    assert pool.fields["LambdaConfig"]["PreSignUp"] == OURS["pre_sign_up"]


def test_an_update_that_was_refused_changed_nothing_and_says_so() -> None:
    pool = Pool()
    pool.trouble = {"update"}
    planned = plan_attach(SIDE, pool, Functions(), SIDE.useful)
    with pytest.raises(NotAttachedError, match="AccessDeniedException: nothing was changed"):
        carry_out(planned, pool)


@pytest.mark.parametrize("trouble", [{"look"}, {"look", "answer"}])
def test_a_pool_that_cannot_be_compared_afterwards_is_told(trouble: set[str]) -> None:
    pool = Pool()
    pool.trouble = trouble
    planned = plan_attach(SIDE, pool, Functions(), SIDE.useful)
    with pytest.raises(NotComparedError, match="TooManyRequests"):
        carry_out(planned, pool)


def test_second_factors_that_cannot_be_set_again_are_told() -> None:
    pool = Pool()
    pool.spoils, pool.trouble = True, {"mfa"}
    planned = plan_attach(SIDE, pool, Functions(), SIDE.useful)
    with pytest.raises(DisturbedError) as error:
        carry_out(planned, pool)
    assert error.value.settings == ("MFA",)


def test_ours_that_asks_a_function_which_is_not_there_is_not_attached() -> None:
    """A slip in cdk.json: each sign-up would fail, of the standby's pool on the day alone."""
    pool, asks = Pool(), {OURS["pre_sign_up"]: "arn:yours"}
    with pytest.raises(NotAttachedError, match="pre_sign_up asks arn:yours, which is not there"):
        plan_attach(SIDE, pool, Functions(asks, gone="arn:yours"), SIDE.useful)
    plan_attach(SIDE, pool, Functions(asks, gone="arn:yours"), ["post_confirmation"])
    carry_out(plan_attach(SIDE, pool, Functions(asks), SIDE.useful), pool)
    carry_out(plan_detach(SIDE, pool, Functions(asks, gone="arn:yours")), pool)
    assert pool.fields["LambdaConfig"] == {"PreSignUp": "arn:yours"}
