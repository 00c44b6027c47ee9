"""Calls that are paced, and made again when AWS refuses them for now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cognito_standby.core.domain.errors import ThrottledError
from cognito_standby.reconciliation.services.context import ReconcileContext

_T = TypeVar("_T")

RESERVE_SECONDS = 5.0
"""What a worker keeps of its time for writing down how far it came."""


def patiently(ctx: ReconcileContext, category: str, call: Callable[[], _T]) -> _T:
    """Make a call when the category's quota has room; throttled, slow down and make it again.

    ThrottledError: still refused when the worker's time ends.
    """
    while True:
        ctx.pacer.wait(category)
        try:
            return call()
        except ThrottledError:
            ctx.pacer.throttled(category)
            if is_late(ctx):
                raise


def is_late(ctx: ReconcileContext) -> bool:
    """Whether the worker should write its checkpoint."""
    return ctx.pacer.remaining_seconds() <= RESERVE_SECONDS
