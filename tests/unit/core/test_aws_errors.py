"""What the SDK raises becomes an error of the taxonomy that an operator can read."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from botocore import exceptions as sdk
from botocore.model import ServiceModel
from botocore.session import get_session

from cognito_standby.core.adapters.aws_errors import named_in, to_standby_error, translated
from cognito_standby.core.domain.errors import (
    MisconfiguredError,
    PoolPausedError,
    RefusedByPoolError,
    RefusedByTriggerError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)
from tests.unit.core.test_bad_input_hints import SECRET, readable

URL = "http://127.0.0.1:1"
TRANSIENT = [
    sdk.ConnectTimeoutError(endpoint_url=URL),
    sdk.ReadTimeoutError(endpoint_url=URL),
    sdk.EndpointConnectionError(endpoint_url=URL),
    sdk.ConnectionClosedError(endpoint_url=URL),
    sdk.SSLError(endpoint_url=URL, error=OSError("handshake")),
]


def answered(code: str, status: int) -> sdk.ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": f"1 validation error: value {SECRET} is wrong"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return sdk.ClientError(answer, "AdminCreateUser")


@pytest.mark.parametrize("error", TRANSIENT, ids=lambda error: type(error).__name__)
def test_what_does_not_reach_aws_is_tried_again(error: sdk.BotoCoreError) -> None:
    translated_error = to_standby_error(error)
    assert isinstance(translated_error, ServiceUnavailableError)
    assert readable(translated_error)


@pytest.mark.parametrize("error", [sdk.NoCredentialsError(), sdk.NoRegionError()])
def test_what_cannot_be_called_is_for_an_operator(error: sdk.BotoCoreError) -> None:
    assert isinstance(to_standby_error(error), MisconfiguredError)


@pytest.mark.parametrize(
    ("code", "status", "wanted"),
    [
        ("TooManyRequestsException", 400, ThrottledError),
        ("Whatever", 503, ServiceUnavailableError),
        ("Whatever", 400, MisconfiguredError),
    ],
)
def test_no_value_of_an_answer_is_carried_on(
    code: str, status: int, wanted: type[StandbyError]
) -> None:
    with pytest.raises(wanted) as raised, translated():
        raise answered(code, status)
    assert str(raised.value) == f"AdminCreateUser: {code}"
    assert raised.value.__suppress_context__
    assert readable(raised.value)


GIVEN = ("custom:plan", "plan", "email", "phone_number", "sub")


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("Attributes did not conform to the schema: custom:plan: Too long\n", ("custom:plan",)),
        ("Attributes did not conform to the schema: plan: Too long\nsub: No\n", ("plan", "sub")),
        ("user.email: Attribute cannot be updated.\n", ("email",)),
        ("Cannot modify the non-mutable attribute sub", ("sub",)),
        ("Invalid phone number format.", ("phone_number",)),
        ("Invalid email address format.", ("email",)),
        (
            "1 validation error: Value 'plan: x' at 'userAttributes.3.member.value' failed",
            ("email",),
        ),
        ("Value at 'userAttributes.9.member.value' failed", ()),
        ("custom:other: Attribute does not exist in the schema.", ()),
        ("A value with plan in it", ()),
        ("", ()),
    ],
)
def test_the_attribute_that_cognito_names_is_carried_on(
    message: str, named: tuple[str, ...]
) -> None:
    assert named_in(message, GIVEN) == named
    answer: Any = {"Error": {"Code": "InvalidParameterException", "Message": message}}
    error = to_standby_error(sdk.ClientError(answer, "AdminCreateUser"), None, GIVEN)
    assert isinstance(error, RefusedByPoolError)
    assert (str(error), error.attributes) == ("AdminCreateUser: InvalidParameterException", named)


WRITES = (
    *("AdminCreateUser", "AdminUpdateUserAttributes", "AdminDeleteUserAttributes"),
    *("AdminEnableUser", "AdminDisableUser", "AdminSetUserPassword", "AdminDeleteUser"),
    *("AdminAddUserToGroup", "AdminRemoveUserFromGroup"),
    *("CreateGroup", "UpdateGroup", "DeleteGroup"),
)
"""All that `CognitoUserDirectory` changes a pool by."""


@cache
def _pools() -> ServiceModel:
    """Read once: it is large."""
    return get_session().get_service_model("cognito-idp")


@pytest.mark.parametrize("operation", WRITES)
def test_a_write_to_a_pool_that_is_being_recovered_waits(operation: str) -> None:
    """The service model is all that is known of the refusal: it lists this code for each write that
    we make, and none that says "a recovery" or "paused". Fails when a newer one names another."""
    listed = {shape.name for shape in _pools().operation_model(operation).error_shapes}
    assert "OperationNotEnabledException" in listed
    for name in listed:
        assert not any(word in name for word in ("Recover", "Restor", "Paus", "Progress")), name
    refusal = answered("OperationNotEnabledException", 400)
    assert isinstance(to_standby_error(refusal), PoolPausedError)


@pytest.mark.parametrize(
    ("why", "wanted"),
    [
        ("TooManyRequestsException", ThrottledError),
        ("Socket timeout while invoking Lambda function", ThrottledError),
        ("AccessDeniedException", RefusedByTriggerError),
        ("", RefusedByTriggerError),
    ],
)
def test_a_trigger_that_was_not_reached_has_refused_nobody(
    why: str, wanted: type[StandbyError]
) -> None:
    text = f"PreSignUp invocation failed due to error {why}."
    answer: Any = {"Error": {"Code": "UnexpectedLambdaException", "Message": text}}
    error = to_standby_error(sdk.ClientError(answer, "AdminCreateUser"))
    assert type(error) is wanted
    assert str(error) == "AdminCreateUser: UnexpectedLambdaException"


@pytest.mark.parametrize("attempts", [0, 1])
def test_a_call_that_the_sdk_made_again_says_so(attempts: int) -> None:
    error = answered("TooManyRequestsException", 400)
    error.response["ResponseMetadata"]["RetryAttempts"] = attempts
    assert to_standby_error(error).asked_again is (attempts > 0)
