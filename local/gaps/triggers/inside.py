"""What the triggers inside the emulator share: its records, the call at work, and the question."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from local.gaps.triggers import events
from local.gaps.triggers.invoking import Invoker

current: ContextVar[Mapping[str, Any]] = ContextVar("current", default={})  # noqa: B039 - read only
"""The parameters of the call that a thread of the emulator is at work on."""


@dataclass(frozen=True)
class Inside:
    """The emulator's module of user pools, and who asks its triggers."""

    cognito: Any
    invoker: Invoker

    def function(self, pool: Mapping[str, Any] | None, trigger: str) -> str:
        """The ARN of a trigger's function, or ""."""
        return str(((pool or {}).get("LambdaConfig") or {}).get(trigger) or "")

    def attributes(self, user: Mapping[str, Any]) -> dict[str, str]:
        """A user's attributes as a trigger sees them."""
        held = self.cognito._attr_list_to_dict(user.get("Attributes", []))
        return {**held, "cognito:user_status": user.get("UserStatus", "")}

    def ask(
        self,
        source: str,
        pool: Mapping[str, Any],
        *,
        username: str,
        client_id: str,
        request: Mapping[str, Any],
        response: Mapping[str, Any],
    ) -> dict[str, Any] | None:
        """The `response` of the trigger that a source belongs to; None where the pool has none.

        AnsweredError: the trigger failed, and so does the call.
        """
        trigger, _, _ = source.partition("_")
        function = self.function(pool, trigger)
        if not function:
            return None
        given = events.event(
            source,
            region=self.cognito._pool_region(pool["Id"]),
            pool_id=pool["Id"],
            username=username,
            client_id=client_id,
            request=request,
            response=response,
        )
        return self.invoker.ask_from_a_thread(trigger, function, given)
