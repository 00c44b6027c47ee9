"""What a restore is started with, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError

_ID = re.compile(r"[A-Za-z0-9_-]{1,80}")
_FLAGS = ("run", "accept_brake", "clear_ids", "also_changed_since")
_TEXTS = ("user", "group", "deleted_since", "as_of", "resume")


@dataclass(frozen=True)
class RestoreRequest:
    """Who is to be restored. Neither user nor group: the whole pool.

    user           origin sub
    group          a group, and whoever their record says is in it
    deleted_since  ISO 8601, in UTC: whoever was deleted then or later is undeleted, too; "": nobody
    as_of          ISO 8601, in UTC: whoever was living then; "": whoever is living now
    also_changed_since  who was changed after `as_of` is put back as they were; else they are left
    clear_ids      the report names people by their ids, not by digests of these
    """

    user: str = ""
    group: str = ""
    deleted_since: str = ""
    as_of: str = ""
    also_changed_since: bool = False
    clear_ids: bool = False


@dataclass(frozen=True)
class RestoreOrder:
    """The input of `restore_pool`.

    request       of a new restore
    resume        id of a restore to go on with, which keeps its own request
    run           false: look, and write nothing but the plan
    accept_brake  go on although the brake asks
    """

    request: RestoreRequest = RestoreRequest()
    resume: str = ""
    run: bool = False
    accept_brake: bool = False

    def given(self) -> dict[str, Any]:
        """As the machine is started."""
        told: dict[str, Any] = {
            **vars(self.request),
            "resume": self.resume,
            "run": self.run,
            "accept_brake": self.accept_brake,
        }
        return {name: value for name, value in told.items() if value}


def order_from(raw: Any) -> RestoreOrder:
    """Read an execution's input. InvalidRecordError: what is wrong with it, for people."""
    if not isinstance(raw, dict):
        raise InvalidRecordError("the input is not a JSON object")
    if unknown := sorted(set(raw) - {*_FLAGS, *_TEXTS}):
        raise InvalidRecordError(f"the input has unknown keys: {', '.join(map(str, unknown))}")
    for name in _FLAGS:
        if not isinstance(raw.get(name, False), bool):
            raise InvalidRecordError(f"`{name}` is neither true nor false")
    texts = {name: raw.get(name, "") for name in _TEXTS}
    if wrong := [name for name, value in texts.items() if not isinstance(value, str)]:
        raise InvalidRecordError(f"`{wrong[0]}` is no text")
    if blank := [name for name in _TEXTS if name in raw and not texts[name].strip()]:
        raise InvalidRecordError(f"`{blank[0]}` is blank: left out, it means everybody")
    request = RestoreRequest(
        user=texts["user"],
        group=texts["group"],
        deleted_since=utc_time(texts["deleted_since"]) if texts["deleted_since"] else "",
        as_of=utc_time(texts["as_of"]) if texts["as_of"] else "",
        also_changed_since=raw.get("also_changed_since", False),
        clear_ids=raw.get("clear_ids", False),
    )
    _require_clear(request)
    resume = texts["resume"]
    if resume and (request != RestoreRequest() or not _ID.fullmatch(resume)):
        raise InvalidRecordError("`resume` is the id of a restore, which keeps its own request")
    return RestoreOrder(request, resume, raw.get("run", False), raw.get("accept_brake", False))


def _require_clear(asked: RestoreRequest) -> None:
    """InvalidRecordError: two parts of a request do not go together."""
    if asked.user and asked.group:
        raise InvalidRecordError("a user or a group, not both")
    if asked.as_of and asked.deleted_since:
        raise InvalidRecordError("`as_of` says who was living then: not `deleted_since`, too")
    if asked.also_changed_since and not asked.as_of:
        raise InvalidRecordError("`also_changed_since` says since when by `as_of`")


def utc_time(text: str) -> str:
    """A time in UTC, ISO 8601; one without a zone is in UTC. InvalidRecordError: it is no time."""
    try:
        at = datetime.fromisoformat(text)
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return at.astimezone(UTC).replace(microsecond=0).isoformat()
    except (ValueError, OverflowError):  # OverflowError: in UTC it is in no year from 1 to 9999
        raise InvalidRecordError(f"{text[:40]!r} is no time: write 2026-11-29T18:00:00Z") from None
