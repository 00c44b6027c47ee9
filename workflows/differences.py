"""`python -m workflows.differences [REVISION]`: what the machines would do otherwise than at a
revision of git (`main` unless another is named), name by name, as AWS gets them.

A change of a shared rule is one line in a file and a change of many states: this shows all of
them. Definitions are compared as canonical JSON, so the order of fields and the layout of the files
do not count.
"""

from __future__ import annotations

import difflib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

_TELL = """
import json, sys, workflows
json.dump({name: json.loads(workflows.load(name).text) for name in workflows.names()}, sys.stdout)
"""
"""Run by the loader of the revision itself, whatever its files look like."""

Definitions = Mapping[str, Any]
"""Machine -> its definition."""


def definitions_in(tree: Path) -> dict[str, Any]:
    """What the loader in a tree of files makes of the definitions there.

    RuntimeError: it refuses them; the message is its own.
    """
    told = subprocess.run(
        [sys.executable, "-B", "-c", _TELL], cwd=tree, capture_output=True, text=True, check=False
    )
    if told.returncode:
        raise RuntimeError(told.stderr)
    parsed: dict[str, Any] = json.loads(told.stdout)
    return parsed


def definitions_at(revision: str, repository: Path = ROOT) -> dict[str, Any]:
    """The definitions at a revision. RuntimeError: there is no such revision, or as above."""
    archive = subprocess.run(
        ["git", "archive", revision, "workflows"], cwd=repository, capture_output=True, check=False
    )
    if archive.returncode:
        raise RuntimeError(archive.stderr.decode())
    with tempfile.TemporaryDirectory() as directory:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(directory, filter="data")
        return definitions_in(Path(directory))


def differences(before: Definitions, after: Definitions) -> Iterator[str]:
    """Lines of a diff for each machine that is not the same."""
    for name in sorted({*before, *after}):
        old, new = (_lines(which[name]) if name in which else [] for which in (before, after))
        yield from difflib.unified_diff(old, new, f"{name} before", f"{name} after", lineterm="")


def _lines(definition: Any) -> list[str]:
    return json.dumps(definition, indent=2, sort_keys=True, ensure_ascii=False).splitlines()


def main(revision: str = "main") -> int:
    """Print what differs. 1: something does."""
    before, after = definitions_at(revision), definitions_in(ROOT)
    lines = list(differences(before, after))
    changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    sys.stdout.writelines(f"{line}\n" for line in lines)
    told = ", ".join(changed) or "none"
    sys.stdout.write(f"{len(after)} machines, different from {revision}: {told}\n")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
