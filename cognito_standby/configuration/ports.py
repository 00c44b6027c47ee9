"""What the configuration's services need of the world."""

from __future__ import annotations

from typing import Protocol

from cognito_standby.configuration.domain.document import PoolConfiguration


class PoolGoneError(Exception):
    """There is no such pool, or it was deleted while it was read."""


class ConfigurationReader(Protocol):
    """Reads pools of one Region."""

    def read(self, user_pool_id: str) -> PoolConfiguration:
        """All that is set up in a pool, without a secret. PoolGoneError."""
        ...
