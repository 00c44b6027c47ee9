"""Under which origin sub a listed user is filed, and so in which shard they are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.pools import (
    ORIGIN_SUB_ATTRIBUTE,
    PoolSchema,
    PoolUser,
    user_fields,
)
from cognito_standby.core.domain.quotas import USER_POOL_READ
from cognito_standby.core.domain.subjects import Subject, shard_of_key
from cognito_standby.core.domain.summaries import profile_digest
from cognito_standby.reconciliation.domain.listing_rows import user_row
from cognito_standby.reconciliation.domain.run_notes import Opened
from cognito_standby.reconciliation.domain.standings import marks_of
from cognito_standby.reconciliation.ports import LedgerIndex
from cognito_standby.reconciliation.services.context import ReconcileContext
from cognito_standby.reconciliation.services.patience import patiently


@dataclass
class Filing:
    """The copy of the origin sub in the pool decides where it can be trusted, else the ledger's
    reverse map, in batches of a page. Either is checked against the ledger in the comparison.
    """

    ledger: LedgerIndex
    schema: PoolSchema
    copies: bool
    shards: frozenset[str]
    pairwise: frozenset[str] = frozenset()
    _misfiled: int = 0

    @classmethod
    def of(cls, ctx: ReconcileContext, opened: Opened) -> Filing:
        """As Open Run decided."""
        schema = patiently(ctx, USER_POOL_READ, ctx.listing.schema)
        shards = frozenset(opened.run.shards)
        return cls(ctx.ledger, schema, opened.copies_trusted, shards, ctx.pairwise)

    def filed(self, users: Sequence[PoolUser]) -> Iterator[tuple[PoolUser, str]]:
        """The users with their origins; only those of the run's shards."""
        if self.copies:
            pairs = [(user, copied_origin(user)) for user in users]
        else:
            subs = [user.sub for user in users]
            known = self.ledger.origins_of(subs) if subs else {}
            pairs = [(user, known.get(user.sub) or user.sub) for user in users]
            if ORIGIN_SUB_ATTRIBUTE in self.schema.attributes:
                self._misfiled += sum(copied_origin(user) != origin for user, origin in pairs)
        for user, origin in pairs:
            if not self.shards or shard_of_key(origin) in self.shards:
                yield user, origin

    def row_of(self, user: PoolUser, origin: str) -> str:
        """The row of a user."""
        profile = profile_digest(user_fields(user, self.schema))
        return user_row(
            user.sub,
            origin,
            profile,
            enabled=user.enabled,
            status=user.status.value,
            marks=marks_of(user, self.pairwise),
        )

    def take_misfiled(self) -> int:
        """Users since the last time whose copy is not what the ledger says."""
        taken, self._misfiled = self._misfiled, 0
        return taken


def copied_origin(user: PoolUser) -> str:
    """By the pool's copy alone; one that cannot be an id was not written by us."""
    if not user.origin_sub:
        return user.sub
    try:
        return Subject.user(user.origin_sub).id
    except InvalidRecordError:
        return user.sub
