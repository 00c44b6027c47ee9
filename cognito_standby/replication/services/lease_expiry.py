"""What a step does with its lease when it ends with an error.

The invocation ends with the error and its last call was answered, so none is still on its way, and
nobody has to wait until the lease runs out: no redrive of who failed for good, and no other
execution about the subject while this one waits. It may wait for minutes until somebody is visible,
for hours until a quota has room, and the others give up on a lease sooner. Where the SDK made the
call more than once, an earlier one may be on its way, and the lease stays. It is not released in
any case: its last holder stays known, and so containment sees whether anybody has worked on the
subject since.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from cognito_standby.core.domain.errors import (
    LeaseHeldError,
    PlanStaleError,
    ServiceUnavailableError,
    StandbyError,
)
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Step = Callable[Concatenate[SyncContext, Subject, str, _P], _T]


_KEEPING = (ServiceUnavailableError, PlanStaleError, LeaseHeldError)
"""After these the lease stays as it is: a call without an answer may still be on its way; who finds
a plan stale looks again at once; and who waits for a lease holds none."""


def expires_lease_on_error(step: _Step[_P, _T]) -> _Step[_P, _T]:
    """A step, called with context, subject and holder, whose lease expires when it fails for good
    or has to wait. It goes on by taking or renewing the lease, if nobody took it meanwhile."""

    @wraps(step)
    def ending(
        ctx: SyncContext, subject: Subject, holder: str, /, *args: _P.args, **more: _P.kwargs
    ) -> _T:
        try:
            return step(ctx, subject, holder, *args, **more)
        except _KEEPING:
            raise
        except StandbyError as error:
            if not asked_again(error):
                with suppress(StandbyError):  # it runs out by itself; the error is what matters
                    ctx.ledger.end_lease(subject, holder)
            raise

    return ending


def may_be_on_its_way(error: StandbyError) -> bool:
    """Whether a call that ended so may still take effect: it was not answered, or one before it."""
    return isinstance(error, ServiceUnavailableError) or asked_again(error)


def asked_again(error: BaseException | None) -> bool:
    """Of the error, or of one that it was raised for: a refusal is often told anew, with the field
    that it is about."""
    while error is not None:
        if isinstance(error, StandbyError) and error.asked_again:
            return True
        error = error.__context__
    return False
