"""What earlier releases wrote elsewhere."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.pool_notes import PoolNote
from cognito_standby.reconciliation.domain import file_names as names_of
from cognito_standby.reconciliation.ports import RunFiles
from cognito_standby.reconciliation.services.run_store.folder import JsonFiles


def earlier_pool_note(files: RunFiles, user_pool_id: str) -> PoolNote | None:
    """The note where earlier releases kept it. One without `begun` is from a release whose
    schedules repaired without being asked, so runs of that pool have begun."""
    try:
        raw = JsonFiles(files).read(names_of.pool_note(user_pool_id))
    except InvalidRecordError:
        return None
    if not isinstance(raw, Mapping):
        return None
    names = ("users", "records", "misfiled")
    numbers = {name: raw[name] for name in names if isinstance(raw.get(name), int)}
    return PoolNote(**numbers, begun=raw.get("begun", True) is True) if numbers else None
