"""`python -m local drill`: deploy, play the day, write the report."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from cognito_standby import __version__
from cognito_standby.core.domain.hints import EARLY
from local.assembly import Stack
from local.demo.command import ROOT, SynthError, synthesize
from local.deployer import DeployError
from local.drill.operator import Operator
from local.drill.record import Drill, Surroundings
from local.drill.report.page import page
from local.drill.report.words import told_of
from local.drill.scene import Claim, Played, SceneError
from local.drill.scenes import NOT_SHOWN, SCENES
from local.drill.scenes.normal import LAG_SECONDS
from local.drill.story import play
from local.drill.taking import drill_of
from local.drill.world import World
from local.faults.model import Fault
from local.settings import UNPACED, LocalSettings
from local.stage import LocalStage

REPORT = ROOT / "build" / "drill" / "report.html"
_WAIT_SCALE, _TRIGGER_SECONDS = 0.33, 30.0
"""A third of all waits; triggers get more time than Cognito gives them, because a process here may
start slowly."""
_ENVIRONMENT = {
    "LEASE_SECONDS": "30",
    "EARLY_SECONDS": str(round(_WAIT_SCALE * EARLY.total_seconds())),
    "CONCURRENCY": "8",
    "QUOTAS": UNPACED,
}
"""A third of the lease, too, and of the time for somebody just made to appear, which the longest
waits are for; and no pace: so few people are within
every quota anyway."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for. `faults`: more of them from the beginning, to see the drill fail."""

    seed: int = 7
    people: int = 24
    patience: float = 300.0
    report: Path = REPORT
    faults: Sequence[Fault] = ()


def drill(console: Console, wanted: Wanted) -> bool:
    """Play it; True when all is as it claims. The report is written in either case."""
    started = time.time()
    console.print("[bold]The drill, simulated on this machine.[/] Nothing of it is AWS.")
    console.print(f"seed {wanted.seed}; synthesizing the stacks of both Regions")
    settings = LocalSettings(
        wait_scale=_WAIT_SCALE,
        trigger_seconds=_TRIGGER_SECONDS,
        environment=_ENVIRONMENT,
    )
    on = surroundings(wanted, settings)

    def deploying(stack: Stack) -> None:
        console.print(f"  deploying {stack.name} in {stack.region}")

    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        assembly = synthesize("username", Path(folder))
        with LocalStage(assembly, settings=settings, progress=deploying) as stage:
            world = _world(stage, console, wanted, Path(folder) / "outputs.json")
            played = [*play(SCENES, world, console), judged(stage.rights.state())]
            came = drill_of(world, on, played, started, NOT_SHOWN)
            write(came, wanted.report)
            _tell(console, came, wanted.report)
    return came.held


def _world(stage: LocalStage, console: Console, wanted: Wanted, outputs: Path) -> World:
    stage.outputs.write(outputs)
    for fault in wanted.faults:
        stage.faults.add(fault)

    def redeploy(changes: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
        try:
            stage.update(synthesize("username", outputs.parent / "changed", **changes))
        except (SynthError, DeployError) as error:
            raise SceneError(f"the changed configuration was not deployed: {error}") from error
        stage.outputs.write(outputs)
        return stage.stacks

    return World(
        stage,
        Operator(outputs),
        lambda text: console.print(f"  [dim]{escape(text)}[/]"),
        redeploy,
        seed=wanted.seed,
        size=wanted.people,
        patience=wanted.patience,
    )


def judged(rights: Mapping[str, Any]) -> Played:
    """What the judge of rights saw all day."""
    claim = Claim(
        "each call of what is deployed was judged by the policies that are deployed with it",
        not rights["unknown"],
        f"{rights['evaluated']} accesses judged, {rights['refused']} refused, "
        f"{len(rights['unknown'])} not known to the judge",
    )
    return Played("Rights", "Functions and machines had the rights of their policies.", (claim,))


def _tell(console: Console, came: Drill, report: Path) -> None:
    console.print()
    for line in told_of(came):
        console.print(line, highlight=False)
    console.print(f"report: {report}", highlight=False, soft_wrap=True)


def write(came: Drill, path: Path) -> None:
    """The page, and the same facts as JSON beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(came), encoding="utf-8")
    facts = {**asdict(came), "held": came.held}
    path.with_suffix(".json").write_text(
        json.dumps(facts, indent=2, ensure_ascii=False, default=str) + "\n", encoding="utf-8"
    )


def surroundings(wanted: Wanted, settings: LocalSettings) -> Surroundings:
    """On what it is played."""
    told = {
        "People": str(wanted.people),
        "Replication": f"late by up to {LAG_SECONDS:.1f} s a write, reordered, doubled",
        "Waits of the machines": f"x {settings.wait_scale}; no step of the RTO has one",
        "Limit of a trigger": f"{settings.trigger_seconds:.0f} s (5 s on AWS)",
        "Pace of our own requests": "none; Cognito's default quotas on AWS",
        "Functions at once in a comparison": settings.environment["CONCURRENCY"],
        "Lease of a step": f"{settings.environment['LEASE_SECONDS']} s",
        **{f"fault {n}": json.dumps(f.to_dict()) for n, f in enumerate(wanted.faults, start=1)},
    }
    return Surroundings(
        version=__version__,
        commit=_commit(),
        python=platform.python_version(),
        emulator=f"MiniStack {importlib.metadata.version('ministack')}, and this repository's gaps",
        seed=wanted.seed,
        settings=told,
    )


def _commit() -> str:
    """Of this checkout; "-dirty": with changes that are in no commit."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    return done.stdout.strip() or "not known: no git here"
