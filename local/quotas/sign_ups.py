"""The mail of a sign-up whose pool asks PreSignUp first.

A sign-up that the trigger confirms sends no code, so only the trigger's answer says whether a mail
is due (Cognito developer guide, "Pre sign-up Lambda trigger", `autoConfirmUser`). A user whose mail
is refused is not kept: the trigger is asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from local.gaps.triggers.invoking import AnsweredError
from local.patching import replace
from local.protocol import Reply

Admits = Callable[[], bool]
_due: ContextVar[tuple[Admits, Reply] | None] = ContextVar("due", default=None)
"""Who admits the mail of the sign-up at work, and the answer if it may not be sent."""


@contextmanager
def asking_after_the_trigger(admits: Admits, refusal: Reply) -> Iterator[None]:
    """Meanwhile a sign-up's mail is admitted when its trigger has not confirmed the user."""
    token = _due.set((admits, refusal))
    try:
        yield
    finally:
        _due.reset(token)


def install() -> None:
    """Stand behind PreSignUp; after the gap that fires it, which replaces the emulator's own."""
    from ministack.services import cognito  # noqa: PLC0415

    replace(cognito, "_apply_presignup_trigger", _admitting)


def _admitting(ask: Callable[..., Any]) -> Callable[..., Any]:
    def asked(*args: Any, **named: Any) -> Any:
        answer = ask(*args, **named)
        due = _due.get()
        if due is not None and not answer["autoConfirmUser"]:
            admits, refusal = due
            if not admits():
                raise AnsweredError(refusal)
        return answer

    return asked
