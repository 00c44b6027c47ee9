"""The files of one restore; what they hold: domain/restore_plan.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.services.run_store.folder import Folder
from cognito_standby.recovery.domain.restore_plan import Begun, Looks, Part, Plan, Progress, Work
from cognito_standby.recovery.domain.restoring import Action

T = TypeVar("T")


class Row(NamedTuple):
    """A subject's key, what is to be done about it, and the write that this goes by (`Planned`);
    "": a plan of the release before, which tells none."""

    key: str
    action: Action
    seen: str = ""


class RestoreStore(Folder):
    """Missing is None; what is of another shape is an InvalidRecordError."""

    def begun(self) -> Begun | None:
        """What the restore starts from."""
        return self._get(Begun, "run.json")

    def write_begun(self, begun: Begun) -> None:
        """Note it."""
        self._put("run.json", begun)

    def round_file(self, run: Run, number: int) -> str:
        """The file of a round, for the map that shares its items out. Each execution has rounds of
        its own: one that goes on with a restore finds other work to do."""
        return self._file(f"rounds/{_name_of(run)}-{number}.json")

    def round(self, run: Run, number: int) -> list[Any] | None:
        """Its items."""
        return self._json.read_list(self.round_file(run, number))

    def write_round(self, run: Run, number: int, items: Sequence[Work]) -> None:
        """Note them."""
        self._json.write_compact(self.round_file(run, number), [to_plain(each) for each in items])

    def progress(self, run: Run) -> Progress:
        """What the last plan of this execution saw."""
        return self._get(Progress, f"rounds/{_name_of(run)}.progress") or Progress()

    def write_progress(self, run: Run, progress: Progress) -> None:
        """Note it."""
        self._put(f"rounds/{_name_of(run)}.progress", progress)

    def parts(self) -> int:
        """Files that workers wrote so far: whoever comes no further adds none."""
        folders = (self._file("looks/"), self._file("did/"))
        return sum(len(self.files.names(folder)) for folder in folders)

    def looks(self, segment: str) -> Iterator[Looks]:
        """What the looks at a segment called for, in their order."""
        return self._each(Looks, f"looks/{segment}/")

    def write_looks(self, segment: str, number: int, looks: Looks) -> None:
        """Note some."""
        self._put(f"looks/{segment}/{number:05d}.json", looks)

    def last_looks(self, segment: str) -> tuple[int, Looks | None]:
        """How many parts there are of a segment, and the last one."""
        return self._last(Looks, f"looks/{segment}/")

    def all_last_looks(self) -> dict[str, Looks]:
        """Segment -> the last part, of all that have one, by one listing."""
        return self._all_last(Looks, "looks/")

    def plan(self) -> Plan | None:
        """What is going to be done."""
        return self._get(Plan, "plan.json")

    def write_plan(self, plan: Plan) -> None:
        """Note it; its batches are written before."""
        self._put("plan.json", plan)

    def batch(self, name: str) -> list[Row]:
        """The rows of a batch. InvalidRecordError: there is none of this name."""
        listed = self._json.read_list(self._file(f"batches/{name}.json"))
        try:
            return [
                Row(str(key), Action(action), *map(str, seen))
                for key, action, *seen in listed or ()
            ]
        except (TypeError, ValueError):
            raise InvalidRecordError(f"the batch {name} holds no rows") from None

    def write_batch(self, name: str, rows: Sequence[Row]) -> None:
        """Note them."""
        listed = [[row.key, row.action.value, row.seen] for row in rows]
        self._note(f"batches/{name}.json", listed)

    def refused(self) -> list[tuple[str, str]]:
        """Who is not restored, and why."""
        listed = self._json.read_list(self._file("refused.json"))
        return [(str(key), str(reason)) for key, reason in listed or ()]

    def write_refused(self, refused: Sequence[tuple[str, str]]) -> None:
        """Note them."""
        self._note("refused.json", [list(each) for each in refused])

    def did(self, batch: str) -> Iterator[Part]:
        """What became of a batch's subjects."""
        return self._each(Part, f"did/{batch}/")

    def last_did(self, batch: str) -> tuple[int, Part | None]:
        """How many parts there are of a batch, and the last one."""
        return self._last(Part, f"did/{batch}/")

    def all_last_did(self) -> dict[str, Part]:
        """Batch -> the last part, of all that have one, by one listing."""
        return self._all_last(Part, "did/")

    def write_did(self, batch: str, number: int, part: Part) -> None:
        """Note some."""
        self._put(f"did/{batch}/{number:05d}.json", part)

    def _file(self, name: str) -> str:
        return super()._file(f"restore/{name}")

    def _get(self, kind: type[T], name: str) -> T | None:
        raw = self._read(name)
        return None if raw is None else from_plain(kind, raw)

    def _put(self, name: str, content: Any) -> None:
        self._note(name, to_plain(content))

    def _each(self, kind: type[T], folder: str) -> Iterator[T]:
        for name in sorted(self.files.names(self._file(folder))):
            yield from_plain(kind, self._json.read(name))

    def _last(self, kind: type[T], folder: str) -> tuple[int, T | None]:
        names = sorted(self.files.names(self._file(folder)))
        return len(names), from_plain(kind, self._json.read(names[-1])) if names else None

    def _all_last(self, kind: type[T], folder: str) -> dict[str, T]:
        names = sorted(self.files.names(self._file(folder)))
        last = {name.rsplit("/", 2)[1]: name for name in names}
        return {piece: from_plain(kind, self._json.read(name)) for piece, name in last.items()}


def _name_of(run: Run) -> str:
    return run.execution.rsplit(":", 1)[-1]
