"""The fence of a trigger: from the environment, and told to metrics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import region
from cognito_standby.triggers.adapters.fence import connected
from cognito_standby.triggers.ports import RefusedError, StandsByError
from cognito_standby.triggers.services.slots import Part
from cognito_standby.triggers.settings import FenceSettings, patience
from tasks.trigger_slot import tell

RESERVED = 1.0
"""Seconds that the owner's function leaves for what follows it. If claims and parameter both hang,
which costs a process so much once in `role_seconds`, nothing is left of it for a claim."""


def fences(*, marked: bool) -> tuple[Part, ...]:
    """The fence, if there is one.

    While a release that has no fence yet is being replaced, a function can run this code with the
    environment from before: it lets people in as it did until then, and says so.
    """
    try:
        settings = FenceSettings.from_env()
    except ServiceUnavailableError as error:
        _unread(type(error).__name__)
        return ()
    if not settings.fence.on:
        return ()
    return (connected(settings, region(), _unread, marked=marked, patience=patience()),)


def counting(metric: Metric, trigger: str, event: dict[str, Any], ask: Callable[[], Any]) -> Any:
    """What `ask` answers. RefusedError is counted, and raised for Cognito to see."""
    try:
        return ask()
    except RefusedError as refused:
        facts = {"cause": str(event.get("triggerSource", "")), "reason": _reason(refused)}
        tell(f"{trigger}: refused", {metric: 1}, **facts)
        raise


def _reason(refused: RefusedError) -> str:
    return refused.reason if isinstance(refused, StandsByError) else ""


def _unread(error: str) -> None:
    tell("the role could not be read", {Metric.ROLES_UNREAD: 1}, error=error)
