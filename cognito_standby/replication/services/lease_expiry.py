"""What a step does with its lease when it fails for good.

The invocation ends with the error, so no call of it can still be on its way, and nobody, above all
no redrive, has to wait until the lease runs out. But the lease is not released: its last holder
stays known, and so containment sees whether anybody has worked on the subject since.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from cognito_standby.core.domain.errors import PermanentError, StandbyError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services.context import SyncContext

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Step = Callable[Concatenate[SyncContext, Subject, str, _P], _T]


def expires_lease_on_failure(step: _Step[_P, _T]) -> _Step[_P, _T]:
    """A step, called with context, subject and holder, whose lease expires when it fails for good.
    After an error that can be retried it keeps the lease."""

    @wraps(step)
    def ending(
        ctx: SyncContext, subject: Subject, holder: str, /, *args: _P.args, **more: _P.kwargs
    ) -> _T:
        try:
            return step(ctx, subject, holder, *args, **more)
        except PermanentError:
            with suppress(StandbyError):  # it runs out by itself; the failure is what matters
                ctx.ledger.end_lease(subject, holder)
            raise

    return ending
