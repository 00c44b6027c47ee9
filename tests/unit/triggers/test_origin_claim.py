"""The claim may be missing, never wrong, and never fails a sign-in."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, UserStatus
from cognito_standby.triggers.domain.origins import Claim, Reason, claim_of
from cognito_standby.triggers.domain.token_answer import with_claim
from cognito_standby.triggers.services.origin_claim import MARGIN, SECONDS, OriginClaim
from cognito_standby.triggers.services.slots import Slot
from tests.unit.triggers.events import ORIGIN, SUB, attributes, call, event, tokens

FEDERATED = {"cognito:user_status": UserStatus.EXTERNAL_PROVIDER.value}
MADE_BY_PROVIDER = {"identities": '[{"userId": "1", "providerName": "Google", "primary": "true"}]'}
LINKED = {"identities": '[{"userId": "1", "providerName": "Google", "primary": "false"}]'}
CASES: list[tuple[str, dict[str, str], str | None, str, Reason]] = [
    ("made by us and bound", {ORIGIN_SUB_ATTRIBUTE: ORIGIN}, ORIGIN, ORIGIN, Reason.MAPPED),
    ("born here, captured", {}, SUB, SUB, Reason.MAPPED),
    ("the ledger counts", {ORIGIN_SUB_ATTRIBUTE: "forged"}, ORIGIN, ORIGIN, Reason.MAPPED),
    ("made by us, not bound", {ORIGIN_SUB_ATTRIBUTE: ORIGIN}, None, "", Reason.NOT_BOUND),
    ("set by hand, not captured", {ORIGIN_SUB_ATTRIBUTE: "forged"}, None, "", Reason.NOT_BOUND),
    ("just signed up", {}, None, SUB, Reason.BORN_HERE),
    ("the attribute is blank", {ORIGIN_SUB_ATTRIBUTE: ""}, None, SUB, Reason.BORN_HERE),
    ("the attribute names the same", {ORIGIN_SUB_ATTRIBUTE: SUB}, None, SUB, Reason.BORN_HERE),
    ("a provider's", FEDERATED, None, "", Reason.FEDERATED),
    ("a provider's, known", FEDERATED, ORIGIN, ORIGIN, Reason.MAPPED),
    ("a provider's, first seen here", FEDERATED, SUB, "", Reason.FEDERATED),
    ("a provider's, with a password", MADE_BY_PROVIDER, None, "", Reason.FEDERATED),
    ("that one, first seen here", MADE_BY_PROVIDER, SUB, "", Reason.FEDERATED),
    ("local, with linked identities", LINKED, None, SUB, Reason.BORN_HERE),
    ("local, identities of no shape", {"identities": "[{}]"}, None, SUB, Reason.BORN_HERE),
]  # fmt: skip


@pytest.mark.parametrize(("_", "more", "mapped", "origin", "reason"), CASES)
def test_what_is_claimed(
    _: str, more: dict[str, str], mapped: str | None, origin: str, reason: Reason
) -> None:
    assert claim_of(attributes(**more), mapped, marked=True) == Claim(origin, reason)


def test_identities_without_a_status_are_taken_for_a_providers_user() -> None:
    told = {"sub": SUB, "identities": "[{}]"}
    assert claim_of(told, None, marked=True) == Claim("", Reason.FEDERATED)


@pytest.mark.parametrize("more", [FEDERATED, MADE_BY_PROVIDER])
def test_at_home_a_providers_user_is_who_was_first_seen_here(more: dict[str, str]) -> None:
    """In the other Region the same identity may have a record from here, of another sub."""
    told = attributes(**more)
    assert claim_of(told, SUB, marked=True, home=True) == Claim(SUB, Reason.MAPPED)
    assert claim_of(told, None, marked=True, home=True) == Claim("", Reason.FEDERATED)


def test_whom_a_pairwise_provider_tells_by_another_subject_is_nobody_new() -> None:
    """The primary's pool may know the same person by another sub. Whom the ledger maps is known."""
    told, google = attributes(**MADE_BY_PROVIDER), frozenset({"Google"})
    claimed = claim_of(told, SUB, marked=True, home=True, pairwise=google)
    assert claimed == Claim("", Reason.FEDERATED)
    untold = claim_of(attributes(**FEDERATED), SUB, marked=True, home=True, pairwise=google)
    assert untold == Claim("", Reason.FEDERATED)
    other = claim_of(told, SUB, marked=True, home=True, pairwise={"Facebook"})
    assert other == Claim(SUB, Reason.MAPPED)
    assert claim_of(told, ORIGIN, marked=True, home=True, pairwise=google).origin == ORIGIN
    linked = claim_of(attributes(**LINKED), SUB, marked=True, home=True, pairwise=google)
    assert linked == Claim(SUB, Reason.MAPPED)


@given(
    mark=st.sampled_from(["", SUB, ORIGIN, "x"]),
    status=st.sampled_from([each.value for each in UserStatus]),
    mapped=st.sampled_from([None, SUB, ORIGIN]),
    marked=st.booleans(),
)
def test_the_local_sub_is_never_claimed_of_a_copy(
    mark: str, status: str, mapped: str | None, marked: bool
) -> None:
    told = attributes(**{ORIGIN_SUB_ATTRIBUTE: mark, "cognito:user_status": status})
    origin = claim_of(told, mapped, marked=marked).origin
    if status == UserStatus.EXTERNAL_PROVIDER:
        assert origin == (ORIGIN if mapped == ORIGIN else "")
    elif mapped:
        assert origin == mapped
    elif not marked or mark not in ("", SUB) or status == UserStatus.EXTERNAL_PROVIDER:
        assert origin == ""


