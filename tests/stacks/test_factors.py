"""What created pools ask for beside, or instead of, a password; and the policy's consequences."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.core.domain.after_failover import (
    AfterFailover,
    carries_factors,
    consequences,
    contradictions,
)
from cognito_standby.core.domain.sign_in import FirstFactor, MfaMode, SignInRules
from stacks.advice import about_failovers
from stacks.config.source import parse
from tests.stacks.variants import MINIMAL

CODES = SignInRules(first_factors=frozenset({FirstFactor.PASSWORD, FirstFactor.EMAIL_OTP}))


def config(**change: Any) -> Any:
    return parse({**MINIMAL, **change}, "test.json")


@pytest.mark.parametrize(
    ("policy", "codes", "primary", "backup"),
    [
        ("reset", ["email"], ("EMAIL_OTP",), ()),
        ("otp", [], (), ("EMAIL_OTP",)),
        ("otp", ["email"], ("EMAIL_OTP",), ("EMAIL_OTP",)),
        ("as_in_source", ["email"], ("EMAIL_OTP",), ("EMAIL_OTP",)),
        ("as_in_source", [], (), ()),
    ],
)
def test_which_codes_a_created_pool_takes(
    policy: str, codes: list[str], primary: tuple[str, ...], backup: tuple[str, ...]
) -> None:
    made = config(after_failover=policy, factors={"codes": codes})
    assert made.codes_in(made.primary_region) == primary
    assert made.codes_in(made.backup_region) == backup


@pytest.mark.parametrize("policy", AfterFailover)
def test_an_operator_is_told_of_what_is_not_the_default(policy: AfterFailover) -> None:
    told = about_failovers(config(after_failover=policy.value))
    if policy is AfterFailover.RESET:
        assert told == ()
    else:
        assert all(sentence in told[0] for sentence in consequences(policy))


def test_what_contradicts_a_policy_is_told() -> None:
    assert contradictions(AfterFailover.OTP, CODES) == ()
    assert contradictions(AfterFailover.RESET, SignInRules()) == ()
    assert len(contradictions(AfterFailover.OTP, SignInRules(mfa=MfaMode.ON))) == 2
    assert len(contradictions(AfterFailover.RESET, SignInRules(recovery=()))) == 1
    assert contradictions(AfterFailover.AS_IN_SOURCE, SignInRules()) == ()


def test_people_who_come_home_have_their_factors() -> None:
    home = {"primary_region": "us-east-1"}
    assert carries_factors(AfterFailover.OTP, "us-east-1", **home)
    assert not carries_factors(AfterFailover.OTP, "us-west-2", **home)
    assert carries_factors(AfterFailover.RESET, "us-west-2", **home)
