"""A stage that runs in another process: `make up`, seen through its outputs file."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from local.clients import Clients
from local.outputs import StageOutputs


class Stage(Protocol):
    """Where an installation runs, and how to reach it."""

    @property
    def outputs(self) -> StageOutputs:
        """What was deployed."""

    def client(self, service: str, region: str) -> Any:
        """A boto3 client of the account in which the installation has the Region."""


class RemoteStage:
    """The stage behind an `outputs.json`; without an endpoint in it, an installation on AWS."""

    def __init__(self, outputs: Path) -> None:
        self._outputs = StageOutputs.read(outputs)
        self._clients = Clients(self._outputs.endpoint, self._outputs.account)

    @property
    def outputs(self) -> StageOutputs:
        """What was deployed."""
        return self._outputs

    def client(self, service: str, region: str, account: str = "") -> Any:
        """A boto3 client, of the account in which the Region is if no other is named."""
        return self._clients(service, region, account or self._outputs.account_of(region))