def test_where_copies_carry_no_mark_only_the_ledger_counts() -> None:
    """An existing pool may lack the attribute: then a copy that is not bound looks like anybody."""
    assert claim_of(attributes(), None, marked=False) == Claim("", Reason.NOT_CAPTURED)
    assert claim_of(attributes(), SUB, marked=False) == Claim(SUB, Reason.MAPPED)


@dataclass
class Ledger:
    """Answers as told, and remembers how long it was given."""

    answer: str | Exception | None = None
    seconds: list[float] = field(default_factory=list)

    def origin_of(self, local_sub: str, seconds: float) -> str | None:
        assert local_sub == SUB
        self.seconds.append(seconds)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def answered(given_event: dict[str, Any], ledger: Ledger, seconds: float = 4.0) -> Any:
    """The response, and what was told."""
    told: list[tuple[Claim, str, str]] = []
    part = OriginClaim("origin_sub", ledger, lambda *each: told.append(each))
    before = copy.deepcopy(given_event)
    answer = Slot((part,)).answer(call(given_event, seconds))
    assert given_event == before, "the event is Cognito's"
    assert {k: v for k, v in answer.items() if k != "response"} == {
        k: v for k, v in before.items() if k != "response"
    }
    return answer["response"], told


def test_an_id_token_on_every_plan() -> None:
    response, _ = answered(tokens("1"), Ledger(ORIGIN))
    assert response == {"claimsOverrideDetails": {"claimsToAddOrOverride": {"origin_sub": ORIGIN}}}


@pytest.mark.parametrize("version", ["2", "3"])
def test_both_tokens_where_the_plan_allows_it(version: str) -> None:
    response, _ = answered(tokens(version), Ledger(ORIGIN))
    added = {"claimsToAddOrOverride": {"origin_sub": ORIGIN}}
    assert response == {
        "claimsAndScopeOverrideDetails": {
            "idTokenGeneration": added,
            "accessTokenGeneration": added,
        }
    }


@pytest.mark.parametrize("version", ["1", "2", "3"])
@pytest.mark.parametrize("error", [TimeoutError(), ThrottledError("x"), RuntimeError("x")])
def test_an_unreadable_ledger_costs_the_claim_alone(version: str, error: Exception) -> None:
    given_event = tokens(version)
    response, told = answered(given_event, Ledger(error))
    assert response == given_event["response"]
    assert told == [(Claim("", Reason.UNREAD), SUB, type(error).__name__)]


def test_no_time_left_is_no_claim() -> None:
    ledger = Ledger(ORIGIN)
    _, told = answered(tokens(), ledger, MARGIN)
    assert (told[0][0], ledger.seconds) == (Claim("", Reason.LATE), [])


def test_the_ledger_gets_what_time_there_is() -> None:
    ledger = Ledger(ORIGIN)
    answered(tokens(), ledger)
    answered(tokens(), ledger, 1.0)
    assert ledger.seconds == [SECONDS, pytest.approx(1.0 - MARGIN)]


def test_a_token_of_an_app_is_left_alone() -> None:
    given_event = event("TokenGeneration_ClientCredentials", {}, "3")
    response, told = answered(given_event, Ledger(RuntimeError("not asked")))
    assert (response, told[0][0].reason) == ({}, Reason.NO_USER)


OWNERS = {
    "claimsToAddOrOverride": {"tier": "gold", "origin_sub": "of the owner"},
    "claimsToSuppress": ["email", "origin_sub"],
}


def test_the_owners_claims_stay_and_ours_is_ours_alone() -> None:
    details = {**OWNERS, "groupOverrideDetails": {"groupsToOverride": ["a"]}}
    response = {"claimsOverrideDetails": details}
    with_ours = with_claim("1", response, "origin_sub", ORIGIN)["claimsOverrideDetails"]
    assert with_ours == {
        "claimsToAddOrOverride": {"tier": "gold", "origin_sub": ORIGIN},
        "claimsToSuppress": ["email"],
        "groupOverrideDetails": {"groupsToOverride": ["a"]},
    }
    without = with_claim("1", response, "origin_sub", "")["claimsOverrideDetails"]
    assert without["claimsToAddOrOverride"] == {"tier": "gold"}


def test_the_owners_scopes_and_other_token_stay() -> None:
    details = {
        "idTokenGeneration": OWNERS,
        "accessTokenGeneration": {"scopesToAdd": ["read"]},
        "groupOverrideDetails": {"groupsToOverride": ["a"]},
    }
    changed = with_claim("2", {"claimsAndScopeOverrideDetails": details}, "origin_sub", "")
    assert changed["claimsAndScopeOverrideDetails"] == {
        **details,
        "idTokenGeneration": {
            "claimsToAddOrOverride": {"tier": "gold"},
            "claimsToSuppress": ["email"],
        },
    }


@pytest.mark.parametrize("wrong", ["text", ["a"], {"claimsToAddOrOverride": ["a"]}])
def test_an_answer_of_another_shape_is_left_to_cognito(wrong: Any) -> None:
    given_event = tokens()
    given_event["response"] = {"claimsOverrideDetails": wrong}
    response, _ = answered(given_event, Ledger(ORIGIN))
    assert response == given_event["response"]
