"""A run's files, read and written as what they hold. Nobody else asks for them by name.

Missing is None, or an InvalidRecordError where it says so; what is no JSON, or of another shape, is
an InvalidRecordError that names the file or what it should have been. Where they lie:
domain/file_names.py; what they hold: run_notes.py, listing_notes.py, work_items.py, repairs.py
there. Reports are kept by themselves (`reports`): they outlive the files of their run.
"""

from __future__ import annotations

from cognito_standby.reconciliation.services.run_store.comparison import (
    ComparisonFiles,
    suspects_in,
)
from cognito_standby.reconciliation.services.run_store.earlier import earlier_pool_note
from cognito_standby.reconciliation.services.run_store.listing import ListingFiles
from cognito_standby.reconciliation.services.run_store.opening import OpeningFiles
from cognito_standby.reconciliation.services.run_store.repairs import RepairFiles
from cognito_standby.reconciliation.services.run_store.watched import WatchedFiles

__all__ = ["RunStore", "earlier_pool_note", "suspects_in"]


class RunStore(OpeningFiles, ListingFiles, ComparisonFiles, RepairFiles, WatchedFiles):
    """All files of one run, by its id."""
