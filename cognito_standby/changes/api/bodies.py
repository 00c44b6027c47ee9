"""From a call to a change request: what the keys of a body mean."""

from __future__ import annotations

from dataclasses import replace

from cognito_standby.changes.api.models import CreateUser, ReplaceUser, UpdateUser, Verified
from cognito_standby.changes.api.requests import ApiCall, invalid
from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.domain.look_alikes import look_alike_problem


def request_of(call: ApiCall) -> ChangeRequest:
    """What is asked for. RefusedError: it cannot be meant."""
    asked = _asked(call)
    if asked.kind is ChangeKind.CREATE:
        return asked
    who = replace(asked, if_match=call.tag)
    return (
        replace(who, origin_sub=call.name) if call.by_origin else replace(who, username=call.name)
    )


def _asked(call: ApiCall) -> ChangeRequest:
    match call.body:
        case CreateUser() as body:
            return _creation(body)
        case UpdateUser() as body:
            return ChangeRequest(
                kind=ChangeKind.UPDATE,
                attributes=body.attributes,
                verified=_verified(body.verified),
                enabled=body.enabled,
                groups=None if body.groups is None else tuple(body.groups),
                join=tuple(body.join),
                leave=tuple(body.leave),
            )
        case ReplaceUser() as body:
            return ChangeRequest(
                kind=ChangeKind.UPDATE,
                attributes=dict(body.attributes),
                verified=_verified(body.verified),
                enabled=body.enabled,
                groups=tuple(body.groups),
                replace=True,
            )
        case _:
            erases = call.operation.id == "eraseUser"
            return ChangeRequest(kind=ChangeKind.ERASE if erases else ChangeKind.DELETE)


def _creation(body: CreateUser) -> ChangeRequest:
    if body.username and (text := look_alike_problem(body.username)):
        raise invalid(text, pointer="/username")
    return ChangeRequest(
        kind=ChangeKind.CREATE,
        username=body.username or "",
        attributes=dict(body.attributes),
        verified=_verified(body.verified),
        enabled=body.enabled,
        groups=tuple(body.groups),
    )


def _verified(said: Verified) -> dict[str, bool]:
    return {name: value for name, value in said if value is not None}
