"""The owner's function of a trigger, connected to. Imported only where there is one: a trigger that
asks nobody starts without the SDK."""

from __future__ import annotations

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.triggers.adapters.owner import LambdaOwner, client
from cognito_standby.triggers.settings import patience


def connected(arn: str) -> LambdaOwner:
    """The function of this ARN."""
    return LambdaOwner(trigger_clients.of("lambda", client(patience())), arn)
