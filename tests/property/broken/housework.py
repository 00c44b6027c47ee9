"""The rules of purging and stripping, each broken in one place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.pools import Observation
from cognito_standby.core.domain.subjects import ABSENT, image_of
from cognito_standby.reconciliation.domain.repairs import Did
from cognito_standby.reconciliation.services import purging
from cognito_standby.replication.domain import decide as deciding
from cognito_standby.replication.services import look as looking
from cognito_standby.replication.services import replay, sync
from tests.property.bounds.housework import AGAIN, ANY_TIME, LAST, TO_THE_END, UNPURGED
from tests.property.broken.sync import Patch, constant
from tests.property.mutants import Mutant


def purges_unseen() -> list[Patch]:
    """Remove after the intent, without another look."""

    def purge(ctx: Any, subject: Any, holder: str, _: Any) -> Any:
        view = purging._view(ctx, subject, holder)
        if not view.observed.present or not purging._is_settled(view):
            return purging._spared(ctx, view, holder, "no")
        seen = view.observed
        intent = Intent(image_of(seen.fields), image_of(ABSENT), {}, seen.username)
        sync.note(ctx, view, intent, holder)
        ctx.directory.delete_user(seen.username)
        sync.confirm_sync(ctx, subject, holder)
        return Did.PURGED, ""

    return [(purging, "purge", purge)]


def strips_who_is_there() -> list[Patch]:
    real = looking.look

    def look(*args: Any) -> Any:
        return replace(real(*args), observed=Observation(ABSENT))

    return [(purging, "look", look)]


def strips_alone() -> list[Patch]:
    """Take the own tombstone away although the other Region knows nothing of it."""

    def strip(ctx: Any, subject: Any, holder: str, _: Any) -> Any:
        view = purging._view(ctx, subject, holder)
        own = view.partition.own
        if view.observed.present or own is None or not own.deleted:
            return purging._spared(ctx, view, holder, "no")
        if ctx.records.retire(own):
            ctx.records.remove(own)
        ctx.ledger.forget(subject, holder)
        return Did.STRIPPED, ""

    return [(purging, "strip", strip)]


def strips_before_the_other_has_marked() -> list[Patch]:
    def remove(ctx: Any, view: Any, own: Any, holder: str) -> Any:
        ctx.records.remove(own)
        ctx.ledger.forget(view.subject, holder)
        return Did.STRIPPED, ""

    return [(purging, "_remove", remove)]


def answers_the_retired() -> list[Patch]:
    real = deciding.decide

    def decide(view: Any) -> Any:
        decision, winner = real(view), view.winner
        if isinstance(decision, deciding.Confirm) and winner and winner.deleted:
            unanswered = winner.region != view.region and view.partition.own is None
            return replace(decision, own_tombstone=decision.own_tombstone or unanswered)
        return decision

    return [(module, "decide", decide) for module in (sync, replay, purging)]


MUTANTS = [
    Mutant("look again before removing anybody", purges_unseen, AGAIN),
    Mutant(
        "remove only whose deletion is confirmed as it stands",
        lambda: [(purging, "_is_settled", constant(True))],
        AGAIN,
    ),
    Mutant("strip nobody who is in the pool", strips_who_is_there, UNPURGED),
    Mutant("strip only what the other Region has a tombstone of", strips_alone, ANY_TIME),
    Mutant(
        "strip only what the other Region has marked",
        strips_before_the_other_has_marked,
        TO_THE_END,
    ),
    Mutant("a retired tombstone is not answered", answers_the_retired, LAST),
]
