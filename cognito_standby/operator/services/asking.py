"""Where an operator's commands ask for changes: as the Admin API does, with their own rights."""

from __future__ import annotations

from cognito_standby.changes.services.submit import ApiContext, active_elsewhere
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.services.context import OperatorContext


def admin_of(ctx: OperatorContext) -> ApiContext:
    """By what changes are asked for. MisconfiguredError: the stack has no Admin API."""
    if ctx.admin is None:
        raise MisconfiguredError("its stack has no Admin API: deploy this release first")
    return ctx.admin


def is_active_here(ctx: OperatorContext) -> bool:
    """Whether changes are asked for here. MisconfiguredError: the stack has no Admin API."""
    return active_elsewhere(admin_of(ctx)) is None
