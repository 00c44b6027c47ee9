"""What a restore is started with, checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.machine_inputs import flags_in, input_object
from cognito_standby.core.domain.moments import moment_in
from cognito_standby.reconciliation.domain.run_request import RUN_ID

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
    given = input_object(raw, {*_FLAGS, *_TEXTS})
    flags = flags_in(given, _FLAGS)
    texts = {name: given.get(name, "") for name in _TEXTS}
    if wrong := [name for name, value in texts.items() if not isinstance(value, str)]:
        raise InvalidRecordError(f"`{wrong[0]}` is no text")
    if blank := [name for name in _TEXTS if name in given and not texts[name].strip()]:
        raise InvalidRecordError(f"`{blank[0]}` is blank: left out, it means everybody")
    request = RestoreRequest(
        user=texts["user"],
        group=texts["group"],
        deleted_since=utc_time(texts["deleted_since"]) if texts["deleted_since"] else "",
        as_of=utc_time(texts["as_of"]) if texts["as_of"] else "",
        also_changed_since=flags["also_changed_since"],
        clear_ids=flags["clear_ids"],
    )
    _require_clear(request)
    resume = texts["resume"]
    if resume and (request != RestoreRequest() or not RUN_ID.fullmatch(resume)):
        raise InvalidRecordError("`resume` is the id of a restore, which keeps its own request")
    return RestoreOrder(request, resume, flags["run"], flags["accept_brake"])


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
    at = moment_in(text)
    if at is None:
        raise InvalidRecordError(f"{text[:40]!r} is no time: write 2026-11-29T18:00:00Z")
    return at.replace(microsecond=0).isoformat()
