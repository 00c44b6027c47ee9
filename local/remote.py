"""A stage that runs in another process: `make up`, seen through its outputs file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import boto3
from botocore.config import Config

from local.outputs import StageOutputs

_CLIENT = Config(
    connect_timeout=2,
    read_timeout=30,
    retries={"total_max_attempts": 2, "mode": "standard"},
    max_pool_connections=50,
    s3={"addressing_style": "path"},
)


class Stage(Protocol):
    """Where an installation runs, and how to reach it."""

    @property
    def outputs(self) -> StageOutputs:
        """What was deployed."""

    def client(self, service: str, region: str) -> Any:
        """A boto3 client of the installation's account."""


class RemoteStage:
    """The stage behind an `outputs.json`."""

    def __init__(self, outputs: Path) -> None:
        self._outputs = StageOutputs.read(outputs)

    @property
    def outputs(self) -> StageOutputs:
        """What was deployed."""
        return self._outputs

    def client(self, service: str, region: str) -> Any:
        """A boto3 client with dummy credentials."""
        session: Any = boto3.session.Session()
        return session.client(
            service,
            region_name=region,
            endpoint_url=self._outputs.endpoint,
            aws_access_key_id=self._outputs.account,
            aws_secret_access_key="local",  # noqa: S106 - not a secret
            config=_CLIENT,
        )
