"""Second factors are counted from the ledger, and differ from no listing."""

from __future__ import annotations

from cognito_standby.core.domain.recoverability import Reason
from cognito_standby.core.domain.sign_in import Channel, Factor, MfaMode, SignInRules
from cognito_standby.core.domain.subjects import FACTOR, PREFERRED_FACTOR, PRESENT, TRUE, Fields
from cognito_standby.core.domain.summaries import (
    comparable,
    factors_in,
    parts_of,
    preferred_in,
    summary_of,
)
from cognito_standby.reconciliation.domain.readiness import Count, sum_of

ANN: Fields = {PRESENT: TRUE, "attr:email": "ann@example.org", "group:staff": TRUE}
WITH = {
    FACTOR + "SMS_MFA": TRUE,
    FACTOR + "SOFTWARE_TOKEN_MFA": TRUE,
    PREFERRED_FACTOR: "SOFTWARE_TOKEN_MFA",
}
RULES = SignInRules(
    recovery=(Channel.EMAIL, Channel.PHONE),
    mfa=MfaMode.OPTIONAL,
    factors=frozenset(Factor),
)


def test_a_summary_tells_factors_and_is_compared_without_them() -> None:
    plain, told = summary_of(ANN), summary_of({**ANN, **WITH})
    assert comparable(plain) == (plain, "")
    summary, letters = comparable(told)
    assert summary == plain
    assert parts_of(summary) is not None
    assert factors_in(letters) == {"SMS_MFA", "SOFTWARE_TOKEN_MFA"}
    assert preferred_in(letters) == "SOFTWARE_TOKEN_MFA"
    assert comparable("") == ("", "")
    assert factors_in("z") == frozenset(), "of another release"
    assert preferred_in("sZ") == "", "of another release"


def test_who_has_which_is_counted_and_whom_it_locks_out() -> None:
    rows = [
        ("1", "1", "", "1", "CONFIRMED", "P"),
        ("2", "2", "", "1", "CONFIRMED", "EP"),
        ("3", "3", "", "1", "CONFIRMED", "P"),
    ]
    counted, helpless = Count(RULES).of(rows, {"1", "2", "3"}, {}, {"1": "S", "2": "sT"})
    assert counted.factors == {"SMS_MFA": 2, "SOFTWARE_TOKEN_MFA": 1}
    assert counted.preferred == {"SMS_MFA": 1, "SOFTWARE_TOKEN_MFA": 1}
    assert [(each.key, each.reason) for each in helpless] == [("1", Reason.FACTOR_IS_RECOVERY)]
    assert sum_of([counted, counted]).factors == {"SMS_MFA": 4, "SOFTWARE_TOKEN_MFA": 2}
