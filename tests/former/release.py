"""The release before as it was deployed: its templates, and its functions' code.

`data/release.tar.xz` is its cloud assembly without third-party packages, which the functions of
both releases have from the same environment here. `data/release.json` says of which commit it is
and what its hash is. `make former REV=<commit>` makes both anew:

    python -m tests.former.release <commit>
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from tests.former.world import DATA, ROOT

ARCHIVE, ABOUT = DATA / "release.tar.xz", DATA / "release.json"
MOST_BYTES = 1_000_000
_SIGN_IN = "username"
_NOT_DEPLOYED = ("*.metadata.json", "validation-report.json", "tree.json")


class FormerReleaseError(RuntimeError):
    """What is kept of the release before is not what was made, or it cannot be made."""


def unpack(into: Path) -> Path:
    """The cloud assembly, in `into`; its layer of packages is empty. FormerReleaseError."""
    body = ARCHIVE.read_bytes()
    if hashlib.sha256(body).hexdigest() != told()["sha256"]:
        raise FormerReleaseError(f"{ARCHIVE.name} is not what {ABOUT.name} tells of")
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        archive.extractall(into, filter="data")
    for folder in _layers(into):
        folder.mkdir(exist_ok=True)
    return into


def told() -> dict[str, Any]:
    """Of which commit it is, and how it was made."""
    found: dict[str, Any] = json.loads(ABOUT.read_text())
    return found


def code_in(assembly: Path) -> Path:
    """The folder of the functions' own code."""
    (found,) = (folder.parent for folder in assembly.glob("asset.*/tasks"))
    return found


def make(revision: str) -> None:
    """Keep the deployment of a commit of this repository. FormerReleaseError: it has none."""
    commit = _git("rev-parse", f"{revision}^{{commit}}").decode().strip()
    with tempfile.TemporaryDirectory(prefix="former-") as folder:
        tree = Path(folder, "tree")
        with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
            archive.extractall(tree, filter="data")
        ARCHIVE.write_bytes(_packed(_synthesized(tree, Path(folder))))
    about = {
        "commit": commit,
        "release": _version(commit),
        "sha256": hashlib.sha256(ARCHIVE.read_bytes()).hexdigest(),
        "made_by": f"make former REV={commit}",
        "sign_in": _SIGN_IN,
    }
    ABOUT.write_text(json.dumps(about, indent=1) + "\n")


def _version(commit: str) -> str:
    """It has moved once."""
    places = ("cognito_standby/__init__.py", "pyproject.toml")
    sources = (_git("show", f"{commit}:{place}").decode() for place in places)
    found = [re.search(r'^(?:__)?version(?:__)? = "(.+)"$', each, re.MULTILINE) for each in sources]
    return next(one.group(1) for one in found if one)


def _git(*arguments: str) -> bytes:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise FormerReleaseError(done.stderr.decode().strip())
    return done.stdout


def _synthesized(tree: Path, folder: Path) -> Path:
    """What that commit's own app makes of its own `cdk.json`, with an empty layer."""
    config = json.loads((tree / "cdk.json").read_text())["context"]["standby"]
    (folder / "config.json").write_text(json.dumps({**config, "sign_in": _SIGN_IN}))
    (folder / "layer" / "python").mkdir(parents=True)
    environment = {
        **os.environ,
        "CDK_OUTDIR": str(folder / "cdk.out"),
        "CDK_VALIDATION": "false",
        "COGNITO_STANDBY_CONFIG": str(folder / "config.json"),
        "COGNITO_STANDBY_LAYER_DIR": str(folder / "layer"),
    }
    command = [sys.executable, str(tree / "app.py")]
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise FormerReleaseError(done.stderr.strip())
    return folder / "cdk.out"


def _packed(assembly: Path) -> bytes:
    """The same bytes for the same files, whoever packs them, and when."""
    files = sorted(path for path in assembly.rglob("*") if path.is_file())
    deployed = [path for path in files if not any(path.match(one) for one in _NOT_DEPLOYED)]
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:xz", preset=9) as archive:
        for path in deployed:
            entry = tarfile.TarInfo(str(path.relative_to(assembly)))
            entry.size, entry.mode = path.stat().st_size, 0o644
            with path.open("rb") as content:
                archive.addfile(entry, content)
    return packed.getvalue()


def _layers(assembly: Path) -> list[Path]:
    """Folders that the assembly names and that hold nothing."""
    listings = (json.loads(path.read_text()) for path in assembly.glob("*.assets.json"))
    sources = (each["source"] for listing in listings for each in listing["files"].values())
    return [assembly / one["path"] for one in sources if one.get("packaging") == "zip"]


if __name__ == "__main__":
    make(sys.argv[1])
