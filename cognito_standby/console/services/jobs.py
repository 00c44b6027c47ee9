"""What the console does after it was asked: a thread each, with what it tells on its way.

A job is known by the id of the question that was confirmed, so that a form sent twice (a second
tab, a click too many) is one job. They are forgotten with the process; what they did is in AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from threading import Lock, Thread

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import told

KEPT = 50
_LINES = 500


class JobState(StrEnum):
    """As the exit codes of the commands: 0, 1 and 2."""

    GOING = "goes on"
    DONE = "done"
    PARTLY = "not all, or something is left"
    NOTHING = "nothing was done"


@dataclass(frozen=True)
class Outcome:
    """What came of it. `next_steps`: commands."""

    state: JobState
    told: str
    next_steps: tuple[str, ...] = ()


Tell = Callable[[str], None]
Work = Callable[[Tell], Outcome]


@dataclass
class Job:
    """Something that was asked for. `command` would have done the same."""

    id: str
    title: str
    command: str
    started_at: datetime
    lines: list[str] = field(default_factory=list)
    outcome: Outcome | None = None
    ended_at: datetime | None = None

    @property
    def state(self) -> JobState:
        """Where it stands."""
        return self.outcome.state if self.outcome else JobState.GOING


def _in_a_thread(task: Callable[[], None]) -> None:
    Thread(target=task, daemon=True).start()


class Jobs:
    """Of this process, the newest last. `begin` runs a job beside the pages."""

    def __init__(
        self, now: Callable[[], datetime], begin: Callable[[Callable[[], None]], None] | None = None
    ) -> None:
        self._now, self._begin, self._lock = now, begin or _in_a_thread, Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, id_: str, title: str, command: str, work: Work) -> Job:
        """Begin it, unless it was begun."""
        with self._lock:
            if id_ in self._jobs:
                return self._jobs[id_]
            job = self._jobs[id_] = Job(id_, title, command, self._now())
            for old in [each for each in self._jobs.values() if each.outcome][:-KEPT]:
                del self._jobs[old.id]
        self._begin(partial(self._run, job, work))
        return job

    def find(self, id_: str) -> Job | None:
        """One of them."""
        return self._jobs.get(id_)

    @property
    def all(self) -> list[Job]:
        """The newest first."""
        with self._lock:
            return list(reversed(self._jobs.values()))

    def _run(self, job: Job, work: Work) -> None:
        def tell(line: str) -> None:
            if line not in job.lines[-1:]:
                job.lines.append(line)
                del job.lines[:-_LINES]

        try:
            outcome = work(tell)
        except StandbyError as error:
            outcome = _broke_off(told(error))
        except Exception as error:  # noqa: BLE001 - a thread's error would be told to nobody
            outcome = _broke_off(type(error).__name__)
        job.ended_at, job.outcome = self._now(), outcome


def _broke_off(why: str) -> Outcome:
    """Credentials can end, and a Region go dark, after something was begun: that nothing was done
    is not known then."""
    left = "How far it came is not known, and what was begun may go on: look before you ask again"
    return Outcome(JobState.PARTLY, f"it broke off: {why}. {left}")
