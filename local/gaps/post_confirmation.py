"""Gap: the PostConfirmation trigger never fires.

Cognito invokes a pool's `LambdaConfig.PostConfirmation` synchronously after ConfirmSignUp,
AdminConfirmSignUp and ConfirmForgotPassword, and after a sign-up that PreSignUp confirmed (Amazon
Cognito developer guide, "Post confirmation Lambda trigger"). The function has 5 seconds and is
called up to three times when it does not answer in time; its failure reaches the caller as the
failure of the call, although the user is confirmed already ("Customizing user pool workflows with
Lambda triggers": considerations, errors).

Limits: a call waits for a free worker before its 5 seconds start (on AWS there is always one);
managed login and federated sign-in do not exist here.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from local.cognito_store import CognitoStore, Pool, User
from local.gateway import Emulator, Forward
from local.protocol import Call, Reply

TRIGGER = "PostConfirmation"
SIGN_UP, FORGOT = "PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword"
SOURCES = {
    "ConfirmSignUp": SIGN_UP,
    "AdminConfirmSignUp": SIGN_UP,
    "SignUp": SIGN_UP,
    "ConfirmForgotPassword": FORGOT,
}
ATTEMPTS = 3
Admission = Callable[[str], AbstractContextManager[str]]
"""Asked once before a function is called: Lambda's error if it refuses, else ""."""


def admitted(_function: str) -> AbstractContextManager[str]:
    """An account without a limit of concurrency."""
    return nullcontext("")


class PostConfirmation:
    """Fires the trigger after a successful confirmation."""

    def __init__(
        self,
        store: CognitoStore,
        emulator: Emulator,
        *,
        seconds: float,
        workers: int,
        admission: Admission = admitted,
    ) -> None:
        self._store, self._emulator, self._seconds = store, emulator, seconds
        self._admission = admission
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(workers)
        )

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Let the call happen, then fire; the trigger's failure replaces the success."""
        reply = await forward(call)
        source = SOURCES.get(call.operation)
        if source is None or not reply.ok:
            return reply
        if call.operation == "SignUp" and not reply.json.get("UserConfirmed"):
            return reply
        pool = self._store.pool_of(call)
        function = pool.trigger(TRIGGER) if pool else ""
        user = self._store.user_of(call, pool) if pool else None
        if not function or pool is None or user is None:
            return reply
        with self._admission(function) as refused:
            if refused:
                return _unexpected(refused)
            return await self._fire(function, trigger_event(source, call, pool, user)) or reply

    async def _fire(self, function: str, event: dict[str, Any]) -> Reply | None:
        """The error to answer with, or None."""
        for _ in range(ATTEMPTS):
            async with self._slots[function]:
                running = asyncio.ensure_future(self._emulator.invoke(function, event))
                done, _pending = await asyncio.wait({running}, timeout=self._seconds)
            if done:
                return _verdict(running.result())
        return _unexpected("Socket timeout while invoking Lambda function")


def trigger_event(source: str, call: Call, pool: Pool, user: User) -> dict[str, Any]:
    """The trigger's input as the developer guide documents it."""
    request: dict[str, Any] = {
        "userAttributes": {**user.attributes, "cognito:user_status": user.status}
    }
    if call.params.get("ClientMetadata"):
        request["clientMetadata"] = call.params["ClientMetadata"]
    return {
        "version": "1",
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": user.username,
        "callerContext": {
            "awsSdkVersion": "aws-sdk-unknown-unknown",
            "clientId": call.params.get("ClientId", "CLIENT_ID_NOT_APPLICABLE"),
        },
        "triggerSource": source,
        "request": request,
        "response": {},
    }


def _verdict(reply: Reply) -> Reply | None:
    if not reply.ok:
        return _unexpected(reply.error or f"HTTP {reply.status}")
    output = reply.json
    if reply.header("x-amz-function-error"):
        text = output.get("errorMessage", "") if isinstance(output, dict) else ""
        return Reply.refusal(
            "UserLambdaValidationException", f"{TRIGGER} failed with error {text}."
        )
    if not isinstance(output, dict) or "response" not in output:
        return Reply.refusal("InvalidLambdaResponseException", "Unrecognizable lambda output")
    return None


def _unexpected(reason: str) -> Reply:
    return Reply.refusal(
        "UnexpectedLambdaException", f"{TRIGGER} invocation failed due to error {reason}."
    )
