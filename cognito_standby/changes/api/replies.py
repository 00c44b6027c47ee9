"""Answers: status, headers, body. Every error is problem details (RFC 9457); nothing internal is
told, and no value of a request is quoted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.changes.api.models import ChangeOut, Fault, ProblemDetails, User, dumped
from cognito_standby.changes.api.operations import JSON, PROBLEM
from cognito_standby.changes.domain.changes import Change, FieldProblem, Problem, UserView
from cognito_standby.changes.domain.problems import PROBLEMS, STOOD_DOWN

TYPE_PREFIX = "urn:cognito-standby:problem:"

UNAUTHENTICATED = Problem("unauthenticated", 401, "The caller is not known.")
NO_OPERATION = Problem("no_operation", 404, "There is no such operation.")
TOO_LARGE = Problem("too_large", 413, "The body is too large.")
MEDIA_TYPE = Problem("media_type", 415, "The operation does not take this media type.")
UNAVAILABLE = Problem("unavailable", 503, "A service does not answer now. Try again.")
INTERNAL = Problem("internal", 500, "Something is wrong here. The operator has been told.")

ALL_PROBLEMS = (
    *(*PROBLEMS, UNAUTHENTICATED, NO_OPERATION, TOO_LARGE, MEDIA_TYPE),
    *(UNAVAILABLE, INTERNAL),
)
"""Those of the changes, and those of HTTP."""

RETRY_SECONDS = "2"
_LONGER = {STOOD_DOWN.code: "60"}
"""Code -> seconds: a planned failover takes minutes."""
_MOST_FAULTS = 20
_PARAMETERS = {
    "/if_match": "If-Match",
    "/Idempotency-Key": "Idempotency-Key",
    "/origin_sub": "username",
}


@dataclass(frozen=True)
class Reply:
    """One answer. `change_id`: of the change it is about, for the log."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = JSON
    change_id: str = ""
    code: str = ""

    def to_proxy(self) -> dict[str, Any]:
        """As a Lambda proxy integration wants it (API Gateway developer guide)."""
        headers = {
            "Content-Type": self.content_type,
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            **self.headers,
        }
        text = "" if self.body is None else json.dumps(self.body, ensure_ascii=False)
        if self.body is None:
            del headers["Content-Type"]
        return {
            "statusCode": self.status,
            "headers": headers,
            "body": text,
            "isBase64Encoded": False,
        }


class RefusedError(Exception):
    """A request that is answered with a problem before it reaches a service."""

    def __init__(self, problem: Problem, *faults: Fault) -> None:
        super().__init__(problem.code)
        self.problem, self.faults = problem, faults


def refusal(problem: Problem, *faults: Fault, in_path: bool = False, **more: str) -> Reply:
    """A problem as an answer. `in_path`: the user is named by the path, not by the body."""
    details = details_of(problem, *faults, in_path=in_path, **more)
    seconds = _LONGER.get(problem.code, RETRY_SECONDS)
    headers = {"Retry-After": seconds} if problem.status == UNAVAILABLE.status else {}
    return Reply(
        problem.status,
        dumped(details),
        headers,
        PROBLEM,
        change_id=more.get("change_id", ""),
        code=problem.code,
    )


def details_of(
    problem: Problem, *faults: Fault, in_path: bool = False, **more: str
) -> ProblemDetails:
    """A problem as it is told."""
    told = [*faults, *(_fault(one, in_path) for one in problem.fields)][:_MOST_FAULTS]
    return ProblemDetails(
        type=TYPE_PREFIX + problem.code,
        title=problem.text,
        status=problem.status,
        errors=told or None,
        **{name: value for name, value in more.items() if value},
    )


def _fault(one: FieldProblem, in_path: bool) -> Fault:
    if in_path and one.pointer == "/username":
        return Fault(parameter="username", detail=one.text)
    if parameter := _PARAMETERS.get(one.pointer):
        return Fault(parameter=parameter, detail=one.text)
    return Fault(pointer=one.pointer, detail=one.text)


def user_of(view: UserView) -> User:
    """A user as they are told."""
    return User(
        username=view.username,
        origin_sub=view.origin_sub,
        status=view.status,
        enabled=view.enabled,
        attributes=dict(view.attributes),
        groups=sorted(view.groups),
    )


def change_of(change: Change, user: UserView | None = None) -> ChangeOut:
    """A change as it is told; never what was asked for, which is personal data."""
    result = change.result
    return ChangeOut(
        id=change.id,
        kind=change.kind,
        status=change.status,
        asked_by=change.asked_by,
        requested_at=change.requested_at,
        ended_at=change.ended_at or None,
        origin_sub=(result.origin_sub if result else change.subject) or None,
        entity_tag=(result.entity_tag if result else "") or None,
        left=(list(result.left) if result else []) or None,
        problem=details_of(change.problem) if change.problem else None,
        user=user_of(user) if user else None,
    )
