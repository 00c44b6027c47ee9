"""Publish the active pool from this Region: the same work whoever asks, and however often.

One run at a time has the right to publish, and reads the claims only once it has it. Claims never
fall, so of two runs the later one reads at least what the earlier one read, and nothing is ever
overwritten by something older.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.roles import Active
from cognito_standby.recovery.domain.active_pool import (
    ActivePool,
    Pool,
    Verdict,
    announcement,
    turned,
    verdict_on,
)
from cognito_standby.recovery.domain.limits import next_step
from cognito_standby.recovery.ports import (
    ClaimsAndPools,
    Notices,
    Place,
    PublicationNote,
    PublicationNotes,
    SignInLimit,
)


@dataclass(frozen=True)
class PublishContext:
    """home: the primary Region. wanted_limit: sign-ins a second while away from home; 0: none."""

    region: str
    home: str
    claims: ClaimsAndPools
    notes: PublicationNotes
    places: tuple[Place, ...]
    limit: SignInLimit
    wanted_limit: int
    notices: Notices


@dataclass(frozen=True)
class Outcome:
    """What a run found and did.

    active   as read now
    verdict  whether it stands published now, with the reason
    pool     the pool of the active Region, if it is known
    written  names of the places that said something else before
    told     operators were told that the active Region turned
    limit    what became of the sign-in limit, in words
    troubles what could not be done beside the publication; the next run tries again
    """

    active: Active
    verdict: Verdict
    pool: str
    written: tuple[str, ...] = ()
    told: bool = False
    limit: str = ""
    troubles: tuple[str, ...] = ()

    @property
    def published(self) -> bool:
        """Everything says now what the claims say."""
        return self.verdict is Verdict.PUBLISH


def publish(ctx: PublishContext, holder: str) -> Outcome:
    """Bring this Region's parameter, document and sign-in limit up to the claims.

    LeaseHeldError: another run publishes just now. InvalidRecordError.
    """
    note = ctx.notes.take(holder)
    try:
        return _published(ctx, holder, note)
    finally:
        ctx.notes.give_back(holder)


def _published(ctx: PublishContext, holder: str, note: PublicationNote) -> Outcome:
    active, pools = ctx.claims.read()
    verdict = verdict_on(active, pools, note.published)
    pool = pools.get(active.epoch.region)
    if verdict is not Verdict.PUBLISH or pool is None:
        return Outcome(active, verdict, pool.user_pool_id if pool else "")
    if note.published != active.epoch:
        # Before anything shows it, so that no later run can go back behind it.
        note = replace(note, published=active.epoch)
        ctx.notes.keep(holder, note)
    written = _write(ctx.places, ActivePool(active, pool))
    beside = _Beside(ctx, holder, note, active)
    told, limit = beside.tell(pool), beside.set_limit()
    return Outcome(active, verdict, pool.user_pool_id, written, told, limit, tuple(beside.troubles))


def _write(places: tuple[Place, ...], pool: ActivePool) -> tuple[str, ...]:
    written = []
    for place in places:
        text = place.text_of(pool)
        if place.read() != text:
            place.write(text)
            written.append(place.name)
    return tuple(written)


class _Beside:
    """What goes with a turn and is no reason not to turn: what goes wrong is told."""

    def __init__(
        self, ctx: PublishContext, holder: str, note: PublicationNote, active: Active
    ) -> None:
        self._ctx, self._holder, self._note, self._active = ctx, holder, note, active
        self.troubles: list[str] = []

    def tell(self, pool: Pool) -> bool:
        """Tell operators once an epoch, or twice where a crash hid that it was done."""
        news = turned(self._active, self._note.told)
        try:
            if news:
                self._ctx.notices.tell(*announcement(self._active, pool, self._ctx.region))
            if self._note.told != self._active.epoch:
                self._keep(replace(self._note, told=self._active.epoch))
        except StandbyError as error:
            self.troubles.append(f"operators were not told: {type(error).__name__}: {error}")
            return False
        return news

    def set_limit(self) -> str:
        """Raise the sign-in limit away from home, and put it back afterwards."""
        ctx, note = self._ctx, self._note
        if not ctx.wanted_limit and note.raised is None:
            return ""
        stands_in = self._active.epoch.region == ctx.region != ctx.home
        try:
            now = ctx.limit.now()
            step = next_step(
                stands_in=stands_in, wanted=ctx.wanted_limit, now=now, raised=note.raised
            )
            if step.raised is not None and step.raised != note.raised:
                # Before it is done: what was raised and not noted would never be put back.
                self._keep(replace(self._note, raised=step.raised))
            if step.to is not None:
                ctx.limit.set(step.to)
                if step.raised is not None:
                    # Who lowers it from now on is somebody else.
                    self._keep(replace(self._note, raised=replace(step.raised, done=True)))
            if step.raised is None and note.raised is not None:
                self._keep(replace(self._note, raised=None))
        except StandbyError as error:
            self.troubles.append(f"the sign-in limit: {type(error).__name__}: {error}")
            return "not set"
        return step.reason.value

    def _keep(self, note: PublicationNote) -> None:
        self._ctx.notes.keep(self._holder, note)
        self._note = note
