"""`python -m local demo`: synthesize the very stacks, deploy them here, run the main job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from local.assembly import Stack
from local.demo.story import Story
from local.stage import LocalStage

ROOT = Path(__file__).resolve().parents[2]
SCRATCH = ROOT / ".local"


class SynthError(RuntimeError):
    """The stacks could not be synthesized."""


def local_config(sign_in: str, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The configuration for a laptop: what cdk.json documents, with this sign-in mode."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    return {**context["standby"], "sign_in": sign_in, **(changes or {})}


def synthesize(sign_in: str, into: Path, **changes: Any) -> Path:
    """Run app.py in a process of its own; returns the cloud assembly. `changes` are config keys.

    CDK's own look at the templates takes half of the time and is left to `make test`, `make synth`
    and `make deploy`; cdk-nag still looks.

    SynthError: app.py refused or failed; its own words are in the message.
    """
    into.mkdir(parents=True, exist_ok=True)
    config = into / "config.json"
    config.write_text(json.dumps(local_config(sign_in, changes), indent=2))
    return synthesize_file(config, into)


def synthesize_file(config: Path, into: Path) -> Path:
    """The same by a config in a file of its own, as `standby init --config FILE` writes it."""
    into.mkdir(parents=True, exist_ok=True)
    assembly = into / "cdk.out"
    env = {
        **os.environ,
        "CDK_OUTDIR": str(assembly),
        "CDK_VALIDATION": "false",
        "COGNITO_STANDBY_CONFIG": str(config.resolve()),
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SynthError(done.stderr.strip() or done.stdout.strip())
    return assembly


def demo(console: Console, sign_in: str, people: int) -> bool:
    """Run the demo; True when both pools agree in the end."""
    started = time.monotonic()
    console.print("[bold]Synthesizing the stacks of both Regions[/] (CDK, about 10 s)")
    assembly = synthesize(sign_in, SCRATCH / f"demo-{sign_in}")

    def deploying(stack: Stack) -> None:
        console.print(f"  deploying {stack.name} in {stack.region}")

    console.print("[bold]Starting the local AWS and deploying them there[/]")
    with LocalStage(assembly, progress=deploying) as stage:
        agree = Story(stage, console, sign_in, people).run()
        judged = stage.rights.state()
    console.print(
        f"Rights: {judged['evaluated']} accesses were judged by the deployed policies,"
        f" {judged['refused']} refused."
    )
    console.print(f"\nTook {time.monotonic() - started:.0f} s. To go on:")
    console.print("  make up       keep this running; docs/tutorial.md plays a failure on it")
    console.print("  make test     every test that needs no cloud")
    console.print("  README.md     what it is and when to use it; ARCHITECTURE.md, how it works")
    return agree
