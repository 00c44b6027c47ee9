"""The owner's function on Lambda: its answer and its errors as they are, within the time."""

from __future__ import annotations

import io
import json
import threading
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.triggers.adapters.owner import LambdaOwner, client
from cognito_standby.triggers.ports import OwnerFunctionError
from tasks.owner_function import connected
from tests.unit.triggers.events import tokens

ARN = "arn:aws:lambda:us-east-1:111111111111:function:claims:live"


class Lambda:
    """The one call."""

    def __init__(self, payload: Any, failed: str = "") -> None:
        self._payload, self._failed = payload, failed

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == ARN
        assert json.loads(Payload) == tokens()
        if isinstance(self._payload, Exception):
            raise self._payload
        body = self._payload if isinstance(self._payload, bytes) else json.dumps(self._payload)
        raw = body if isinstance(body, bytes) else body.encode()
        return {"Payload": io.BytesIO(raw)} | (
            {"FunctionError": "Unhandled"} if self._failed else {}
        )


@pytest.mark.parametrize("answer", [{"response": {"a": 1}}, None, "text"])
def test_its_answer_is_passed(answer: Any) -> None:
    assert LambdaOwner(Lambda(answer), ARN).ask(tokens(), 3) == answer


def test_its_error_is_passed_in_its_own_words() -> None:
    failing = Lambda({"errorMessage": "not on Sundays", "errorType": "ValueError"}, "Unhandled")
    with pytest.raises(OwnerFunctionError, match=r"^not on Sundays$"):
        LambdaOwner(failing, ARN).ask(tokens(), 3)


def test_an_error_without_words_is_one() -> None:
    with pytest.raises(OwnerFunctionError):
        LambdaOwner(Lambda(b"", "Unhandled"), ARN).ask(tokens(), 3)


def test_lambda_that_does_not_let_it_run() -> None:
    busy = ClientError({"Error": {"Code": "TooManyRequestsException"}}, "Invoke")
    with pytest.raises(ThrottledError):
        LambdaOwner(Lambda(busy), ARN).ask(tokens(), 3)


def test_a_function_that_hangs_is_left() -> None:
    ended = threading.Event()

    class Hanging(Lambda):
        def invoke(self, **_: Any) -> dict[str, Any]:
            ended.wait(30)
            return {}

    with pytest.raises(OwnerFunctionError, match=r"did not answer within 0.1 s"):
        LambdaOwner(Hanging({}), ARN).ask(tokens(), 0.1)
    ended.set()


def test_it_is_asked_once() -> None:
    told: Any = client()
    assert told.retries == {"total_max_attempts": 1}


def test_it_may_take_longer_where_all_runs_on_one_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "us-east-1")
    for patience, seconds in (("1", 5), ("8", 40)):
        monkeypatch.setenv("FENCE_PATIENCE", patience)
        asked: Any = connected(ARN)
        assert asked._client.meta.config.read_timeout == seconds
