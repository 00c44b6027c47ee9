"""What a reconciliation is started with, checked: what the stack starts says `scheduled`,
a person some of the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.machine_inputs import flags_in, input_object
from cognito_standby.reconciliation.domain.reconciliation import Mode

_SHARD = re.compile(r"[0-9a-f]{2}")
RUN_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
"""Of a restore, too."""
_FLAGS = ("dry_run", "seeding", "clear_ids", "scheduled")

UNASKED: Final[Mapping[str, bool]] = {"scheduled": True}
"""What a run is given that no person begins. Without it, it would count as a person's: it would not
wait for the other Region or a first run, and would fill a pool without a question."""


@dataclass(frozen=True)
class RunRequest:
    """The input of `reconcile_pool`.

    resume     id of a run that stopped, to go on with; it keeps its own mode, shards and flags
    scheduled  nobody asked: such a run waits for both Regions, and for a person's first run
    """

    mode: Mode = Mode.REPAIR
    shards: tuple[str, ...] = ()
    seeding: bool = False
    clear_ids: bool = False
    resume: str = ""
    scheduled: bool = False


def run_request(raw: Any) -> RunRequest:
    """Read an execution's input. InvalidRecordError: what is wrong with it, for people."""
    given = input_object(raw, {*_FLAGS, "shards", "resume"})
    flags = flags_in(given, _FLAGS)
    resume, shards = _resumed(given.get("resume", "")), _shards(given.get("shards", []))
    if resume and (shards or any(flags.values())):
        raise InvalidRecordError("`resume` goes on with a run as it was: nothing goes beside it")
    if flags["dry_run"] and flags["seeding"]:
        raise InvalidRecordError("`dry_run` changes nothing, `seeding` fills: not both")
    mode = Mode.DRY_RUN if flags["dry_run"] else Mode.REPAIR
    return RunRequest(
        mode, shards, flags["seeding"], flags["clear_ids"], resume, flags["scheduled"]
    )


def run_id_of(name: str) -> str:
    """The id of an execution's run: its name, without what a file's name cannot have."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", name)[:80] or "run"


def _shards(raw: Any) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise InvalidRecordError("`shards` is not a list of texts")
    if wrong := [one for one in raw if not _SHARD.fullmatch(one)]:
        raise InvalidRecordError(f"`shards`: {wrong[0][:20]!r} is not two hex digits, 00 to ff")
    return tuple(sorted(set(raw)))


def _resumed(raw: Any) -> str:
    if isinstance(raw, str) and (not raw or RUN_ID.fullmatch(raw)):
        return raw
    raise InvalidRecordError("`resume` is not the id of a run")
