"""Removing throw-away pools: the only place that removes a pool, whichever way it came to be
left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cognito_standby.core.domain.errors import (
    RefusedByPoolError,
    ServiceUnavailableError,
    StandbyError,
    ThrottledError,
)
from cognito_standby.operator.services.context import told
from cognito_standby.recovery.domain.rehearsal_marks import (
    Fate,
    Judged,
    Mark,
    SeenPool,
    Why,
    id_in,
    judge,
    prefix_of,
)
from cognito_standby.recovery.services.rehearsal_context import RehearsalContext, noted

_TRIES, _SECONDS = 10, 2.0


def look(ctx: RehearsalContext, *, everything: bool) -> list[Judged]:
    """Every pool that is called like a rehearsal's, and what is to become of it. `everything`:
    those under way and kept ones go as well."""
    seen = ctx.pools.named(prefix_of(ctx.installation))
    return [_judged(ctx, each, everything) for each in seen]


def remove(ctx: RehearsalContext, judged: Sequence[Judged]) -> list[Judged]:
    """Remove those that are to go; what became of each. Each is looked at again before. One that
    cannot be removed keeps none of the others."""
    return [_tried(ctx, each) if each.fate is Fate.REMOVE else each for each in judged]


def sweep(ctx: RehearsalContext) -> list[Judged]:
    """Remove what crashed rehearsals left, once it has expired."""
    return remove(ctx, look(ctx, everything=False))


def remove_own(ctx: RehearsalContext, mark: Mark, pool_id: str) -> list[Judged]:
    """Remove the pool of this rehearsal, known or not: a creation whose answer was lost made one
    all the same. A pool that was just made may be missing in the listing."""
    found = {each.id: each for each in ctx.pools.named(mark.pool_name)}
    if pool_id and pool_id not in found and (told := ctx.pools.look(pool_id)):
        found[pool_id] = told
    return remove(ctx, [_judged(ctx, each, True) for each in found.values()])


def _judged(ctx: RehearsalContext, pool: SeenPool, everything: bool) -> Judged:
    note = noted(ctx, id_in(pool.name, ctx.installation))
    known = (ctx.installation, ctx.user_pool_id, note, ctx.clock.now())
    return judge(pool, *known, everything=everything)


def _tried(ctx: RehearsalContext, judged: Judged) -> Judged:
    try:
        return _removed(ctx, judged)
    except StandbyError as error:
        return replace(judged, fate=Fate.LEAVE, why=Why.NOT_REMOVED, trouble=told(error))


def _removed(ctx: RehearsalContext, judged: Judged) -> Judged:
    """A quota or a broken connection is waited out: nobody comes back for a pool."""
    for last in [False] * _TRIES + [True]:
        try:
            again = ctx.pools.look(judged.pool.id)
            if again is None:
                return judged  # somebody else removed it
            now = _judged(ctx, again, judged.why is Why.ASKED)
            if now.fate is Fate.REMOVE:
                ctx.pools.delete(judged.pool.id)
            return now
        except RefusedByPoolError:
            return replace(judged, fate=Fate.LEAVE, why=Why.PROTECTED)
        except (ThrottledError, ServiceUnavailableError):
            if last:
                raise
            ctx.pause(_SECONDS)
    return judged
