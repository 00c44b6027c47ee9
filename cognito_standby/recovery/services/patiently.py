"""Calls that a command of hours does not give up at the first refusal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cognito_standby.core.domain.errors import ServiceUnavailableError, ThrottledError
from cognito_standby.recovery.services.transfer_ports import TransferContext

_T = TypeVar("_T")
_TRIES, _SECONDS = 30, 2.0
"""A minute: quotas are by the second, and whoever is refused for longer has to look into it."""


def patiently(ctx: TransferContext, call: Callable[[], _T]) -> _T:
    """What the call answers, which can be made again. ThrottledError and ServiceUnavailableError:
    it goes on for a minute."""
    for _ in range(_TRIES):
        try:
            return call()
        except (ThrottledError, ServiceUnavailableError):
            ctx.pause(_SECONDS)
    return call()
