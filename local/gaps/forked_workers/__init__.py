"""Gap: each Lambda worker is a Python of its own that imports everything anew.

Half a second of processor time goes by before the first line of a function's own code: Python
starts, boto3 and what it needs are imported, and the function's zip is unpacked and compiled. An
installation has a hundred workers. Here a worker is forked from a template that has imported what
every function needs, of our own functions also what most of them share, and nothing of others'; and
the workers of one zip share what it holds (on AWS nobody can write to `/var/task` either).

Elsewhere than on Linux a process with threads cannot be relied on to fork, so each worker starts as
the emulator starts it.

Limits: a function that brings another version of boto3 gets the template's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from local.gaps.forked_workers.shared_code import SharedCode
from local.gaps.forked_workers.template import Templates
from local.patching import require


@dataclass(frozen=True)
class Functions:
    """The processes of all functions."""

    templates: Templates
    folder: Path

    def close(self) -> None:
        """End them."""
        from ministack.core import lambda_runtime  # noqa: PLC0415

        lambda_runtime.reset()
        self.templates.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def install() -> Functions:
    """Fork Python workers from now on."""
    from ministack.core import lambda_runtime  # noqa: PLC0415

    require(lambda_runtime.subprocess is subprocess, "workers are started in another way")
    require(lambda_runtime.zipfile is zipfile, "functions are unpacked in another way")
    functions = Functions(Templates(), Path(tempfile.mkdtemp(prefix="cognito-standby-functions-")))
    code = SharedCode(functions.folder)
    lambda_runtime.zipfile = _like(zipfile, ZipFile=code.archive)
    if sys.platform == "linux":
        lambda_runtime.subprocess = _like(subprocess, Popen=_forked(functions.templates))
    return functions


def _like(module: ModuleType, **other: Any) -> ModuleType:
    """The module as one user sees it, with something else in a place."""
    seen = ModuleType(module.__name__)
    vars(seen).update(vars(module) | other)
    return seen


def _forked(templates: Templates) -> Callable[..., Any]:
    def start(command: list[str], **more: Any) -> Any:
        if command[0] != sys.executable:
            return subprocess.Popen(command, **more)
        _, script = command
        return templates.of(script).fork(script, more["cwd"], more["env"])

    return start
