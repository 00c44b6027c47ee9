"""What a restore notes in its run's files, and what it is going to cost. Pure.

Below `runs/<restore>/restore/`, ids and reasons only:

    run.json                 what it was started with and found (`Begun`)
    rounds/<execution>-<n>.json   the work items of a round (`Work`)
    rounds/<execution>.progress   what its last plan saw of the workers (`Progress`)
    looks/<segment>/<n>.json      what some looks called for (`Looks`)
    plan.json                all of it added up, and the batches (`Plan`); written last
    refused.json             rows of who is not restored: [key, reason]
    batches/<name>.json      rows of a batch: [key, action, write of the record]
    did/<batch>/<n>.json     what became of some (`Part`)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.quotas import USER_READ, USER_RESOURCE_READ, USER_UPDATE
from cognito_standby.reconciliation.domain.brake import Limits
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.recovery.domain.restore_estimate import (
    CALLS_TO_CREATE,
    Crowd,
    Strategy,
    estimate,
    minutes_of_jobs,
)
from cognito_standby.recovery.domain.restore_request import RestoreRequest
from cognito_standby.recovery.domain.restoring import Action, Planned

ONE_USER = "user"
"""Name of the one piece of work where one user is asked for."""


class WorkKind(StrEnum):
    """What a worker of the machine's map does."""

    LOOK = "look"
    RESTORE = "restore"


@dataclass(frozen=True)
class Work:
    """One item of a round: a segment to look at, or a batch to restore."""

    kind: WorkKind
    name: str


@dataclass(frozen=True)
class Begun:
    """What a restore starts from.

    active    whether the Region was the active one
    claims    Region -> number of its claim
    segments  of the table; 0: one user, who is looked at directly
    users     in the pool, by Cognito's estimate
    run_it    more is wanted than a plan
    accept_brake  somebody has seen why the brake asks
    """

    run: Run
    request: RestoreRequest
    active: bool
    claims: Mapping[str, int]
    segments: int
    users: int
    run_it: bool = False
    accept_brake: bool = False

    @property
    def pieces(self) -> list[str]:
        """Names of the work items by which everybody is looked at."""
        return [str(each) for each in range(self.segments)] or [ONE_USER]

    def lets(self, plan: Plan) -> bool:
        """Whether the plan is carried out: more is wanted than it, and nothing is in the way."""
        return self.run_it and not plan.stops and (self.accept_brake or not plan.asks)


@dataclass(frozen=True)
class Progress:
    """What a plan saw of the workers: files, and rounds in a row without a new one."""

    round: int = -1
    parts: int = 0
    stuck: int = 0


@dataclass(frozen=True)
class Looks:
    """What some looks called for.

    after  the page at which the segment goes on
    last   the last subject that was looked at; if that page has it, those behind it are left
    done   nothing of the segment is left
    """

    after: str
    last: str
    done: bool
    rows: tuple[Planned, ...]
    left: Mapping[str, int]
    """Reason -> subjects about whom nothing has to be done."""


@dataclass(frozen=True)
class Plan:
    """What is going to be done.

    actions   action -> subjects
    reasons   reason -> subjects, of those who are left or refused
    not_held  "field: why" -> subjects of whom the pool will not show it
    groups, users   names of the batches; definitions of groups come first
    stops, asks     why nothing is done at all, or not before somebody has looked
    minutes   at the configured share of the quotas, at least
    by_strategy   the same for whoever is made, by each way to make them
    importable    of whoever is made, those whom import jobs may make
    usd       plan of the pool -> dollars for the monthly active users that are made or changed
    """

    actions: Mapping[str, int]
    reasons: Mapping[str, int]
    not_held: Mapping[str, int]
    groups: tuple[str, ...]
    users: tuple[str, ...]
    calls: Mapping[str, int]
    minutes: float
    usd: Mapping[str, float]
    by_strategy: Mapping[str, float] = field(default_factory=dict)
    importable: int = 0
    stops: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    @property
    def writes(self) -> int:
        """Subjects that are going to be written."""
        return sum(self.actions.get(each.value, 0) for each in Action if each.writes)


class Outcome(StrEnum):
    """What became of one subject."""

    RESTORED = "restored"
    ALREADY = "already as recorded"
    LEFT = "left"
    REFUSED = "refused"
    PLANNED = "planned"
    """Of a restore that nobody let run; in its lines only."""


@dataclass(frozen=True)
class Done:
    """One subject and its outcome."""

    key: str
    action: Action
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True)
class Part:
    """What became of some subjects of a batch, from the position `first` on."""

    first: int
    done: tuple[Done, ...] = field(default=())

    @property
    def end(self) -> int:
        """The position behind them."""
        return self.first + len(self.done)


_CHANGED: Mapping[str, int] = {USER_READ: 3, USER_RESOURCE_READ: 1, USER_UPDATE: 1}
_CALLS: Mapping[Action, Mapping[str, int]] = {
    Action.CREATE: CALLS_TO_CREATE,
    Action.UNDELETE: CALLS_TO_CREATE,
    Action.CHANGE: _CHANGED,
    Action.REVERT: _CHANGED,
}
"""Requests for a user without groups, by category; a membership is one of UserUpdate more."""


def calls_of(actions: Mapping[str, int], memberships: int) -> dict[str, int]:
    """Category -> requests, at least."""
    calls: Counter[str] = Counter({USER_UPDATE: memberships} if memberships else {})
    for action, each in _CALLS.items():
        for category, number in each.items():
            calls[category] += number * actions.get(action.value, 0)
    return {name: number for name, number in calls.items() if number}


def minutes_of(calls: Mapping[str, int], quotas: Mapping[str, float], share: float) -> float:
    """The least time: that of the scarcest quota."""
    seconds = (number / (quotas[name] * share) for name, number in calls.items())
    return round(max(seconds, default=0.0) / 60, 1)


def minutes_by_strategy(
    made: Crowd, imported: Crowd, quotas: Mapping[str, float], share: float
) -> dict[str, float]:
    """Each way to make whoever is made; nothing where nobody is. `imported`: those of them whom
    import jobs may make. On demand nobody is made before they come."""
    if not made.users:
        return {}
    calls = estimate(Strategy.ADMIN, made, quotas, share).minutes
    told = {Strategy.ADMIN.value: round(calls, 1)}
    if imported.users:
        told[Strategy.IMPORT.value] = round(minutes_of_jobs(made, imported, quotas, share), 1)
    return told


def brake_of(changed: int, users: int, limits: Limits) -> tuple[str, ...]:
    """Why somebody should look first: living people would be overwritten. The limits are those of
    a reconciliation; who is missing is overwritten by nothing."""
    if changed <= limits.harmless:
        return ()
    if changed > limits.destructive:
        return (f"{changed} living subjects would be overwritten; limit {limits.destructive}",)
    share = changed / max(users, 1)
    if share > limits.destructive_share:
        told = f"{changed} living subjects of {users} would be overwritten: {share:.1%}"
        return (f"{told}; limit {limits.destructive_share:.1%}",)
    return ()
