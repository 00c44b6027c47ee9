"""Cognito's categories: whole, agreed with the product's, and refused above their rate."""

import botocore.session
import pytest

from cognito_standby.core.domain import quotas as paced
from local.quotas.categories import CATEGORY_OF, RATES, Category, category_of
from local.quotas.requests import Requests


def test_every_operation_of_the_service_has_a_category() -> None:
    model = botocore.session.get_session().get_service_model("cognito-idp")
    assert set(model.operation_names) == set(CATEGORY_OF)


def test_the_product_believes_the_same() -> None:
    rates = {str(category): rate for category, rate in RATES.items()}
    assert {name: rates[name] for name in paced.DEFAULTS} == dict(paced.DEFAULTS)


@pytest.mark.parametrize("operation", ["RespondToAuthChallenge", "AdminRespondToAuthChallenge"])
def test_an_answer_with_a_new_password_counts_as_a_recovery(operation: str) -> None:
    assert category_of(operation, "NEW_PASSWORD_REQUIRED") is Category.USER_ACCOUNT_RECOVERY
    assert category_of(operation, "SMS_MFA") is Category.USER_AUTHENTICATION
    requests = Requests()
    answers = [requests.admits(operation, "p", 0.0, "NEW_PASSWORD_REQUIRED") for _ in range(40)]
    assert sum(answers) == 30
    assert not requests.admits("ForgotPassword", "p", 0.0)


def admitted(requests: Requests, operation: str, number: int, now: float, pool: str = "p") -> int:
    return sum(requests.admits(operation, pool, now) for _ in range(number))


@pytest.mark.parametrize(
    ("operation", "rate"),
    [
        ("SignUp", 50),
        ("AdminUpdateUserAttributes", 25),
        ("ListUsers", 30),
        ("DescribeUserPool", 15),
    ],
)
def test_a_second_has_its_rate_and_the_next_one_again(operation: str, rate: int) -> None:
    requests = Requests()
    assert admitted(requests, operation, 200, 0.0) == rate
    assert admitted(requests, operation, 200, 0.5) == rate // 2
    assert admitted(requests, operation, 200, 1.5) == rate
    assert admitted(requests, operation, 200, 60.0) == rate


def test_operations_of_a_category_share_it_and_pools_too() -> None:
    requests = Requests()
    assert admitted(requests, "SignUp", 30, 0.0, "a") == 30
    assert admitted(requests, "ConfirmSignUp", 30, 0.0, "b") == 20
    assert admitted(requests, "AdminGetUser", 200, 0.0) == 120


def test_one_operation_on_a_pools_resources_has_five() -> None:
    requests = Requests()
    assert admitted(requests, "GetGroup", 9, 0.0, "a") == 5
    assert admitted(requests, "GetGroup", 9, 0.0, "b") == 5
    assert admitted(requests, "ListGroups", 9, 0.0, "a") == 5
    assert admitted(requests, "GetCSVHeader", 9, 0.0, "a") == 5
    assert admitted(requests, "GetGroup", 9, 0.0, "c") == 0, "the category's 20 are spent"


def test_challenges_have_three_times_the_rate_and_then_share() -> None:
    requests = Requests()
    assert admitted(requests, "RespondToAuthChallenge", 370, 0.0) == 370
    assert admitted(requests, "InitiateAuth", 200, 0.0) == 110
    assert RATES[Category.USER_AUTHENTICATION] == 120
