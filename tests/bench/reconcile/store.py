"""The run's bucket on this disk, and the run's notes: requests counted, latencies virtual."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cognito_standby.core.domain.epochs import Claims
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.ports import Question
from tests.bench.reconcile.population import CONFIRMED, REGION
from tests.bench.reconcile.world import World
from tests.twins.stores.pool_notes import InMemoryPoolNotes


class DiskFiles:
    """RunFiles. On disk, for the rows of millions do not belong into memory."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world, self._folder = world, folder
        files = (path for path in folder.rglob("*") if path.is_file())
        self._names = {path.relative_to(folder).as_posix() for path in files}
        self.bytes_written = 0

    def write(self, name: str, body: bytes, content_type: str = "application/octet-stream") -> None:
        """PutObject."""
        with self._world.answering("PutObject", self._world.latencies.s3_put):
            path = self._folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
            self._names.add(name)
            self.bytes_written += len(body)

    def read(self, name: str) -> bytes | None:
        """GetObject."""
        with self._world.answering("GetObject", self._world.latencies.s3_get):
            return (self._folder / name).read_bytes() if name in self._names else None

    def read_range(self, name: str, start: int, length: int) -> bytes:
        """GetObject of a range."""
        with (
            self._world.answering("GetObject", self._world.latencies.s3_get),
            (self._folder / name).open("rb") as file,
        ):
            file.seek(start)
            return file.read(length)

    def names(self, prefix: str) -> Sequence[str]:
        """ListObjectsV2, a thousand names a page."""
        found = sorted(name for name in self._names if name.startswith(prefix))
        for _ in range(0, max(1, len(found)), 1000):
            with self._world.answering("ListObjectsV2", self._world.latencies.s3_list):
                pass
        return found

    def remove(self, prefix: str) -> None:
        """Of all files that begin so: not part of the port, and free."""
        for name in [name for name in self._names if name.startswith(prefix)]:
            (self._folder / name).unlink()
            self._names.discard(name)


class Notes(InMemoryPoolNotes):
    """RunRegister and ClaimsSource: some items of the tables, each write one unit a KiB."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world
        self._run: Run | None = None
        self._questions: dict[str, Question] = {}

    def read_claims(self) -> Claims:
        """Nobody has claimed since the installation."""
        self._read()
        return Claims({REGION: CONFIRMED.epoch.number, "us-west-2": 0})

    def open(self, run: Run) -> Run:
        """Begin."""
        self._write()
        self._run = self._run or run
        return self._run

    def close(self, run: Run) -> None:
        """End."""
        self._write()
        self._run = None

    def current(self) -> Run | None:
        """The run."""
        self._read()
        return self._run

    def pool_of_record(self, user_pool_id: str) -> str:
        """Noted by an earlier run."""
        self._read()
        return user_pool_id

    def pool_note(self, user_pool_id: str) -> PoolNote | None:
        """What an earlier run kept."""
        self._read()
        return super().pool_note(user_pool_id)

    def keep_pool_note(self, user_pool_id: str, note: PoolNote) -> None:
        """For the next run."""
        self._write()
        super().keep_pool_note(user_pool_id, note)

    def ask(self, question: Question) -> None:
        """Note a question."""
        self._write()
        self._questions[question.run.id] = question

    def question(self, run_id: str) -> Question | None:
        """The question of a run."""
        self._read()
        return self._questions.get(run_id)

    def questions(self) -> Sequence[Question]:
        """All questions."""
        self._read()
        return list(self._questions.values())

    def settle(self, run_id: str) -> None:
        """Answered."""
        self._write()
        self._questions.pop(run_id, None)

    def _read(self) -> None:
        with self._world.answering("GetItem", self._world.latencies.put_item):
            self._world.counts.read_units += 1

    def _write(self) -> None:
        with self._world.answering("PutItem", self._world.latencies.put_item):
            self._world.counts.write_units += 1
