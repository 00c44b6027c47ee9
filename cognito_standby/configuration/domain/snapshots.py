"""Snapshots of configurations: when one is taken, which are kept, what a change is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from cognito_standby.configuration.domain.differences import Difference
from cognito_standby.configuration.domain.document import PoolConfiguration, Section
from cognito_standby.core.domain.configuration_notes import ConfigurationNote

EVERY = timedelta(hours=24)
"""How often a pool's configuration is read."""
KEPT = 60
"""Snapshots of a Region, the newest ones. A snapshot is kept only when something changed."""


@dataclass(frozen=True)
class Snapshot:
    """One that is kept. `id`: when it was read, UTC, ISO 8601."""

    id: str
    region: str
    user_pool_id: str
    digest: str
    why: str


class Why(StrEnum):
    """What a look made of the configuration."""

    NOT_DUE = "not due"
    FIRST = "the first one: taken as it should be"
    SAME = "as before"
    DEPLOYED = "changed by a deployment of ours"
    CHANGED = "changed, and nobody said that it should"
    GONE = "the pool is gone"
    DEPLOYING = "a deployment is under way"


NONE_YET = (
    "no snapshot has been taken yet: the first comes within some ten minutes of a deployment "
    "(`standby config show` and `diff` have --live)"
)


class NoSuchSnapshotError(Exception):
    """There is none of that id, or it is not whole. The text says so."""


def is_due(note: ConfigurationNote, now: datetime, last_deployment: datetime | None) -> bool:
    """A day after the last look, at once after a deployment of ours, and until it is found while
    the pool is gone."""
    if not note.looked_at or note.trouble:
        return True
    looked = datetime.fromisoformat(note.looked_at)
    if last_deployment is not None and last_deployment > looked:
        return True
    return now - looked >= EVERY


def id_of(document: PoolConfiguration) -> str:
    """When it was read."""
    return datetime.fromisoformat(document.read_at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def named(asked: str, snapshots: Sequence[Snapshot]) -> Snapshot:
    """The one of that id, or whose id alone begins so; "": the newest. NoSuchSnapshotError."""
    newest_first = sorted(snapshots, key=lambda each: each.id, reverse=True)
    if not newest_first:
        raise NoSuchSnapshotError(NONE_YET)
    if not asked:
        return newest_first[0]
    found = [each for each in newest_first if each.id.startswith(asked)]
    exact = [each for each in found if each.id == asked]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not found:
        raise NoSuchSnapshotError(f"there is no snapshot {asked}: `standby config history` lists")
    ids = ", ".join(each.id for each in found[:5])
    raise NoSuchSnapshotError(f"more than one snapshot begins with {asked}: {ids}")


def doubt(note: ConfigurationNote, snapshot: Snapshot) -> str:
    """What a person has to know before a pool is made from this one: who spoils a pool may delete
    it next, and the newest snapshot is then of the spoilt one. "": nothing."""
    if not note.unexpected or snapshot.id != note.latest or snapshot.id == note.accepted:
        return ""
    changes, were = ("change", "was") if note.unexpected == 1 else ("changes", "were")
    return (
        f"{note.unexpected} {changes} in {snapshot.id} {were} never accepted (`standby config diff "
        f"--region {snapshot.region}`): --at {note.accepted} is as it was accepted"
    )


def superfluous(snapshots: Sequence[Snapshot], kept: Collection[str]) -> tuple[Snapshot, ...]:
    """Those that are taken away: all but the newest KEPT, and but those of `kept`."""
    newest_first = sorted(snapshots, key=lambda each: each.id, reverse=True)
    return tuple(each for each in newest_first[KEPT:] if each.id not in kept)


def counts_as_change(difference: Difference, document: PoolConfiguration) -> bool:
    """Whether it is one that somebody should have said. Groups are changed by applications and by
    replays every day, and are reconciled by themselves; a client that registered itself is no
    change by anybody who runs the pool."""
    if difference.section is Section.GROUPS:
        return False
    client = difference.item.partition("/")[0]
    told = document.items(Section.CLIENTS).get(client, {})
    return told.get("ClientType") != "DCR"
