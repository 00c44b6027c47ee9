"""The installation over the owner's pools, as its operator handles it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.deployer import set_variables
from local.formation import DeployError, Formation
from local.outputs import StageOutputs
from local.remote import Stage
from local.settings import UNPACED
from tests.adopt.empty_aws import TRIGGER_SECONDS, WAIT_SCALE, EmptyAws
from tests.adopt.owner import CHAINED, Owner
from tests.e2e.local_stage import patience_of
from tests.local.lifecycle.installation import ROOT, Installation

_COGNITOS = 5
"""Seconds: the time limit of our functions behind triggers, which Cognito's own gives them."""
_VARIABLES = {**patience_of(WAIT_SCALE, 30), "QUOTAS": UNPACED, "CONCURRENCY": "8"}


class Adoption:
    """Two pools of the owner's, and the installation that adopts them."""

    def __init__(self, aws: EmptyAws, folder: Path) -> None:
        self.aws, self._folder = aws, folder
        self.installation = Installation(aws, folder)
        here, there = self.installation.regions
        self.active, self.standby = Owner(aws, here), Owner(aws, there)
        self.installation.config |= {
            "protect_data": False,
            "custom_attributes": [],
            "pools": {
                "primary_user_pool_id": self.active.pool,
                "backup_user_pool_id": self.standby.pool,
            },
            "triggers": {
                name: {
                    "primary_function": self.active.functions[name],
                    "backup_function": self.standby.functions[name],
                }
                for name in CHAINED
            },
        }

    @property
    def owners(self) -> tuple[Owner, Owner]:
        """Of both Regions."""
        return self.active, self.standby

    @property
    def outputs(self) -> StageOutputs:
        """Of the deployed stacks."""
        made = self.installation.outputs
        return StageOutputs.of(self.aws.endpoint, self.aws.account, made)

    @property
    def stage(self) -> Stage:
        """For who compares the pools."""
        return _Stage(self.aws, self.outputs)

    def deploy(self) -> None:
        """The stacks, whose functions then get the time of a busy machine."""
        self.installation.deploy()
        for region in self.installation.regions:
            client = self.aws.client("lambda", region)
            set_variables(client, _VARIABLES)
            for name in _hurried(client):
                client.update_function_configuration(FunctionName=name, Timeout=TRIGGER_SECONDS)

    def says(self, *arguments: str) -> str:
        """The operator's command, in a folder that takes what it keeps. AssertionError: its exit
        code is not 0."""
        path = self._folder / "outputs.json"
        self.outputs.write(path)
        done = subprocess.run(
            [sys.executable, "-m", "cognito_standby.cli", "--outputs", str(path), *arguments],
            cwd=self._folder,
            env={"COLUMNS": "200", "PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def holds(self, *tasks: str) -> bool:
        """Whether ours stand in exactly these places of both pools."""
        ours = f":{self.installation.config['installation']}-"
        for owner in self.owners:
            held = {str(value).rpartition(ours)[2] for value in owner.triggers().values()}
            if {name for name in held if not name.startswith("arn:") and name} != set(tasks):
                return False
        return True

    def refuses_to_go(self) -> str:
        """Why the primary Region's stack stays; empty: it went."""
        try:
            self._formation().delete(self._stack())
        except DeployError as error:
            return str(error)
        return ""

    def uninstall(self) -> None:
        """All stacks, with all that they hold."""
        for region in self.installation.regions:
            self.installation.empty(region)
        self.installation.destroy()

    def _stack(self) -> Any:
        wanted = self.installation.name(self.installation.primary)
        stacks = self.installation.assembly.in_order()
        return next(each for each in stacks if each.name == wanted)

    def _formation(self) -> Formation:
        region = self.installation.primary
        return Formation(self.aws.client("cloudformation", region), self.aws.endpoint)


class _Stage:
    """A Stage whose installation was deployed by ourselves."""

    def __init__(self, aws: EmptyAws, outputs: StageOutputs) -> None:
        self.outputs, self.client = outputs, aws.client


def _hurried(client: Any) -> Iterator[str]:
    for page in client.get_paginator("list_functions").paginate():
        for each in page["Functions"]:
            if each["Timeout"] == _COGNITOS:
                yield each["FunctionName"]
