"""`LocalStage`: a local AWS with an assembly deployed in it, as one context manager."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from local.assembly import Assembly, Stack
from local.deployer import Deployer, prolong_triggers, set_variables
from local.emulator import LocalAws
from local.faults import Faults
from local.outputs import StageOutputs
from local.rights.enforcing import Rights
from local.settings import LocalSettings
from local.trail import Trail


class LocalStage:
    """Starts, deploys, tells where everything is, stops.

    The accounts are the assembly's. `progress` is told each stack before it is deployed.
    """

    def __init__(
        self,
        assembly: Path,
        *,
        port: int = 0,
        settings: LocalSettings | None = None,
        progress: Callable[[Stack], None] = lambda _stack: None,
    ) -> None:
        self._assembly = Assembly(assembly)
        account = next(iter(self._assembly.accounts), "111111111111")
        self.aws = LocalAws(port=port, account=account, settings=settings)
        self._progress = progress
        self._outputs: StageOutputs | None = None
        self.stacks: Mapping[str, Mapping[str, str]] = {}

    @property
    def outputs(self) -> StageOutputs:
        """The installation's parts; the stage must have been entered."""
        if self._outputs is None:
            raise RuntimeError("the stage has not been deployed yet")
        return self._outputs

    @property
    def trail(self) -> Trail:
        """How CloudTrail delivers: change its `delay` or `drop` while the stage runs."""
        if self.aws.gaps is None:
            raise RuntimeError("the stage has not been started yet")
        return self.aws.gaps.trail

    @property
    def faults(self) -> Faults:
        """Faults to add and clear while the stage runs."""
        return self.aws.faults

    @property
    def rights(self) -> Rights:
        """What was judged, refused and used."""
        return self.aws.rights

    def client(self, service: str, region: str) -> Any:
        """A boto3 client of the account in which the installation has the Region."""
        account = self._outputs.account_of(region) if self._outputs else ""
        return self.aws.client(service, region, account)

    def __enter__(self) -> LocalStage:
        self.aws.start()
        try:
            self._deploy()
        except BaseException:
            self.aws.stop()
            raise
        return self

    def update(self, assembly: Path) -> None:
        """Deploy a changed installation over the one that stands. DeployError: it is as before, or
        as its stacks were rolled back to."""
        self._assembly = Assembly(assembly)
        self._deploy()

    def _deploy(self) -> None:
        deployer = Deployer(self.aws.client, self.aws.endpoint)
        self.stacks = deployer.deploy(self._assembly, self._progress)
        self._outputs = StageOutputs.of(self.aws.endpoint, self.aws.account, self.stacks)
        for region in (self._outputs.primary.region, self._outputs.backup.region):
            functions, settings = self.client("lambda", region), self.aws.settings
            set_variables(functions, settings.environment)
            prolong_triggers(functions, settings.trigger_seconds)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.aws.stop()
