"""Undeletes and reverts: changes that a restore asks for, as the Admin API's callers do.

A plan may be days old when it is carried out. SYNC goes by the record as it is, whatever a plan
says; what is asked for here goes by a tombstone, or by a time. So it is asked only while the record
is the write that the plan was made by: whatever was changed since wins, and is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest
from cognito_standby.changes.services.asking import ask
from cognito_standby.changes.services.submit import change_id_of
from cognito_standby.core.domain.errors import MisconfiguredError, StandbyError, ThrottledError
from cognito_standby.core.domain.quotas import USER_CREATION, USER_UPDATE
from cognito_standby.core.domain.records import Record, resolve
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.recovery.domain.restore_plan import Done, Outcome
from cognito_standby.recovery.domain.restoring import Action, write_of
from cognito_standby.recovery.domain.reverting import reverting
from cognito_standby.recovery.services.restore_context import RestoreContext
from cognito_standby.recovery.services.restore_store import Row

MOVED = "changed since it was looked at, and left as it is now"
ASKED_BY = "standby restore"
"""Who asks, as the list of changes tells it. Which person it was, CloudTrail knows."""


@dataclass(frozen=True)
class Asker:
    """For one restore. `as_of`: by which time it reverts; "": it reverts nobody."""

    ctx: RestoreContext
    run: Run
    as_of: str


def asked_for(asker: Asker, row: Row, *, ours: bool = False) -> Done:
    """By the machine of the Admin API. The same restore asks for the same change again.

    ours  the restore itself has changed them since the plan
    ThrottledError; MisconfiguredError.
    """
    ctx, (key, action, _) = asker.ctx, row
    ctx.region.pacer.wait(USER_CREATION if action is Action.UNDELETE else USER_UPDATE)
    try:
        subject = Subject.from_key(key)
        request = _request(asker, subject, action)
        if request is None:
            return Done(key, action, Outcome.ALREADY)
        if not ours and moved(asker, row):
            return Done(key, action, Outcome.LEFT, MOVED)
        taken = ask(ctx.admin, request, ASKED_BY, _change_key(asker.run, key, action))
    except (ThrottledError, MisconfiguredError):
        raise
    except StandbyError as error:
        return Done(key, action, Outcome.LEFT, type(error).__name__)
    if taken.done:
        return Done(key, action, Outcome.RESTORED)
    return Done(key, action, Outcome.LEFT, taken.why)


def moved(asker: Asker, row: Row) -> bool:
    """Whether somebody else has changed the record since the plan. False: the plan tells no write,
    as one of the release before; or what this restore asked for has changed it."""
    if not row.seen or row.seen == write_of(_now(asker.ctx, Subject.from_key(row.key))):
        return False
    asked = change_id_of(ASKED_BY, _change_key(asker.run, row.key, row.action))
    return asker.ctx.admin.changes.read(asked) is None


def _change_key(run: Run, key: str, action: Action) -> str:
    return f"{run.id}:{key}:{action.value}"


def _now(ctx: RestoreContext, subject: Subject) -> Record | None:
    return resolve(ctx.sync.records.read(subject)[0])


def _request(asker: Asker, subject: Subject, action: Action) -> ChangeRequest | None:
    """What is asked for; None: they are as they were."""
    if action is Action.UNDELETE:
        return ChangeRequest(ChangeKind.UNDELETE, origin_sub=subject.id)
    ctx = asker.ctx
    then, now = ctx.past(asker.as_of).winner(subject), _now(ctx, subject)
    if then is None or now is None or now.deleted:
        return None
    request = reverting(subject.id, then.fields, now.fields)
    if request is None or request.groups is None:
        return request
    directory = ctx.sync.directory  # a group that was deleted since keeps nobody as they are
    there = (name for name in request.groups if directory.get_group(name) is not None)
    return replace(request, groups=tuple(there))
