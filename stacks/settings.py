"""What every stack of an installation is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

from aws_cdk import DefaultStackSynthesizer, Environment, PermissionsBoundary

from stacks.config.accounts import boundary_in
from stacks.config.model import Config


class StackArguments(TypedDict):
    """Arguments of aws_cdk.Stack."""

    env: Environment
    termination_protection: bool
    permissions_boundary: PermissionsBoundary | None
    synthesizer: DefaultStackSynthesizer


@dataclass(frozen=True)
class StackSettings:
    """Account-wide settings, and where the project and the built layer lie.

    unprotected  parts ("data", "replica", a Region) whose stack does not stand yet: their
                 protections are switched on by a second deployment, once everything stands
    streams      Region -> ARN of the records table's stream as it is before this deployment
    """

    config: Config
    root: Path
    layer: Path
    unprotected: frozenset[str] = frozenset()
    streams: Mapping[str, str] = field(default_factory=dict)

    @property
    def tags(self) -> Mapping[str, str]:
        """On every resource."""
        return {"cognito-standby": self.config.installation, **self.config.tags}

    def protects(self, part: str) -> bool:
        """Whether tables, pool and stack of a part refuse to be deleted."""
        return self.config.protect_data and part not in self.unprotected

    def arguments(self, region: str, part: str) -> StackArguments:
        """For the stack of a part, in a Region."""
        account, boundary = self.config.account_of(region), boundary_in(self.config, region)
        return StackArguments(
            env=Environment(account=account, region=region),
            termination_protection=self.protects(part),
            permissions_boundary=PermissionsBoundary.from_arn(boundary) if boundary else None,
            synthesizer=DefaultStackSynthesizer(qualifier=self.config.bootstrap_qualifier),
        )
