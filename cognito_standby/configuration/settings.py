"""What the function that looks at the configuration is told by its environment."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.settings import RegionsSettings


@dataclass(frozen=True)
class ConfigurationSettings(RegionsSettings):
    """For Snapshot Configuration."""

    user_pool_id: str
    pool_origin: str
    """created: the pool is of the installation's own stack; existing: it is somebody else's."""
    stack_name: str

    @property
    def created(self) -> bool:
        """Whether deployments of ours set it up."""
        return self.pool_origin == "created"
