"""Triggers that fire in the middle of a call: the emulator's handlers run in threads and know
where; this module puts the questions there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from local.cognito_rules.refusals import CognitoError
from local.gaps.triggers import authentication, messages, sign_up, tokens
from local.gaps.triggers.inside import Inside, current
from local.gaps.triggers.invoking import AnsweredError, Invoker, serving
from local.patching import replace
from local.protocol import Reply

Answer = tuple[int, dict[str, str], bytes]


def install(invoker: Invoker) -> Inside:
    """Fire PreSignUp, PreAuthentication, PostAuthentication, PreTokenGeneration, and CustomMessage
    for invitations."""
    from ministack.services import cognito  # noqa: PLC0415

    inside = Inside(cognito, invoker)
    replace(cognito, "handle_request", _noting_the_loop)
    replace(cognito, "_run_idp_handler", _noting_the_call)
    sign_up.install(inside)
    authentication.install(inside)
    tokens.install(inside)
    messages.install(inside)
    return inside


def _noting_the_loop(handle: Callable[..., Any]) -> Callable[..., Any]:
    async def handled(method: str, path: str, *rest: Any) -> Any:
        serving.set(asyncio.get_running_loop())
        try:
            return await handle(method, path, *rest)
        except AnsweredError as answered:
            # A page or the token endpoint of managed login: OAuth's form of an error.
            text = {"error": "invalid_request", "error_description": str(answered)}
            return 400, {"Content-Type": "application/json"}, json.dumps(text).encode()

    return handled


def _noting_the_call(run: Callable[..., Any]) -> Callable[..., Any]:
    def ran(handler: Any, action: str, data: dict[str, Any]) -> Any:
        current.set(data)
        try:
            return run(handler, action, data)
        except AnsweredError as answered:
            return answer(answered)
        except CognitoError as refused:
            return answer(AnsweredError(Reply.refusal(refused.code, refused.message)))

    return ran


def answer(answered: AnsweredError) -> Answer:
    """As the emulator's handlers answer."""
    headers = {name.decode(): value.decode() for name, value in answered.reply.headers}
    return answered.reply.status, headers, answered.reply.body
