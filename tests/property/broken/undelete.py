"""The rules of an undelete, each broken in one place."""

from __future__ import annotations

from typing import Any

from cognito_standby.changes.services import end
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.services import look, sync
from tests.property import undeleting
from tests.property.bounds.undelete import ALONE, LATE
from tests.property.broken.sync import Patch
from tests.property.mutants import Mutant


def puts_alone() -> list[Patch]:
    """A living record, put directly: no intent, no second look, no user."""

    def put(_: str, ctx: Any, subject: Subject, holder: str, __: str) -> undeleting.Onward:
        view = look.look(ctx, subject, ctx.ledger.take_lease(subject, holder))
        if view.active and view.winner is not None and view.winner.deleted:
            sync.put_own(ctx, view, view.winner.fields, False, "")
        ctx.ledger.release(subject, holder)
        return undeleting.END, ""

    return [(undeleting, "step", put)]


MUTANTS = [
    Mutant("undelete by a capture, never by a put alone", puts_alone, LATE),
    Mutant(
        "what is taken back is buried first",
        lambda: [(end, "_bury", lambda _ctx, _work, view, _plan: view)],
        ALONE,
    ),
]
