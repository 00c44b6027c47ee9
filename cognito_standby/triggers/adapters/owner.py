"""The owner's function on Lambda, asked as Cognito would ask it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from botocore.config import Config

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.triggers.adapters.in_time import in_time
from cognito_standby.triggers.ports import OwnerFunctionError


def client(patience: float = 1.0) -> Config:
    """One try: what was asked once may have had its effect. 5 s are all that Cognito waits."""
    return Config(
        connect_timeout=1 * patience,
        read_timeout=5 * patience,
        retries={"total_max_attempts": 1},
    )


class LambdaOwner:
    """OwnerFunction by its ARN."""

    def __init__(self, client: Any, function: str) -> None:
        self._client, self._function = client, function

    def ask(self, event: Mapping[str, Any], seconds: float) -> Any:
        """One Invoke. OwnerFunctionError."""
        try:
            failed, answer = in_time(seconds, lambda: self._invoke(event))
        except TimeoutError:
            text = f"the owner's function did not answer within {seconds:.1f} s"
            raise OwnerFunctionError(text) from None
        if failed:
            text = answer.get("errorMessage", "") if isinstance(answer, dict) else ""
            raise OwnerFunctionError(str(text))
        return answer

    def _invoke(self, event: Mapping[str, Any]) -> tuple[bool, Any]:
        """Whether it failed, and what it answered. StandbyError: Lambda did not let it run."""
        with translated():
            reply = self._client.invoke(
                FunctionName=self._function, Payload=json.dumps(dict(event)).encode()
            )
            payload = reply["Payload"].read()
        return bool(reply.get("FunctionError")), json.loads(payload or b"null")
