"""Noting that a password was set, from a hint that says so."""

from __future__ import annotations

from cognito_standby.core.domain.changed_passwords import is_set_by, noted_at
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.subjects import Subject, SubjectKind
from cognito_standby.replication.services.context import SyncContext


def note_password(ctx: SyncContext, subject: Subject, hint: Hint) -> None:
    """Before the lease is taken, so that whoever has it delays no note. The claim is read after the
    event, so the epoch is that of the change or a later one: a late hint can make somebody choose a
    new password without need, and never lets an older one open. The same again changes nothing.

    Calls, only for such a hint: the claims, the notes.
    """
    if ctx.password_notes is None or subject.kind is not SubjectKind.USER:
        return
    if hint.local_sub and is_set_by(hint.cause):
        number = ctx.records.read_claims().of(ctx.region).number
        at = noted_at(hint.hinted_at, ctx.clock.now())
        ctx.password_notes.note(subject, number, at, ctx.user_pool_id)
