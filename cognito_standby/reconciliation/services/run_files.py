"""Reading what the steps of a run left behind, for its report and for who follows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.reconciliation.domain.repairs import RepairPart, Visit
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.domain.work_items import Judgement
from cognito_standby.reconciliation.ports import RunFiles
from cognito_standby.reconciliation.services.context import file_of

RUN, JUDGEMENT = "run.json", "judgement.json"
REPAIRS = "repair/"
_PLANS = ("round-", "plan-", "items.", "summary.")
"""Beginnings of the names of the planners' files, beside the progress of their workers."""

_ITEMS = ("round-", "items.")


def read_json(files: RunFiles, name: str) -> Any:
    """A file of a run; None: there is none. InvalidRecordError: it is not JSON."""
    body = files.read(name)
    if body is None:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise InvalidRecordError(f"{name} is not JSON") from None


def judgement_of(files: RunFiles, run_id: str) -> Judgement | None:
    """What was judged; None: not yet."""
    raw = read_json(files, file_of(run_id, JUDGEMENT))
    return None if raw is None else Judgement.from_dict(raw)


def was_active(files: RunFiles, run_id: str) -> bool:
    """Whether the Region was the active one when the run began."""
    raw = read_json(files, file_of(run_id, RUN))
    return isinstance(raw, dict) and raw.get("active") is True


def expected_users(files: RunFiles, run_id: str) -> int:
    """Users of the pool by its own estimate when the run began; 0: not known."""
    raw = read_json(files, file_of(run_id, RUN))
    number = raw.get("estimated_users") if isinstance(raw, dict) else None
    return number if isinstance(number, int) else 0


def progress_files(files: RunFiles, run_id: str, folder: str) -> list[str]:
    """The files in which workers of a phase (`listing/`, `compare/`, `repair/`) say how far they
    came."""
    return [
        name
        for name in files.names(file_of(run_id, folder))
        if name.endswith(".json")
        and "/plan/" not in name
        and not name.rsplit("/", 1)[-1].startswith(_PLANS)
    ]


def planned_rounds(files: RunFiles, run_id: str, folder: str) -> list[int]:
    """How many work items each round of a phase had: so many workers were started."""
    rounds = []
    for name in files.names(file_of(run_id, folder)):
        if name.rsplit("/", 1)[-1].startswith(_ITEMS):
            items = read_json(files, name)
            rounds.append(len(items) if isinstance(items, list) else 0)
    return rounds


def usage_files(files: RunFiles, run_id: str, folder: str) -> list[str]:
    """The files in which workers of a phase say what they spent: repairs beside what they did,
    the others apart (`spending`)."""
    if folder == REPAIRS:
        return progress_files(files, run_id, folder)
    return list(files.names(file_of(run_id, f"usage/{folder}")))


def usages_in(files: RunFiles, run_id: str, folder: str) -> Iterator[tuple[str, Usage]]:
    """File -> what its worker spent; one that cannot be read counts for nothing."""
    for name in usage_files(files, run_id, folder):
        yield name, usage_of(files, name)


def usage_of(files: RunFiles, name: str) -> Usage:
    """What one worker spent."""
    try:
        raw = read_json(files, name)
    except InvalidRecordError:
        return Usage()
    return Usage.from_dict(raw.get("usage") if isinstance(raw, dict) else None)


def visits_in(files: RunFiles, run_id: str) -> Iterator[Visit]:
    """What became of the suspects that were visited."""
    for name in progress_files(files, run_id, REPAIRS):
        yield from RepairPart.from_dict(read_json(files, name)).visits
