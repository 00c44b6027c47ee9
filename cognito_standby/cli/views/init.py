"""What `standby init` proposes and has written, and what to do next."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from cognito_standby.adoption.domain.proposal import Proposal
from cognito_standby.adoption.domain.template import parameters_of, stack_name
from cognito_standby.adoption.services.looking import Whereabouts
from cognito_standby.cli.config_file import ConfigFile
from cognito_standby.cli.locate import CONFIG_VARIABLE


def show_proposal(
    console: Console,
    proposal: Proposal,
    template: Mapping[str, Any],
    path: Path,
    where: Whereabouts,
    name: str,
) -> None:
    """The template that was written, and how it becomes a pool."""
    document = proposal.document
    console.print(f"\n[green]{escape(str(path))}[/] is the template of an equal pool")
    for each in proposal.left_out:
        console.print(f"  not in it: {escape(each.what)}")
        for step in each.how:
            sign = "$ " if step.startswith("aws ") else ""
            console.print(f"    {sign}{escape(step)}", highlight=False, soft_wrap=True)
    console.print("next:")
    region, stack = document.region, stack_name(document.name)
    given = "".join(
        f" ParameterKey={each},ParameterValue=<...>" for each in parameters_of(template)
    )
    parameters = f" --parameters{given}" if given else ""
    again = f"standby init --pool {where.pool_id} --backup-pool <UserPoolId> --name {name}"
    for line in (
        f"aws cloudformation create-stack --region {region} --stack-name {stack} "
        f"--template-body file://{path}{parameters}",
        f"aws cloudformation wait stack-create-complete --region {region} --stack-name {stack}",
        f"aws cloudformation describe-stacks --region {region} --stack-name {stack} "
        "--query Stacks[0].Outputs",
        again,
    ):
        console.print(f"  $ {escape(line)}", highlight=False, soft_wrap=True)


def show_written(
    console: Console,
    file: ConfigFile,
    config: Mapping[str, Any],
    theirs: Mapping[str, Mapping[str, str]],
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
    console.print("next: docs/runbooks/install.md")
    if file.named:
        line = f"export {CONFIG_VARIABLE}={shlex.quote(str(file.path))}"
        console.print(f"  $ {escape(line)}", highlight=False, soft_wrap=True)
    doctor = () if (config.get("pools") or {}).get("create") else ("standby doctor",)
    for line in ("make preflight", *doctor, "make deploy"):
        console.print(f"  $ {line}", highlight=False)
