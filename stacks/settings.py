"""What every stack of an installation is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from aws_cdk import DefaultStackSynthesizer, Environment, PermissionsBoundary

from stacks.config import Config


class StackArguments(TypedDict):
    """Arguments of aws_cdk.Stack."""

    env: Environment
    termination_protection: bool
    permissions_boundary: PermissionsBoundary | None
    synthesizer: DefaultStackSynthesizer


@dataclass(frozen=True)
class StackSettings:
    """Account-wide settings, and where the project and the built layer lie."""

    config: Config
    root: Path
    layer: Path

    def arguments(self, region: str) -> StackArguments:
        """For the stack of one Region."""
        boundary = self.config.permissions_boundary
        return StackArguments(
            env=Environment(account=self.config.account, region=region),
            termination_protection=self.config.protect_data,
            permissions_boundary=PermissionsBoundary.from_arn(boundary) if boundary else None,
            synthesizer=DefaultStackSynthesizer(qualifier=self.config.bootstrap_qualifier),
        )
