"""What keeps AWS from answering, as an operator reads it."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    NoCredentialsError,
    TokenRetrievalError,
)

from cognito_standby.core.adapters.aws_errors import to_standby_error
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.operator.services.context import told


def _code(code: str, status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "DescribeStacks")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            ConnectionClosedError(endpoint_url="x"),
            "no answer from AWS: ConnectionClosedError (ServiceUnavailableError)",
        ),
        (
            _code("InternalFailure", 500),
            "AWS is not available: DescribeStacks: InternalFailure (ServiceUnavailableError)",
        ),
        (
            _code("Throttling"),
            "AWS takes no more calls for now: DescribeStacks: Throttling (ThrottledError)",
        ),
        (
            _code("ExpiredToken"),
            "credentials have ended: DescribeStacks: ExpiredToken (MisconfiguredError)",
        ),
        (
            NoCredentialsError(),
            "there are no credentials that AWS takes: the SDK cannot call AWS: NoCredentialsError "
            "(MisconfiguredError)",
        ),
        (
            TokenRetrievalError(provider="sso", error_msg="x"),
            "there are no credentials that AWS takes: the SDK cannot call AWS: TokenRetrievalError "
            "(MisconfiguredError)",
        ),
        (_code("AccessDenied"), "MisconfiguredError: DescribeStacks: AccessDenied"),
    ],
)
def test_the_words_come_first_and_the_class_behind_them(
    error: ClientError | BotoCoreError, words: str
) -> None:
    assert told(to_standby_error(error)) == words


def test_another_error_begins_with_its_class() -> None:
    assert told(InvalidRecordError("no subject")) == "InvalidRecordError: no subject"
