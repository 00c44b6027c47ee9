"""The files of repairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain import file_names as names_of
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import Suspect
from cognito_standby.reconciliation.domain.repairs import Batch, RepairPart
from cognito_standby.reconciliation.domain.work_items import suspect_from_list, suspect_to_list
from cognito_standby.reconciliation.services.run_store.folder import Folder, loaded


class RepairFiles(Folder):
    """What repairs write."""

    def batches(self) -> tuple[int, list[str]]:
        """How many files of suspects are divided, and the batches that came of them."""
        file = self._file(names_of.BATCHES)
        body = self.files.read(file)
        if body is None:
            return 0, []
        known = loaded(body, file)
        try:
            return int(known["buckets"]), [str(each) for each in known["batches"]]
        except (KeyError, TypeError, ValueError):
            raise InvalidRecordError(f"{file} tells no batches") from None

    def write_batches(self, divided: int, batches: Sequence[str]) -> None:
        """Note them; their suspects are written before."""
        content = {"buckets": divided, "batches": list(batches)}
        self._json.write(self._file(names_of.BATCHES), content)

    def batch(self, batch: str) -> list[Suspect]:
        """The suspects of a batch. InvalidRecordError: there is no such batch."""
        listed = self._json.read_list(self._file(names_of.batch(batch)))
        if listed is None:
            raise InvalidRecordError("there is no such batch")
        return [suspect_from_list(raw) for raw in listed]

    def write_batch(self, batch: str, suspects: Sequence[Suspect]) -> None:
        """Note its suspects."""
        listed = [suspect_to_list(each) for each in suspects]
        self._json.write(self._file(names_of.batch(batch)), listed)

    def repair_round(self, number: int) -> list[Batch] | None:
        """The batches of a round; None: it was not planned."""
        listed = self.repair_items(number)
        return None if listed is None else [Batch.from_dict(each) for each in listed]

    def repair_items(self, number: int) -> list[Any] | None:
        """The same as the map is handed them."""
        return self._json.read_list(self.repair_round_file(number))

    def write_repair_round(self, number: int, batches: Sequence[Batch]) -> None:
        """Note them."""
        content = [each.to_dict() for each in batches]
        self._json.write(self.repair_round_file(number), content)

    def repair_round_file(self, number: int) -> str:
        """The file of a round's batches, for the map that shares them out."""
        return self._file(names_of.repair_round(number))

    def repair_parts(self, batch: str) -> list[str]:
        """The files of a batch's parts, in their order."""
        return sorted(self.files.names(self._file(names_of.repair_parts(batch))))

    def all_repair_parts(self, batches: Sequence[str]) -> dict[str, list[str]]:
        """The same of many, by one listing."""
        parts: dict[str, list[str]] = {batch: [] for batch in batches}
        for name in self.files.names(self._file(names_of.folder(WorkPhase.REPAIRING))):
            parts.get(names_of.batch_of(name), []).append(name)
        return {batch: sorted(names) for batch, names in parts.items()}

    def repair_part(self, file: str) -> RepairPart:
        """What became of some suspects of a batch. InvalidRecordError: it is no part."""
        return RepairPart.from_dict(self._json.read(file))

    def write_repair_part(self, batch: str, number: int, part: RepairPart, *, end: bool) -> None:
        """Note it; `end`: nobody of the batch is left after them."""
        name = names_of.repair_part(batch, number, end=end)
        self._json.write(self._file(name), part.to_dict())
