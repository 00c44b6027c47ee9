"""Who is active, without a clock."""

from __future__ import annotations

import pytest

from cognito_standby.core.domain.epochs import Claims, Epoch, Installation, is_active

A, B = "a-region", "b-region"
PAIR = Installation(A, B)


def test_epochs_are_ordered_by_number_then_region() -> None:
    assert Epoch(2, A) > Epoch(1, B)
    assert Epoch(1, B) > Epoch(1, A)


def test_before_anybody_claims_the_primary_is_active() -> None:
    claims = Claims({name: PAIR.initial_claim(name).number for name in (A, B)})
    assert is_active(A, claims, [])
    assert not is_active(B, claims, [])


def test_an_unknown_region_has_no_other() -> None:
    assert (PAIR.other(A), PAIR.other(B)) == (B, A)
    with pytest.raises(ValueError, match="c-region"):
        PAIR.other("c-region")


def test_a_record_tells_of_a_claim_that_has_not_arrived() -> None:
    claims = Claims({A: 1, B: 0})
    assert not is_active(A, claims, [Epoch(2, B)])
    assert is_active(A, claims, [Epoch(0, B), Epoch(1, A)])
