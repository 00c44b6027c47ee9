"""One call of the Admin API: refuse it, or hand it to the service, and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from cognito_standby.changes.api.bodies import request_of
from cognito_standby.changes.api.models import ChangeList, dumped
from cognito_standby.changes.api.replies import (
    INTERNAL,
    RETRY_SECONDS,
    UNAVAILABLE,
    RefusedError,
    Reply,
    change_of,
    refusal,
    user_of,
)
from cognito_standby.changes.api.requests import ApiCall, call_of, invalid
from cognito_standby.changes.domain.changes import (
    Change,
    ChangeKind,
    ChangeStatus,
    Problem,
    UserView,
)
from cognito_standby.changes.domain.problems import CHANGE_NOT_FOUND
from cognito_standby.changes.services.submit import (
    ApiContext,
    NotActive,
    Submitted,
    active_elsewhere,
    await_outcome,
    read_user,
    read_user_by_origin,
    submit,
)
from cognito_standby.core.domain.errors import InvalidRecordError, RetryableError

Tell = Callable[[str, ApiCall | None, Reply], None]
"""Told the class of an error that became the answer, "" for none and for the answer itself, which
is told last; the call where it could be read; and the answer."""


def handle(ctx: ApiContext, wait_seconds: float, event: Mapping[str, Any], tell: Tell) -> Reply:
    """Answer a gateway's event. Raises nothing: whatever happens becomes problem details.

    wait_seconds  how long the outcome of a change is waited for
    """
    call: ApiCall | None = None
    try:
        call = call_of(event)
        reply = _answer(ctx, wait_seconds, call)
    except RefusedError as error:
        reply = refusal(error.problem, *error.faults)
    except RetryableError as error:
        reply = refusal(UNAVAILABLE)
        tell(type(error).__name__, call, reply)
    except Exception as error:  # noqa: BLE001 - nothing internal may reach the caller
        reply = refusal(INTERNAL)
        tell(type(error).__name__, call, reply)
    tell("", call, reply)
    return reply


def _answer(ctx: ApiContext, wait_seconds: float, call: ApiCall) -> Reply:
    if call.operation.changes:
        return _change(ctx, wait_seconds, call)
    if elsewhere := active_elsewhere(ctx):
        return _not_active(elsewhere)
    match call.operation.id:
        case "readUser":
            return _user(ctx, call)
        case "readChange":
            change = ctx.changes.read(call.name)
            return refusal(CHANGE_NOT_FOUND) if change is None else _told(change)
        case _:
            return _changes(ctx, call)


def _user(ctx: ApiContext, call: ApiCall) -> Reply:
    found = _look_up(ctx, call.name, by_origin=call.by_origin)
    if isinstance(found, Problem):
        return refusal(found, in_path=True)
    return Reply(200, dumped(user_of(found)), _tagged(found.entity_tag))


def _look_up(ctx: ApiContext, name: str, *, by_origin: bool) -> UserView | Problem:
    if not by_origin:
        return read_user(ctx, name)
    try:
        return read_user_by_origin(ctx, name)
    except InvalidRecordError:
        raise invalid("it is not an id of a user", parameter="username") from None


def _changes(ctx: ApiContext, call: ApiCall) -> Reply:
    try:
        page = ctx.changes.recent(call.limit, call.page)
    except InvalidRecordError:
        raise invalid("it is not the `next` of an answer", parameter="page") from None
    listed = ChangeList(changes=[change_of(one) for one in page.changes], next=page.token or None)
    return Reply(200, dumped(listed))


def _change(ctx: ApiContext, wait_seconds: float, call: ApiCall) -> Reply:
    outcome = submit(ctx, request_of(call), call.caller, call.key)
    match outcome:
        case NotActive():
            return _not_active(outcome)
        case Problem():
            return refusal(outcome, in_path=call.operation.names)
        case Submitted():
            change = await_outcome(ctx, outcome.change.id, wait_seconds) or outcome.change
            return _outcome(ctx, call, change)
    assert_never(outcome)


def _outcome(ctx: ApiContext, call: ApiCall, change: Change) -> Reply:
    place = {"Location": f"{call.base}/changes/{change.id}"}
    if change.problem is not None and change.status.ended:
        in_path = call.operation.names
        return refusal(change.problem, in_path=in_path, change_id=change.id)
    if change.status is not ChangeStatus.COMPLETED:
        headers = {**place, "Retry-After": RETRY_SECONDS}
        return Reply(202, dumped(change_of(change)), headers, change_id=change.id)
    if change.kind.removes:
        return Reply(call.operation.succeeded, None, place, change_id=change.id)
    if change.kind is ChangeKind.CREATE and change.result:
        place = {"Location": f"{call.base}/users/{change.result.origin_sub}?by=origin_sub"}
    told = _shown(ctx, change) if call.may_read else _told(change)
    tag = _tagged(change.result.entity_tag) if change.result else {}
    headers = {**tag, **told.headers, **place}
    return Reply(call.operation.succeeded, told.body, headers, change_id=change.id)


def _told(change: Change) -> Reply:
    """A change and its outcome, without the user as they are now."""
    return Reply(200, dumped(change_of(change)), change_id=change.id)


def _shown(ctx: ApiContext, change: Change) -> Reply:
    """A change that was just made, with its user if they are still there."""
    user = read_user_by_origin(ctx, change.result.origin_sub) if change.result else None
    seen = user if isinstance(user, UserView) else None
    headers = _tagged(seen.entity_tag) if seen else {}
    return Reply(200, dumped(change_of(change, seen)), headers, change_id=change.id)


def _not_active(elsewhere: NotActive) -> Reply:
    return refusal(elsewhere.problem, region=elsewhere.region, address=elsewhere.address)


def _tagged(tag: str) -> dict[str, str]:
    return {"ETag": f'"{tag}"'} if tag else {}
