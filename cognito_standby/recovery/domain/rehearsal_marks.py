"""Which pools are a rehearsal's, and which of them may be removed. Pure.

A rehearsal's pool says four times whose it is: by its name, by three tags that it is made with, and
by a note that is written before it is made. A pool is removed only if all four agree. Whoever can
make a pool in the account can copy a name and tags, but not the note: it lies in the installation's
bucket.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

TAG = "standby-drill"
"""Tag of each pool of a rehearsal: the installation. Rights are given by it."""
ID_TAG, EXPIRES_TAG = "standby-drill-id", "standby-drill-expires"
NOTES = "drills/"
"""Where notes and reports lie in the bucket."""

LASTS, KEPT = timedelta(hours=4), timedelta(days=7)
"""Until when nobody's sweep takes a pool away: longer than the longest rehearsal, by far; and so
that one that is kept can be looked at."""

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_ID = re.compile("[0-9a-f]{12}")


@dataclass(frozen=True)
class Mark:
    """Whose a pool is, and how long."""

    installation: str
    id: str
    expires_at: datetime

    @property
    def pool_name(self) -> str:
        """What the pool is called."""
        return prefix_of(self.installation) + self.id

    @property
    def tags(self) -> dict[str, str]:
        """What the pool is made with; nothing changes them afterwards."""
        expires = self.expires_at.astimezone(UTC).strftime(_TIME)
        return {TAG: self.installation, ID_TAG: self.id, EXPIRES_TAG: expires}


def prefix_of(installation: str) -> str:
    """How the names of an installation's throw-away pools begin."""
    return f"{installation}-drill-"


def note_of(drill_id: str) -> str:
    """The file of a rehearsal: its note, and in the end its report."""
    return f"{NOTES}{drill_id}.json"


@dataclass(frozen=True)
class SeenPool:
    """A pool whose name begins as those of rehearsals. `tags`: None: this role may not look at it,
    as it may not at any pool without the tag."""

    id: str
    name: str
    tags: Mapping[str, str] | None = None
    protected: bool = False


@dataclass(frozen=True)
class Noted:
    """What the bucket says of a rehearsal. `pool_id` empty: it was to be made."""

    id: str
    pool_id: str = ""


class Fate(StrEnum):
    """What becomes of a pool."""

    REMOVE = "removed"
    LEAVE = "left"


class Why(StrEnum):
    """The reason."""

    EXPIRED = "a rehearsal's, and expired"
    ASKED = "a rehearsal's, and all were asked for"
    LIVE = "a rehearsal's that is under way, or kept"
    OWN = "the pool of the installation"
    OTHER_NAME = "the name is not a rehearsal's"
    NO_TAG = "it has not the tag of this installation"
    OTHER_ID = "its tags name another rehearsal than its name"
    NO_TIME = "its tags do not say until when"
    NOT_NOTED = "no note in the bucket names it"
    PROTECTED = "somebody protected it from deletion"
    NOT_REMOVED = "it could not be removed"


@dataclass(frozen=True)
class Judged:
    """The decision about one pool. `trouble`: what came in between, of one that is left for it."""

    pool: SeenPool
    fate: Fate
    why: Why
    trouble: str = ""

    @property
    def told(self) -> str:
        """The reason in words."""
        return f"{self.why}: {self.trouble}" if self.trouble else str(self.why)


def judge(
    pool: SeenPool,
    installation: str,
    own_pool: str,
    noted: Noted | None,
    now: datetime,
    *,
    everything: bool = False,
) -> Judged:
    """Whether a pool goes. `noted`: the note of the rehearsal that its name tells;
    `everything`: whatever is a rehearsal's, expired or not."""
    reason = _not_ours(pool, installation, own_pool, noted)
    if reason is not None:
        return Judged(pool, Fate.LEAVE, reason)
    if pool.protected:
        return Judged(pool, Fate.LEAVE, Why.PROTECTED)
    if everything:
        return Judged(pool, Fate.REMOVE, Why.ASKED)
    expires_at = _expiry(pool)
    expired = expires_at is not None and expires_at <= now
    return Judged(pool, *((Fate.REMOVE, Why.EXPIRED) if expired else (Fate.LEAVE, Why.LIVE)))


def id_in(name: str, installation: str) -> str:
    """The rehearsal that a pool's name tells; "": it is none's."""
    told = name.removeprefix(prefix_of(installation))
    return told if told != name and _ID.fullmatch(told) else ""


def _not_ours(pool: SeenPool, installation: str, own_pool: str, noted: Noted | None) -> Why | None:
    drill_id = id_in(pool.name, installation)
    if pool.id == own_pool:
        return Why.OWN
    if not drill_id:
        return Why.OTHER_NAME
    if pool.tags is None or pool.tags.get(TAG) != installation:
        return Why.NO_TAG
    if pool.tags.get(ID_TAG) != drill_id:
        return Why.OTHER_ID
    if _expiry(pool) is None:
        return Why.NO_TIME
    if noted is None or noted.id != drill_id or noted.pool_id not in ("", pool.id):
        return Why.NOT_NOTED
    return None


def _expiry(pool: SeenPool) -> datetime | None:
    try:
        told = datetime.strptime((pool.tags or {}).get(EXPIRES_TAG, ""), _TIME)
    except ValueError:
        return None
    return told.replace(tzinfo=UTC)
