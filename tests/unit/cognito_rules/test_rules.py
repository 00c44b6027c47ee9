"""The rule book as a table: what is refused, with which code, and what a write leaves.

That both pools keep to it, the contract suites show; here stand the edges that none of them reaches
cheaply.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from local.cognito_rules import (
    attributes,
    changes,
    codes,
    groups,
    listings,
    names,
    passwords,
    registration,
    restores,
    states,
)
from local.cognito_rules.pools import AppClient, AttributeSpec, Kind, PasswordPolicy, PoolSettings
from local.cognito_rules.refusals import CognitoError

PLAIN = PoolSettings(
    attributes={
        "custom:n": AttributeSpec(kind=Kind.NUMBER, min_value=0, max_value=9),
        "custom:d": AttributeSpec(kind=Kind.DATE_TIME),
        "custom:s": AttributeSpec(min_length=2, max_length=4),
    }
)
ADDRESSES = PoolSettings(username_attributes=("email", "phone_number"), case_sensitive=False)
ALIASES = PoolSettings(
    alias_attributes=("email", "phone_number", "preferred_username"), case_sensitive=False
)
ANYBODY = AppClient()


@dataclass(frozen=True)
class One:
    """A person."""

    sub: str = "s"
    username: str = "ann"
    status: str = "CONFIRMED"
    enabled: bool = True
    attributes: dict[str, str] = field(default_factory=dict)


def code_of(call: Callable[[], Any]) -> str:
    """The code of a refusal without its suffix, or ""."""
    try:
        call()
    except CognitoError as refused:
        return refused.code.removesuffix("Exception")
    return ""


@pytest.mark.parametrize(
    ("pool", "name", "fits"),
    [
        (PLAIN, "ann", True),
        (PLAIN, "ann@example.org", True),
        (PLAIN, "a\u200bb", False),
        (ALIASES, "ann@example.org", False),
        (ALIASES, "+4912345", False),
        (ALIASES, "ann@example", True),
        (ADDRESSES, "ann@example.org", True),
        (ADDRESSES, "+4912345", True),
        (ADDRESSES, "ann", False),
    ],
)
def test_a_username_has_a_form(pool: PoolSettings, name: str, fits: bool) -> None:
    assert code_of(lambda: names.check_username(pool, name)) == ("" if fits else "InvalidParameter")


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("custom:n", "9", True),
        ("custom:n", "10", False),
        ("custom:n", "-1", False),
        ("custom:n", "1.5", False),
        ("custom:d", "2026-11-29", True),
        ("custom:d", "1764400000", True),
        ("custom:d", "soon", False),
        ("custom:s", "abcde", False),
        ("custom:s", "a", False),
        ("custom:s", "", True),
        ("email", "ann@example.org.", False),
        ("phone_number", "+1 206 555", False),
        ("birthdate", "2025-02-29", False),
        ("identities", "x", False),
    ],
)
def test_a_value_has_a_form(name: str, value: str, fits: bool) -> None:
    for call in (
        lambda: attributes.check_creation(PLAIN, {name: value}),
        lambda: attributes.check_update(PLAIN, {}, {name: value}),
    ):
        assert code_of(call) == ("" if fits else "InvalidParameter")


@pytest.mark.parametrize(
    ("listed", "written", "fits"),
    [
        ((), "custom:s", True),
        ((), "email_verified", False),
        (("name",), "name", True),
        (("name",), "custom:s", False),
        (("email_verified",), "email_verified", False),
    ],
)
def test_a_client_writes_what_it_may(listed: tuple[str, ...], written: str, fits: bool) -> None:
    client = AppClient(frozenset(listed))
    refusal = code_of(lambda: attributes.check_client(PLAIN, client, [written]))
    assert refusal == ("" if fits else "NotAuthorized")


def test_an_address_that_is_the_username_may_be_repeated_at_sign_up_alone() -> None:
    client = AppClient(frozenset({"name"}))
    given = {"email": "ann@example.org"}
    made = registration.by_person(ADDRESSES, client, "ann@example.org", given)
    assert made == {**given, "email_verified": "false"}
    assert code_of(lambda: attributes.check_client(ADDRESSES, client, given)) == "NotAuthorized"
    other = {"email": "ben@example.org"}
    call = lambda: registration.by_person(ADDRESSES, ANYBODY, "ann@example.org", other)  # noqa: E731
    assert code_of(call) == "InvalidParameter"


@pytest.mark.parametrize(
    ("first", "given", "after", "waiting"),
    [
        ((), {"email": "new@x.org"}, {"email": "new@x.org", "email_verified": "false"}, {}),
        (("email",), {"email": "new@x.org"}, None, {"email": "new@x.org"}),
        (
            ("email",),
            {"email": "new@x.org", "email_verified": "True"},
            {"email": "new@x.org", "email_verified": "true"},
            {},
        ),
        (("email",), {"email": "old@x.org", "email_verified": "false"}, {"email": "old@x.org"}, {}),
        ((), {"email": ""}, {}, {}),
    ],
)
def test_a_changed_address_is_not_verified(
    first: tuple[str, ...], given: dict[str, str], after: dict[str, str] | None, waiting: Any
) -> None:
    pool = PoolSettings(auto_verified=("email",), verify_before_update=first)
    before = {"email": "old@x.org", "email_verified": "true"}
    update = changes.updated(pool, before, given)
    expected = before if after is None else after
    if after == {"email": "old@x.org"}:
        expected = {"email": "old@x.org", "email_verified": "false"}
    assert (update.attributes, update.waiting) == (expected, waiting)
    sent = given.get("email") == "new@x.org" and given.get("email_verified") != "True"
    assert update.codes == ((("email", "new@x.org"),) if sent else ())


def test_a_waiting_address_takes_effect_with_its_code() -> None:
    before = {"email": "old@x.org", "email_verified": "true"}
    assert changes.proved(before, "email", "new@x.org")["email"] == "new@x.org"
    assert changes.proved(before, "") == before


@pytest.mark.parametrize(
    ("pool", "attributes_", "held"),
    [
        (ALIASES, {"email": "Ann@x.org", "email_verified": "false"}, {"ann"}),
        (ALIASES, {"email": "Ann@x.org", "email_verified": "true"}, {"ann", "ann@x.org"}),
        (ALIASES, {"preferred_username": "Queen"}, {"ann", "queen"}),
        (ADDRESSES, {"email": "Ann@x.org"}, {"ann", "ann@x.org"}),
        (PLAIN, {"email": "Ann@x.org", "email_verified": "true"}, {"ann"}),
    ],
)
def test_who_holds_which_name(
    pool: PoolSettings, attributes_: dict[str, str], held: set[str]
) -> None:
    person = One(attributes=attributes_)
    assert {value for _, value in names.held(pool, person)} == held
    assert all(names.find(pool, [person], name) is person for name in held)


def test_a_sub_is_a_name_of_local_users_and_the_last_one_tried() -> None:
    ann, impostor = One(sub="1"), One(sub="2", username="1")
    assert names.find(PLAIN, [ann, impostor], "1") is impostor
    assert names.find(PLAIN, [One(sub="3", status="EXTERNAL_PROVIDER")], "3") is None


@pytest.mark.parametrize(
    ("pool", "kind", "creation", "forced", "outcome"),
    [
        (ALIASES, "email", True, True, ""),
        (ALIASES, "email", False, True, ""),
        (ALIASES, "email", False, False, "AliasExists"),
        (ALIASES, "preferred_username", True, True, "AliasExists"),
        (ALIASES, "username", True, True, "UsernameExists"),
        (ADDRESSES, "email", True, True, "UsernameExists"),
        (ADDRESSES, "email", False, False, "AliasExists"),
    ],
)
def test_who_loses_a_name(
    pool: PoolSettings, kind: str, creation: bool, forced: bool, outcome: str
) -> None:
    def call() -> bool:
        return names.moves(pool, One(), kind, creation=creation, forced=forced)

    assert code_of(call) == outcome
    assert outcome or call()


@pytest.mark.parametrize(
    ("password", "outcome"),
    [
        ("Corr3ct-horse!", ""),
        ("C0rrect!", ""),
        ("C0rect!", "InvalidPassword"),
        ("corr3ct-horse!", "InvalidPassword"),
        ("Corr3cthorse", "InvalidPassword"),
        ("Corr3ct horse!", "InvalidParameter"),
        ("Aa1!" * 65, "InvalidParameter"),
    ],
)
def test_a_password_keeps_to_the_policy(password: str, outcome: str) -> None:
    assert code_of(lambda: passwords.check_password(PasswordPolicy(), password)) == outcome


BOTH = {
    **{"email": "a@x.org", "email_verified": "true"},
    **{"phone_number": "+1206", "phone_number_verified": "true"},
}


@pytest.mark.parametrize(
    ("order", "person", "outcome"),
    [
        (("phone_number", "email"), One(attributes=BOTH), "phone_number"),
        (("email",), One(attributes=BOTH), "email"),
        (("email",), One(attributes={**BOTH, "email_verified": "false"}), "InvalidParameter"),
        ((), One(attributes=BOTH), "InvalidParameter"),
        (("email",), One(attributes=BOTH, enabled=False), "NotAuthorized"),
        (("email",), One(attributes=BOTH, status="FORCE_CHANGE_PASSWORD"), "NotAuthorized"),
        (("email",), One(attributes=BOTH, status="EXTERNAL_PROVIDER"), "NotAuthorized"),
        (("email",), One(attributes=BOTH, status="RESET_REQUIRED"), "email"),
    ],
)
def test_who_recovers_by_what(order: tuple[str, ...], person: One, outcome: str) -> None:
    pool = PoolSettings(recovery=order)
    refusal = code_of(lambda: states.check_recovery(pool, person))
    assert (refusal or states.check_recovery(pool, person)) == outcome


def test_a_sign_up_proves_the_phone_before_the_mail() -> None:
    pool = PoolSettings(auto_verified=("email", "phone_number"))
    assert codes.sign_up_contact(pool, BOTH) == "phone_number"
    assert codes.sign_up_contact(PoolSettings(), BOTH) == ""


@pytest.mark.parametrize(
    ("operation", "challenge", "on"),
    [
        ("AdminGetUser", "", True),
        ("InitiateAuth", "", True),
        ("RespondToAuthChallenge", "PASSWORD_VERIFIER", True),
        ("RespondToAuthChallenge", "NEW_PASSWORD_REQUIRED", False),
        ("GetUserAttributeVerificationCode", "", False),
        ("AdminDeleteUser", "", False),
        ("ForgotPassword", "", False),
        ("StartPointInTimeRecovery", "", True),
    ],
)
def test_a_recovery_of_the_pool_stops_writes_alone(
    operation: str, challenge: str, on: bool
) -> None:
    refusal = code_of(lambda: restores.check_goes_on(operation, challenge))
    assert refusal == ("" if on else "OperationNotEnabled")


def test_groups_have_limits() -> None:
    many = [f"g{n}" for n in range(groups.MAX_GROUPS_OF_POOL)]
    assert code_of(lambda: groups.check_new("x", many)) == "LimitExceeded"
    assert code_of(lambda: groups.check_membership("x", many[:100])) == "LimitExceeded"
    assert code_of(lambda: groups.check_membership("g1", many[:100])) == ""
    assert code_of(lambda: groups.check_group("g", "x" * 2049, None)) == "InvalidParameter"
    assert code_of(lambda: groups.check_group("g", "", -1)) == "InvalidParameter"


def test_a_token_goes_with_its_request_for_an_hour() -> None:
    token = listings.Position("r", 0.0, 1, "a").token()
    assert listings.position(token, "r", 3600.0).after == "a"
    for given in (token, "other"), ("nonsense", "r"):
        refusal = code_of(partial(listings.position, *given, 0.0))
        assert refusal == "InvalidParameter"
    assert code_of(lambda: listings.position(token, "r", 3601.0)) == "InvalidParameter"
    assert code_of(lambda: listings.check_shown(PLAIN, ["custom:none"])) == "InvalidParameter"
