"""Changes by the Admin API and its machine, on the adapters."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from tests.former import today
from tests.former.world import Region

RUN = "arn:aws:states:us-east-1:111111111111:execution:standby-sync_user"
ADMIN = "AIDA-INVENTED"


class Administrator:
    """Changes by the Admin API and its machine, in the primary Region."""

    def __init__(self, here: Region) -> None:
        self.here, self.made = here, 0
        self.bus = today.InMemoryChangeBus()
        self.subjects: list[str] = []

    @property
    def machine(self) -> today.ChangeContext:
        """What its steps are handed."""
        return today.ChangeContext(self.here.context, self.here.changes)

    def ask(self, kind: str, **asked: Any) -> Any:
        """Store one."""
        api = today.ApiContext(
            region=self.here.region,
            directory=self.here.context.directory,
            records=self.here.context.records,
            ledger=self.here.context.ledger,
            changes=self.here.changes,
            bus=self.bus,
            clock=self.here.clock,
            addresses={},
            new_id=self._new_id,
            pause=self.here.clock.advance,
        )
        request = today.ChangeRequest(today.ChangeKind(kind), **asked)
        done = today.submit(api, request, ADMIN, f"key-{self._new_id()}")
        assert isinstance(done, today.Submitted), done
        self.here.clock.advance(1)
        if done.change.subject:
            self.subjects.append(done.change.subject)
        return done.change

    def make(self, kind: str, **asked: Any) -> None:
        """Store one, and see it through."""
        change = self.ask(kind, **asked)
        self._run(change)
        now = self.here.changes.read(change.id)
        assert now is not None and now.status.ended, now

    def undone(self, kind: str, **asked: Any) -> None:
        """The record cannot be written, so it is taken back."""
        change = self.ask(kind, **asked)
        with broken(self.here.context.records, "put"):
            self._run(change)

    def given_up(self, kind: str, **asked: Any) -> None:
        """The machine gives up, and an operator is told."""
        change, run = self.ask(kind, **asked), f"{RUN}:gave-up"
        self.here.changes.claim(change.id, run)
        problem = today.GAVE_UP
        status = today.ChangeStatus.FAILED
        self.here.changes.finish(change.id, run, status, problem, None)

    def half_way(self, kind: str, **asked: Any) -> None:
        """It stands after its first step."""
        change = self.ask(kind, **asked)
        machine = self.machine
        today.snapshot_user(machine, change.id, f"{RUN}:half-way#0")

    def _run(self, change: Any) -> None:
        self.made += 1
        arn = f"arn:aws:states:us-east-1:111111111111:execution:standby-apply:{self.made}"
        today.ChangeExecution(arn, change.id).run(self.machine)

    def _new_id(self) -> str:
        self.made += 1
        return f"00000000-0000-4000-8000-{self.made:012d}"


@contextmanager
def broken(port: Any, method: str, error: type[Exception] = RuntimeError) -> Iterator[None]:
    """A port's method fails."""
    with patch.object(port, method, side_effect=error):
        yield
