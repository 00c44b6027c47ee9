"""Build the wheel, install it into an environment of its own, and try the command there.

Needs the package index, as `make setup` does; what is installed beside the wheel is what
requirements.lock pins. Exit code 1 with the reason if anything is not as it should be.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console

from cognito_standby import __version__
from cognito_standby.cli.main import GROUPS, app

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")
_SECONDS = 300
_console = Console(highlight=False)


class NotAsItShouldBeError(Exception):
    """The text says what."""


def ran(
    *command: str | Path, cwd: Path, code: int = 0, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """A command that ends with `code`. NotAsItShouldBeError."""
    kept = {name: os.environ[name] for name in os.environ if not name.startswith("STANDBY_")}
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**kept, **(more or {})},
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    if done.returncode != code:
        said = f"{done.stdout}{done.stderr}".strip()
        raise NotAsItShouldBeError(
            f"{' '.join(map(str, command))} ended with {done.returncode}, not {code}:\n{said}"
        )
    return done


def built(folder: Path) -> Path:
    """The wheel, in `folder`, made by the locked build tool."""
    build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel")
    ran(*build, "--directory", folder, cwd=ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def look_into(wheel: Path) -> None:
    """It brings the library and nothing else that could shadow somebody's own packages."""
    with zipfile.ZipFile(wheel) as archive:
        brought = {name.partition("/")[0] for name in archive.namelist()}
    meant = {"cognito_standby", f"cognito_standby-{__version__}.dist-info"}
    if brought != meant:
        raise NotAsItShouldBeError(f"the wheel brings {sorted(brought)}, not {sorted(meant)}")


def installed(wheel: Path, folder: Path) -> Path:
    """The command `standby` of a new environment that has only the wheel and what it asks for."""
    environment = folder / "environment"
    ran(UV, "venv", "--python", sys.executable, environment, cwd=folder)
    python = environment / "bin" / "python"
    lock = ROOT / "requirements.lock"
    ran(UV, "pip", "install", "--python", python, "--constraint", lock, wheel, cwd=folder)
    return environment / "bin" / "standby"


def tried(standby: Path, folder: Path) -> Iterator[str]:
    """What was seen of the command, in a folder without a checkout."""
    said = ran(standby, "--version", cwd=folder).stdout.strip()
    if said != f"standby {__version__}":
        raise NotAsItShouldBeError(f"--version says {said!r}")
    yield said
    commands = [str(each.name) for each in app.registered_commands]
    for each in (*commands, *GROUPS):
        ran(standby, each, "--help", cwd=folder)
    yield f"{len(commands) + len(GROUPS)} commands have their help"
    for shell in ("bash", "zsh", "fish"):
        asked = {"_STANDBY_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": "standby fail"}
        words = {"COMP_WORDS": "standby fail", "COMP_CWORD": "1"}
        action = {"_TYPER_COMPLETE_FISH_ACTION": "get-args"}
        offered = ran(standby, cwd=folder, more={**asked, **words, **action}).stdout
        if "failover" not in offered:
            raise NotAsItShouldBeError(f"{shell} is not offered `failover`: {offered!r}")
    yield "bash, zsh and fish complete `standby fail`"
    refused = ran(standby, "status", cwd=folder, code=2).stderr
    if "which installation?" not in refused:
        raise NotAsItShouldBeError(f"without an installation it says {refused!r}")
    yield "without an installation it asks which, and ends with 2"


def main() -> int:
    """0: the wheel is as it should be."""
    with tempfile.TemporaryDirectory(prefix="standby-wheel-") as scratch:
        folder = Path(scratch)
        try:
            wheel = built(folder / "dist")
            look_into(wheel)
            _console.print(f"built {wheel.name}: {wheel.stat().st_size / 1024:.0f} kB")
            (folder / "elsewhere").mkdir()
            for seen in tried(installed(wheel, folder), folder / "elsewhere"):
                _console.print(f"  {seen}")
        except NotAsItShouldBeError as error:
            _console.print(f"[bold red]wheel:[/] {error}", markup=True)
            return 1
    _console.print("wheel: it installs and runs in an environment of its own")
    return 0


if __name__ == "__main__":
    sys.exit(main())
