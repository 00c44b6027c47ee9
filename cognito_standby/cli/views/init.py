"""What `standby init` proposes and has written, and what to do next."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from cognito_standby.adoption.domain.proposal import Proposal
from cognito_standby.adoption.domain.template import parameters_of, stack_name
from cognito_standby.cli.config_file import ConfigFile
from cognito_standby.cli.locate import CONFIG_VARIABLE
from cognito_standby.core.settings import BACKUP_PROFILE
from cognito_standby.operator.adapters.connection import Connection


@dataclass(frozen=True)
class Profiles:
    """Of the primary's account and of the backup's; both empty: there is one account. `primary`
    alone empty: it is the shell's own."""

    primary: str = ""
    backup: str = ""

    @staticmethod
    def of(connection: Connection, primary_region: str, backup_region: str) -> Profiles:
        """As a connection reaches two accounts."""
        return Profiles(connection.told_apart(primary_region), connection.told_apart(backup_region))

    @property
    def there(self) -> str:
        """Goes into a command of the AWS CLI about the backup."""
        return f" --profile {shlex.quote(self.backup)}" if self.backup else ""

    @property
    def both(self) -> str:
        """Goes behind `standby`."""
        told = {"--profile": self.primary, "--backup-profile": self.backup}
        return "".join(f" {name} {shlex.quote(each)}" for name, each in told.items() if each)

    @property
    def environment(self) -> Mapping[str, str]:
        """For `make` and for `standby`."""
        told = {"AWS_PROFILE": self.primary, BACKUP_PROFILE: self.backup}
        return {name: each for name, each in told.items() if each}


def show_proposal(
    console: Console,
    proposal: Proposal,
    template: Mapping[str, Any],
    path: Path,
    again: str,
    profiles: Profiles,
) -> None:
    """The template that was written, and how it becomes a pool. `again`: the options of this
    command once it is one."""
    document = proposal.document
    console.print(f"\n[green]{escape(str(path))}[/] is the template of an equal pool")
    for each in proposal.left_out:
        console.print(f"  not in it: {escape(each.what)}")
        for step in each.how:
            command = step.startswith("aws ")
            line = f"$ {step}{profiles.there}" if command else step
            console.print(f"    {escape(line)}", highlight=False, soft_wrap=True)
    console.print("next:")
    region, stack = document.region, stack_name(document.name)
    given = "".join(
        f" ParameterKey={each},ParameterValue=<...>" for each in parameters_of(template)
    )
    parameters = f" --parameters{given}" if given else ""
    at = f"--region {region}{profiles.there} --stack-name {stack}"
    for line in (
        f"aws cloudformation create-stack {at} --template-body file://{path}{parameters}",
        f"aws cloudformation wait stack-create-complete {at}",
        f"aws cloudformation describe-stacks {at} --query Stacks[0].Outputs",
        f"standby{profiles.both} init {again}",
    ):
        console.print(f"  $ {escape(line)}", highlight=False, soft_wrap=True)


def show_written(
    console: Console,
    file: ConfigFile,
    config: Mapping[str, Any],
    theirs: Mapping[str, Mapping[str, str]],
    profiles: Profiles,
) -> None:
    """The configuration, what it leaves open, and the way to a deployment. `theirs`: the key
    `triggers` that chains the owner's functions."""
    console.print(json.dumps(config, indent=2), highlight=False, markup=False)
    where = "" if file.named else ", under context.standby"
    console.print(f"\n[green]{escape(str(file.path))}[/] has it{where}")
    if not config.get("alarm_email"):
        console.print('nobody hears of a failure until it has "alarm_email"', highlight=False)
    if theirs:
        console.print(
            "functions of yours stand where ours are to be attached. Ours ask them first if the "
            "file has what follows; other ways: docs/runbooks/attach.md",
            highlight=False,
        )
        told = f'"triggers": {json.dumps(theirs)}'
        console.print(f"  {escape(told)}", highlight=False, soft_wrap=True)
    page = "second-account" if config.get("backup_account") else "install"
    console.print(f"next: docs/runbooks/{page}.md")
    named = {CONFIG_VARIABLE: str(file.path)} if file.named else {}
    for name, value in {**named, **profiles.environment}.items():
        line = f"export {name}={shlex.quote(value)}"
        console.print(f"  $ {escape(line)}", highlight=False, soft_wrap=True)
    doctor = () if (config.get("pools") or {}).get("create") else ("standby doctor",)
    for line in ("make preflight", *doctor, "make deploy"):
        console.print(f"  $ {line}", highlight=False)
