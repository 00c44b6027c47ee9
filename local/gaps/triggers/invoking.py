"""Asking a trigger's function: its time limit, its attempts, and what its failures are called."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Any

from local.gateway import Emulator
from local.protocol import Reply

ATTEMPTS = 3
serving: ContextVar[asyncio.AbstractEventLoop] = ContextVar("serving")
"""The event loop that serves the call which a thread of the emulator is at work on."""


Admission = Callable[[str], AbstractContextManager[str]]
"""Asked once before a function is called: Lambda's error if it refuses, else ""."""


def admitted(_function: str) -> AbstractContextManager[str]:
    """An account without a limit of concurrency."""
    return nullcontext("")


class AnsweredError(Exception):
    """An answer that takes the place of the one the emulator was about to give."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.message)
        self.reply = reply


class Invoker:
    """Invokes triggers as Cognito does.

    `limits`: seconds for the triggers, by name, that are to have another limit than all others.
    """

    def __init__(
        self,
        emulator: Emulator,
        *,
        seconds: float,
        workers: int,
        admission: Admission = admitted,
    ) -> None:
        self._emulator, self._seconds, self._admission = emulator, seconds, admission
        self.limits: dict[str, float] = {}
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(workers)
        )

    async def ask(self, trigger: str, function: str, event: dict[str, Any]) -> dict[str, Any]:
        """The function's `response`. AnsweredError: it failed, and so does the call."""
        with self._admission(function) as refused:
            if refused:
                raise AnsweredError(_unexpected(trigger, refused))
            return await self._try(trigger, function, event)

    async def _try(self, trigger: str, function: str, event: dict[str, Any]) -> dict[str, Any]:
        for _ in range(ATTEMPTS):
            async with self._slots[function]:
                running = asyncio.ensure_future(self._invoke(function, event))
                seconds = self.limits.get(trigger, self._seconds)
                done, _pending = await asyncio.wait({running}, timeout=seconds)
            if done:
                return _response(trigger, running.result())
        raise AnsweredError(_unexpected(trigger, "Socket timeout while invoking Lambda function"))

    def ask_from_a_thread(
        self, trigger: str, function: str, event: dict[str, Any]
    ) -> dict[str, Any]:
        """The same, from a thread in which the emulator handles a call."""
        asked = asyncio.run_coroutine_threadsafe(self.ask(trigger, function, event), serving.get())
        return asked.result()

    async def _invoke(self, function: str, event: dict[str, Any]) -> Reply:
        """The one place where Cognito reaches Lambda."""
        return await self._emulator.invoke(function, event)


def _response(trigger: str, reply: Reply) -> dict[str, Any]:
    if not reply.ok:
        raise AnsweredError(_unexpected(trigger, reply.error or f"HTTP {reply.status}"))
    output = reply.json
    if reply.header("x-amz-function-error"):
        text = output.get("errorMessage", "") if isinstance(output, dict) else ""
        text = f"{trigger} failed with error {text}."
        raise AnsweredError(Reply.refusal("UserLambdaValidationException", text))
    if not isinstance(output, dict) or "response" not in output:
        raise AnsweredError(unrecognizable())
    return dict(output["response"] or {})


def unrecognizable() -> Reply:
    """The function's answer is not one."""
    return Reply.refusal("InvalidLambdaResponseException", "Unrecognizable lambda output")


def _unexpected(trigger: str, reason: str) -> Reply:
    text = f"{trigger} invocation failed due to error {reason}."
    return Reply.refusal("UnexpectedLambdaException", text)
