"""What a report, and who follows a run, read of all phases; and what workers spent."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain import file_names as names_of
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.repairs import RepairPart
from cognito_standby.reconciliation.domain.run_notes import Glance
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.services.run_store.folder import Folder


class WatchedFiles(Folder):
    """What a report and who follows a run read of all phases."""

    def has_begun(self, phase: WorkPhase) -> bool:
        """Whether anything of a phase was written."""
        return bool(self.files.names(self._file(names_of.folder(phase))))

    def progress_files(self, phase: WorkPhase) -> list[str]:
        """The files in which the workers of a phase say how far they came."""
        names = self.files.names(self._file(names_of.folder(phase)))
        return [name for name in names if names_of.is_progress(name)]

    def glance(self, file: str) -> Glance:
        """At one of them; what cannot be read adds nothing."""
        try:
            return Glance.of(self._json.read(file))
        except InvalidRecordError:
            return Glance()

    def planned_rounds(self, phase: WorkPhase) -> list[int]:
        """How many work items each round of a phase had: so many workers were started."""
        rounds = []
        for name in self.files.names(self._file(names_of.folder(phase))):
            if names_of.is_round(name):
                items = self._json.read(name)
                rounds.append(len(items) if isinstance(items, list) else 0)
        return rounds

    def usage_files(self, phase: WorkPhase) -> list[str]:
        """The files in which workers of a phase say what they spent: repairs beside what they did,
        the others apart."""
        if phase is WorkPhase.REPAIRING:
            return self.progress_files(phase)
        return list(self.files.names(self._file(names_of.usages(phase))))

    def usage(self, file: str) -> Usage:
        """What one worker spent; what cannot be read counts for nothing."""
        try:
            raw = self._json.read(file)
        except InvalidRecordError:
            return Usage()
        return Usage.from_dict(raw.get("usage") if isinstance(raw, dict) else None)

    def usages(self, phase: WorkPhase) -> list[Usage]:
        """Of all workers of a phase."""
        return [self.usage(name) for name in self.usage_files(phase)]

    def write_usage(self, phase: WorkPhase, worker: str, stamp: str, usage: Usage) -> None:
        """Of one attempt of a worker of a listing or a comparison."""
        name = names_of.usage(phase, worker, stamp)
        self._json.write(self._file(name), {"usage": usage.to_dict()})

    def repaired(self) -> Iterator[RepairPart]:
        """What became of the suspects that were visited, part by part. InvalidRecordError."""
        for name in self.progress_files(WorkPhase.REPAIRING):
            yield RepairPart.from_dict(self._json.read(name))
