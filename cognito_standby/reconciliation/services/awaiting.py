"""Who of a shard is awaited: in a pool that took another one's place, and how they get in.

The indexes show digests, which tell neither of which pool a row or a record speaks nor how somebody
signs in. So the rows and records themselves are read, of those alone about whom that is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cognito_standby.core.domain.not_held import NotHeld
from cognito_standby.core.domain.records import resolve
from cognito_standby.core.domain.sign_in import SignInRules
from cognito_standby.core.domain.subjects import FEDERATED, GROUP_KEY
from cognito_standby.reconciliation.domain.awaited import counted_awaited
from cognito_standby.reconciliation.domain.cases import Terms
from cognito_standby.reconciliation.domain.comparison import ASKED
from cognito_standby.reconciliation.domain.readiness import Counts, Helpless
from cognito_standby.reconciliation.domain.reconciliation import Drift, Suspect
from cognito_standby.reconciliation.domain.shard_join import ShardResult
from cognito_standby.reconciliation.ports import WholeRecords
from cognito_standby.reconciliation.services.context import ReconcileContext

BATCH = 50
"""Subjects of one question: both Regions' records of each are 100 items."""
_ABSENCES = (Drift.RECORD_OF_DELETED_USER, Drift.MISSING_USER)
T = TypeVar("T")


def with_awaited(
    ctx: ReconcileContext, whole: WholeRecords, result: ShardResult, terms: Terms
) -> ShardResult:
    """The same result without those who seem to be gone, and who were in another pool alone: this
    one, which is filled on demand, has never had them. A Region that never reconciled before its
    pool was replaced has no note of the former one, so rows and records are asked in each.

    Calls: rows of the ledger, records.
    """
    gone = [each for each in result.suspects if _is_gone(each)]
    never = set(_never_here(ctx, whole, [each.key for each in gone]))
    if not never:
        return result
    suspects = [each for each in result.suspects if each not in gone or each.key not in never]
    if terms.filling:
        suspects += [Suspect(Drift.MISSING_USER, key, "", False, ASKED) for key in sorted(never)]
        never_counted: list[str] = []
    else:
        never_counted = sorted(never)
    absent = [key for key in result.absent if key not in never]
    awaited = [*result.awaited, *never_counted]
    skipped = dict(result.tally.skipped)
    if awaited:
        skipped[NotHeld.AWAITED] = len(awaited)
    tally = replace(result.tally, absent=len(absent), skipped=skipped)
    return replace(result, suspects=suspects, absent=absent, awaited=awaited, tally=tally)


def _is_gone(suspect: Suspect) -> bool:
    user = bool(suspect.key) and not suspect.key.startswith(GROUP_KEY)
    return user and suspect.kind in _ABSENCES and suspect.cause != ASKED


def _never_here(ctx: ReconcileContext, whole: WholeRecords, keys: Sequence[str]) -> Iterator[str]:
    """Of whom neither row nor own record names this pool, or no pool."""
    rows = _in_batches(keys, ctx.ledger.pools_of)
    here = ("", ctx.user_pool_id)
    others = [key for key in keys if key not in rows or rows[key] not in here]
    for key, partition in _in_batches(others, whole.of).items():
        own, winner = partition.own, resolve(partition)
        named = own is not None and not own.deleted and own.user_pool_id in here
        native = winner is not None and not winner.deleted and FEDERATED not in winner.fields
        if native and not named:
            yield key


@dataclass(frozen=True)
class Awaiting:
    """How those who are awaited get in, and who does not."""

    ways: Counts = field(default_factory=dict)
    helpless: tuple[Helpless, ...] = ()


def how_they_get_in(whole: WholeRecords, keys: Sequence[str], rules: SignInRules) -> Awaiting:
    """By their records, for no pool shows them. Calls: records."""
    found = _in_batches(keys, whole.of)
    states = {key: winner.fields for key, each in found.items() if (winner := resolve(each))}
    return Awaiting(*counted_awaited(states, rules))


def _in_batches(
    keys: Sequence[str], ask: Callable[[Sequence[str]], Mapping[str, T]]
) -> dict[str, T]:
    found: dict[str, T] = {}
    for start in range(0, len(keys), BATCH):
        found |= ask(keys[start : start + BATCH])
    return found
