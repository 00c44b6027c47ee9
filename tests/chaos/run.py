"""One chaos run: people act while everything fails; then calm, redrive, and a look."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from local.demo.people import Crowd
from local.faults.remote import RemoteFaults
from local.remote import RemoteStage
from tests.chaos import look
from tests.chaos.people import GROUPS, Life
from tests.chaos.weather import darkness, weather
from tests.e2e.world import records

Say = Callable[[str], None]
_print = partial(print, flush=True)
_AT_ONCE = 6
_REPAIR_SECONDS = 400.0
_CALM = 4
_STOPPED = 3
"""Executions that somebody stops in each Region, while their functions run."""

_DARK_SECONDS = 5.0
_AFTER_SECONDS = 0.5
"""How long the faults outlive the changes, for each person: most of the backlog meets them."""


@dataclass
class Result:
    """What a run came to; `problems` is empty after a good one."""

    users: int
    changes: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    dead_letters: int = 0
    redrives: int = 0
    rounds: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    executions: Counter[str] = field(default_factory=Counter)
    created_silently: int = 0
    stopped: int = 0
    divergences: list[str] = field(default_factory=list)
    stories: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Run:
    """`users` people, drawn from `seed`. `patient`: nobody is deleted before they were captured."""

    def __init__(
        self,
        stage: RemoteStage,
        users: int,
        seed: int,
        *,
        patient: bool = True,
        say: Say = _print,
    ) -> None:
        self._stage, self._seed, self._say = stage, seed, say
        self._faults = RemoteFaults(stage.outputs.endpoint)
        crowd = Crowd(stage, stage.outputs.primary, "username")
        known = self._recorded if patient else bool
        self._lives = [Life(crowd, number, seed, known) for number in range(users)]
        self._crowd, self._result = crowd, Result(users)
        self._messages = look.Invitations(stage)

    def __call__(self) -> Result:
        """Run it all."""
        started = time.monotonic()
        for group in GROUPS:
            self._crowd.create_group(group, Description=f"All {group}")
        for fault in weather(self._seed):
            self._faults.add(fault)
        try:
            self._act()
            self._result.stopped = look.stop_some(self._stage, _STOPPED)
            self._say(f"acted for {time.monotonic() - started:.0f} s; the faults go on")
            self._linger()
        finally:
            self._faults.clear()
        self._result.faults = self._faults.state()["counts"]
        self._repair(started)
        self._judge()
        self._result.seconds = time.monotonic() - started
        return self._result

    def _act(self) -> None:
        """Sign-ups, then changes; the standby is dark in the middle of them."""
        self._everybody(Life.begin)
        self._everybody(Life.change)
        dark = self._faults.add(darkness(self._stage.outputs.backup.region))
        try:
            self._everybody(Life.change, share=2)
            time.sleep(_DARK_SECONDS)
        finally:
            self._faults.clear(dark)
        self._everybody(Life.change, share=2)

    def _recorded(self, sub: str) -> bool:
        return bool(records(self._stage, sub))

    def _everybody(self, act: Callable[[Life], None], share: int = 1) -> None:
        lives = self._lives[::share]
        self._result.changes += len(lives)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(act, lives))

    def _repair(self, started: float) -> None:
        """Redrive as letters come; sweep once it is quiet. No reconciliation."""
        swept, calm, deadline = False, 0, time.monotonic() + _REPAIR_SECONDS
        while not swept or calm < _CALM:
            letters = sum(n for key, n in look.queues(self._stage).items() if "letters" in key)
            if letters:
                self._say(f"{time.monotonic() - started:.0f} s: {letters} dead letters")
                self._redrive(letters)
            calm = 0 if letters or self._busy() else calm + 1
            if calm >= _CALM and not swept:
                swept, calm = True, 0
                self._sweep()
            if time.monotonic() > deadline:
                self._result.problems.append(f"still busy: {self._busy()}")
                return
            time.sleep(0.4)

    def _busy(self) -> list[str]:
        """Machines that run, and hints that are parked."""
        running = [key for key in look.executions(self._stage) if key.endswith("RUNNING")]
        return running + [k for k, n in look.queues(self._stage).items() if "parked" in k and n]

    def _linger(self) -> None:
        """Let most of the backlog meet the faults."""
        deadline, calm = time.monotonic() + len(self._lives) * _AFTER_SECONDS, 0
        while calm < _CALM and time.monotonic() < deadline:
            calm = 0 if self._busy() else calm + 1
            time.sleep(0.4)

    def _sweep(self) -> None:
        """What the schedule does every few minutes."""
        for region in look.both(self._stage):
            arn = region.state_machines.get("sweep_failures")
            if arn:
                client = self._stage.client("stepfunctions", region.region)
                client.start_execution(stateMachineArn=arn, input="{}")

    def _redrive(self, letters: int) -> None:
        """`standby redrive --all`, as a person types it."""
        self._result.dead_letters += letters
        self._result.rounds += 1
        self._result.failures |= look.failures(self._stage)
        path = Path(f".local/chaos-{self._stage.outputs.endpoint.rsplit(':', 1)[-1]}.json")
        self._stage.outputs.write(path)
        command = [sys.executable, "-m", "cognito_standby.cli", "--outputs", str(path)]
        done = subprocess.run(
            [*command, "redrive", "--all"], capture_output=True, text=True, timeout=900, check=False
        )
        path.unlink()
        self._result.redrives += done.stdout.count("redriven")
        summary = [line for line in done.stdout.splitlines() if " resolved" in line[:60]]
        self._say("\n".join(summary) + done.stderr)

    def _judge(self) -> None:
        result = self._result
        lives = [life for each in self._lives for life in each.lives]
        executed = partial(look.executions, self._stage)
        differing = partial(look.divergences, self._stage, lives)
        result.divergences = look.at_rest(differing, executed)
        for sub in {life.sub for life in lives if any(life.sub in d for d in result.divergences)}:
            result.stories.append(look.story(self._stage, sub))
        result.executions = look.executions(self._stage)
        result.created_silently, sent = self._messages.seen()
        result.problems += [f"a message was sent: {each}" for each in sent]
        result.problems += look.at_rest(partial(look.unsettled, self._stage), executed)
        left = {name: n for name, n in look.queues(self._stage).items() if n}
        result.problems += [f"{number} left in {name}" for name, number in left.items()]
