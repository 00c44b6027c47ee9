"""What a run used and cost, from what its files tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cognito_standby.reconciliation.domain import prices
from cognito_standby.reconciliation.domain.drift_report import Cost, CostLine, Phase, QuotaUse
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.usage import Usage
from cognito_standby.reconciliation.services.run_store import RunStore

LISTING, COMPARING, REPAIRING = "List Pool", "Compare Shards", "Repair"
_PHASES: Mapping[str, WorkPhase] = {
    LISTING: WorkPhase.LISTING,
    COMPARING: WorkPhase.COMPARING,
    REPAIRING: WorkPhase.REPAIRING,
}

_STATES = 8
"""States of a run without rounds: Open Run, Judge Drift, its choice, the plans, Write Report and
Close Run. An estimate to within a few transitions, which cost nothing worth telling."""

_STATES_A_ROUND = 3
"""Plan, choice, map."""

_EXPRESS_GB = 64 / 1024
"""Express executions are billed in steps of 64 MB; ours hold a few keys."""


@dataclass(frozen=True)
class Pace:
    """Cognito's quotas as configured, and the share that a run may use of them; `memory_gb` of
    the functions."""

    share: float
    quotas: Mapping[str, float]
    memory_gb: float


@dataclass(frozen=True)
class Work:
    """What the workers of one phase used. `workers`: children of its Distributed Maps."""

    name: str
    workers: int = 0
    rounds: int = 0
    worked_seconds: float = 0.0
    """Of all workers together."""
    usage: Usage = field(default_factory=Usage)


def work_of(store: RunStore, repairs: Sequence[Usage]) -> tuple[Work, ...]:
    """The phases of a run; `repairs`: what its repairs spent, part by part. Reads what each worker
    of the others noted: some hundreds of files in a large run."""
    return tuple(
        _work(
            name,
            store.planned_rounds(phase),
            repairs if phase is WorkPhase.REPAIRING else store.usages(phase),
        )
        for name, phase in _PHASES.items()
    )


def _work(name: str, rounds: Sequence[int], usages: Sequence[Usage]) -> Work:
    return Work(
        name,
        sum(rounds),
        len(rounds),
        sum(each.seconds for each in usages),
        sum(usages, Usage()),
    )


def phases(work: Sequence[Work]) -> tuple[Phase, ...]:
    """How long each took, from its first worker to its last."""
    return tuple(Phase(each.name, round(each.usage.seconds, 1), each.workers) for each in work)


def quota_use(work: Sequence[Work], pace: Pace) -> tuple[QuotaUse, ...]:
    """Each category over the time of the phases that used it."""
    names = dict.fromkeys(name for each in work for name in each.usage.calls)
    return tuple(_use(name, work, pace) for name in names)


def _use(name: str, work: Sequence[Work], pace: Pace) -> QuotaUse:
    users = [each.usage for each in work if each.usage.calls.get(name)]
    calls, seconds = sum(u.calls[name] for u in users), sum(u.seconds for u in users)
    return QuotaUse(
        category=name,
        calls=calls,
        throttled=sum(u.throttled.get(name, 0) for u in users),
        rate=round(calls / seconds, 2) if seconds else 0.0,
        quota=float(pace.quotas.get(name, 0)),
        share=pace.share,
    )


def cost(work: Sequence[Work], active_users: int, pace: Pace) -> Cost:
    """An estimate in dollars."""
    total = sum((each.usage for each in work), Usage())
    children = sum(each.workers for each in work)
    rounds = sum(max(1, each.rounds) for each in work if each.workers)
    transitions = _STATES + _STATES_A_ROUND * rounds + children
    seconds = sum(each.worked_seconds for each in work)
    amounts = (
        ("Cognito requests", float(sum(total.calls.values())), 0.0),
        ("state transitions", float(transitions), prices.STATE_TRANSITION),
        ("Express executions", float(children), prices.EXPRESS_REQUEST),
        ("Express executions, GB-seconds", seconds * _EXPRESS_GB, prices.EXPRESS_GB_SECOND),
        ("Lambda, GB-seconds", seconds * pace.memory_gb, prices.LAMBDA_GB_SECOND),
        ("DynamoDB read units", total.read_units, prices.READ_UNIT),
        ("DynamoDB write units", total.write_units, prices.WRITE_UNIT),
        ("S3 writes", float(total.puts), prices.S3_PUT),
        ("S3 reads", float(total.gets), prices.S3_GET),
    )
    lines = tuple(CostLine(item, round(n, 1), round(n * each, 6)) for item, n, each in amounts)
    return Cost(
        lines=lines,
        usd=round(sum(line.usd for line in lines), 6),
        active_users=active_users,
        active_users_usd=prices.active_users_usd(active_users) if active_users else {},
        prices_date=prices.DATE,
        prices_source=prices.SOURCE,
    )
