"""`python -m preflight`: look; `deploy`: look, then the CDK; `diff`, `bootstrap`; `key-policy`.

Exit codes: 0 ready; 1 something is missing, or the CDK failed; 2 the config or the command line
cannot be used.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import typer
from botocore.exceptions import BotoCoreError, ClientError

from cognito_standby.core.settings import BACKUP_PROFILE
from deploying import cdk, deployment
from deploying.plan import NotNowError
from preflight import show
from preflight.aws import of_this_shell
from preflight.checks.account import CREDENTIALS, bootstrap_arguments
from preflight.findings import PreflightVerdict
from preflight.key_policy import key_policy
from preflight.ports import Account
from preflight.runner import ACCEPTABLE, examine, examine_caller
from preflight.wanted import Wanted, wanted_from
from stacks.config.model import Config
from stacks.config.source import CDK_JSON, ConfigError, find_config, named_file

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, help=__doc__)
Accept = Annotated[
    list[str], typer.Option("--accept", help="A check whose finding is not to stand in the way.")
]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]


def _aws(profile: str = "") -> Account:
    try:
        return of_this_shell(asking=sys.stdin.isatty(), profile=profile)
    except BotoCoreError as error:
        typer.echo(f"the AWS configuration of this shell cannot be used: {error}", err=True)
        raise typer.Exit(2) from None


@dataclass(frozen=True)
class Surroundings:
    """What a command works with; the defaults are a shell's."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    account: Callable[..., Account] = _aws
    """Of the shell's credentials, or of a profile that is named."""
    cdk: Callable[[Sequence[str], bool], int] = cdk.run
    # Before the next one, whose name hides the module.
    difference: Callable[..., int] = deployment.difference
    deployment: Callable[..., int] = deployment.deploy
    terminal: Callable[[], bool] = sys.stdin.isatty

    def wanted(self) -> Wanted:
        """What the config asks of the account. typer.Exit: the config is refused."""
        return wanted_from(self.config(), named_file([], self.environ) or CDK_JSON)

    def config(self) -> Config:
        """The installation's. typer.Exit: it is refused."""
        try:
            return find_config(cdk.ROOT, [], self.environ)
        except ConfigError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from None

    def ready(self, accept: list[str], *, as_json: bool = False) -> bool:
        """Look, and say what was seen."""
        if CREDENTIALS in accept:
            # What is seen with other credentials is somebody else's account.
            raise typer.BadParameter(f"{CREDENTIALS} cannot be accepted")
        if unknown := sorted(set(accept) - set(ACCEPTABLE)):
            known = ", ".join(ACCEPTABLE)
            raise typer.BadParameter(f"no check {', '.join(unknown)}; there are {known}")
        wanted = self.wanted()
        verdict = examine(self.account(), wanted, accept, self.beside(wanted))
        return _told(verdict, as_json=as_json)

    def right_account(self) -> bool:
        """Whether these are its credentials; says so only where they are not. The CDK would say
        that much later, with a traceback of its own."""
        wanted = self.wanted()
        verdict = examine_caller(self.account(), wanted, self.beside(wanted))
        return not verdict.refusing or _told(verdict)

    @property
    def backup_profile(self) -> str:
        """What reaches the second account; "": nothing was said."""
        return self.environ.get(BACKUP_PROFILE, "")

    def beside(self, wanted: Wanted) -> Account | None:
        """The second account; None: there is none, or nobody said how it is reached."""
        asked = wanted.two_accounts and self.backup_profile
        return self.account(self.backup_profile) if asked else None


def _told(verdict: PreflightVerdict, *, as_json: bool = False) -> bool:
    """Say what was seen; whether a deployment may begin."""
    if as_json:
        typer.echo(json.dumps(show.as_json(verdict), indent=2))
    else:
        typer.echo("\n".join(show.lines(verdict)))
    return not verdict.refusing


@app.callback(invoke_without_command=True)
def check(context: typer.Context, accept: Accept = [], as_json: AsJson = False) -> None:  # noqa: B006
    """Look whether the account is ready for the installation of cdk.json."""
    if context.obj is None:
        context.obj = Surroundings()
    if context.invoked_subcommand is None:
        raise typer.Exit(0 if context.obj.ready(accept, as_json=as_json) else 1)


@app.command()
def deploy(context: typer.Context, accept: Accept = []) -> None:  # noqa: B006 - it is not changed
    """Look, and deploy if nothing stands in the way."""
    here: Surroundings = context.obj
    if not here.ready(accept):
        raise typer.Exit(1)
    try:
        code = here.deployment(
            here.config(), terminal=here.terminal(), backup_profile=here.backup_profile
        )
    except (NotNowError, BotoCoreError, ClientError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(1 if code else 0)


@app.command()
def diff(context: typer.Context) -> None:
    """Show what a deployment would change. Of the account it looks at nothing but whose it is, and
    at the streams of the records table."""
    here: Surroundings = context.obj
    if not here.right_account():
        raise typer.Exit(1)
    try:
        code = here.difference(here.config(), backup_profile=here.backup_profile)
    except (BotoCoreError, ClientError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(1 if code else 0)


@app.command()
def bootstrap(context: typer.Context) -> None:
    """Prepare both Regions for the CDK."""
    here: Surroundings = context.obj
    if not here.right_account():
        raise typer.Exit(1)
    wanted = here.wanted()
    whose = {wanted.account: ""}
    if wanted.two_accounts:
        whose[wanted.backup_account] = here.backup_profile
    for account, profile in whose.items():
        arguments = [*bootstrap_arguments(wanted, account), *cdk.as_whom(profile)]
        if here.cdk(["bootstrap", *arguments], False):
            raise typer.Exit(1)


@app.command("key-policy")
def print_key_policy(
    context: typer.Context,
    region: Annotated[str, typer.Option(help="The Region whose key it is of.")],
) -> None:
    """Print the policy that a customer's key needs."""
    wanted: Wanted = context.obj.wanted()
    if region not in {*wanted.regions, *wanted.keys}:
        raise typer.BadParameter(f"no part of the installation is in {region}")
    policy = key_policy(wanted, region, only_tables=region not in wanted.regions)
    typer.echo(json.dumps(policy, indent=2))


if __name__ == "__main__":
    app()
