"""The files of a listing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.reconciliation.domain import file_names as names_of
from cognito_standby.reconciliation.domain.file_names import PartName
from cognito_standby.reconciliation.domain.listing_notes import ListingState, Progress
from cognito_standby.reconciliation.domain.listing_rows import RowBuffer
from cognito_standby.reconciliation.services.run_store.folder import Folder


class ListingFiles(Folder):
    """What the listing writes."""

    def listing_state(self, number: int) -> ListingState | None:
        """The planner's after a round; None: the round was not planned."""
        raw = self._read(names_of.listing_plan(number))
        return None if raw is None else ListingState.from_dict(raw)

    def write_listing_round(self, number: int, state: ListingState) -> None:
        """The work items of a round, and then the planner's state."""
        self._note(names_of.listing_round(number), state.open)
        self._note(names_of.listing_plan(number), to_plain(state))

    def listing_round(self, number: int) -> str:
        """The file of a round's work items, for the map that shares them out."""
        return self._file(names_of.listing_round(number))

    def end_listing(self, state: ListingState) -> None:
        """Note that nothing is left to list, and what was given up. What was noted first stays."""
        if self._read(names_of.LISTING_SUMMARY) is None:
            summary = {"failed": state.failed, "values": state.failed_values}
            self._note(names_of.LISTING_SUMMARY, summary)

    def given_up(self) -> ListingState:
        """What was. InvalidRecordError: the listing is not done."""
        raw = self._read(names_of.LISTING_SUMMARY)
        if raw is None:
            raise InvalidRecordError("the listing is not done")
        try:
            state = {"failed": raw["failed"], "failed_values": raw["values"]}
            return ListingState.from_dict(state)
        except (KeyError, TypeError, InvalidRecordError):
            raise InvalidRecordError("the summary of the listing is not of its shape") from None

    def write_part(self, item: str, progress: Progress, rows: RowBuffer) -> Progress:
        """One more part: the rows, then how far the item came. The answer says where the next one
        begins."""
        body, ranges = rows.body()
        written = replace(progress, part=progress.part + 1, ranges=ranges)
        name = PartName(written.generation, written.part, item)
        if body:
            self.files.write(self.rows_file(name), body)
        self._note(name.note, written.to_dict())
        return written

    def last_progress(self, parts: Iterable[PartName]) -> Progress:
        """How far an item came, by its parts. InvalidRecordError: the last one is poisoned."""
        newest = max(parts, default=None)
        return Progress() if newest is None else self.progress(newest)

    def progress(self, part: PartName) -> Progress:
        """How far an item was after a part. InvalidRecordError: its note is poisoned."""
        raw = self._read(part.note)
        try:
            return Progress.from_dict(raw)
        except InvalidRecordError:
            raise InvalidRecordError(f"{part.note} is no note of a part") from None

    def parts(self, item: str = "") -> dict[str, list[PartName]]:
        """Item -> its parts; of all items, or of one."""
        found: dict[str, list[PartName]] = {}
        for file in self.files.names(self._file(names_of.listing_parts(item))):
            if part := PartName.of(file):
                found.setdefault(part.item, []).append(part)
        return found

    def rows_file(self, part: PartName) -> str:
        """The file of a part's rows."""
        return self._file(part.rows)
