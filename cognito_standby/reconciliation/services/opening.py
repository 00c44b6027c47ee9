"""Open Run: one run a pool, and what the others have to know about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from cognito_standby.core.domain.epochs import Claims, is_active
from cognito_standby.core.domain.errors import InvalidRecordError, PoolPausedError
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.work_items import run_from_dict, run_to_dict
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.notes import read_note, read_pool_note, write_note
from cognito_standby.reconciliation.services.patience import patiently

_FILE = "run.json"


@dataclass(frozen=True)
class Opened:
    """What Open Run found; kept in `run.json`.

    run              the run as asked for
    holder           the run that holds the pool: `run` itself, or another, and then nothing begins
    active           whether this Region is the active one by the claims
    claims           Region -> claim, to see at the end whether a role moved
    pool_of_record   the pool that this Region knows: accepted by an operator, or noted first
    estimated_users  by DescribeUserPool
    copies_trusted   whether the pool's copies of the origin subs are used; else the reverse map is
    opened_at        of this Region's clock, ISO 8601
    recovered        completed recoveries of the pool after which no run has looked yet
    triggers         of the pool, that bear on replays
    """

    run: Run
    holder: Run
    active: bool
    claims: dict[str, int]
    pool_of_record: str
    estimated_users: int
    copies_trusted: bool
    opened_at: str = ""
    recovered: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether another run holds the pool."""
        return self.holder.execution != self.run.execution

    def to_dict(self) -> dict[str, Any]:
        """The file."""
        return {**asdict(self), "run": run_to_dict(self.run), "holder": run_to_dict(self.holder)}


def open_run(ctx: ReconcileContext, run: Run) -> Opened:
    """Take the pool for this run and note what it starts from. Repeatable: what was noted first
    stays, so that a role that moved since is seen.

    Calls: register, claims, the listing's schema and estimate, files, witnesses.
    PoolPausedError: the pool is being recovered; what would be listed changes under the run.
    """
    recovered = ctx.witnesses.unsettled() if ctx.witnesses else []
    if any(each.under_way for each in recovered):
        raise PoolPausedError("the pool is being recovered")
    holder = ctx.register.open(run)
    noted = read_note(ctx, run, _FILE)
    if noted is not None and holder.execution == run.execution:
        return read_opened(ctx, run)
    claims = ctx.claims.read_claims()
    schema = patiently(ctx, "UserPoolRead", ctx.listing.schema)
    opened = Opened(
        run=run,
        holder=holder,
        active=is_active(ctx.region, claims, ()),
        claims=dict(claims.numbers),
        pool_of_record=ctx.register.pool_of_record(ctx.user_pool_id),
        estimated_users=patiently(ctx, "UserPoolRead", ctx.listing.estimated_users),
        copies_trusted=ORIGIN_SUB_ATTRIBUTE in schema.attributes
        and read_pool_note(ctx).misfiled == 0,
        opened_at=ctx.clock.now().isoformat(),
        recovered=tuple(sorted(each.id for each in recovered)),
        triggers=schema.triggers,
    )
    if not opened.refused:
        write_note(ctx, run, _FILE, opened.to_dict())
    return opened


def read_opened(ctx: ReconcileContext, run: Run) -> Opened:
    """What Open Run noted. InvalidRecordError: nothing, or nothing readable."""
    raw = read_note(ctx, run, _FILE)
    try:
        return Opened(
            **{
                **raw,
                "run": run_from_dict(raw["run"]),
                "holder": run_from_dict(raw["holder"]),
                "recovered": tuple(raw.get("recovered", ())),
                "triggers": tuple(raw.get("triggers", ())),
            }
        )
    except (KeyError, TypeError):
        raise InvalidRecordError("the run was not opened") from None


def claims_of(opened: Opened) -> Claims:
    """The claims that held when the run was opened."""
    return Claims(opened.claims)
