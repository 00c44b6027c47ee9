"""How an installation is: what was seen in each Region, the verdict, and what to do next. Pure.

`None` stands for "unknown" everywhere: it is shown as that and never counts for or against.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.epochs import Claims
from cognito_standby.failures.domain.letters import LetterKind


class HealthVerdict(StrEnum):
    """Exit codes 0, 1 and 2 of `standby status`."""

    WELL = "well"
    DEGRADED = "degraded"
    BROKEN = "broken"


@dataclass(frozen=True)
class Reconciled:
    """The last reconciliation of a Region, by its report. `age` in seconds since its end.

    clean      nothing was left, and everything was compared
    repeating  kinds of drift that come back run after run
    cannot     reason -> people who would not get in after a failover, as far as this Region can
               tell (`Readiness.missing_after_failover`); None: the run did not count it
    not_held   fields that its pool does not hold, over all subjects
    linked     local users with linked identities
    factors    second factor -> users who have it on
    awaited    people whom its pool makes when they first come: no drift
    """

    run: str
    verdict: str
    age: float
    drift: int
    clean: bool
    repeating: Sequence[str] = ()
    cannot: Mapping[str, int] | None = None
    not_held: int = 0
    linked: int = 0
    factors: Mapping[str, int] = field(default_factory=dict)
    awaited: int = 0


@dataclass(frozen=True)
class RegionView:
    """One Region, as its own replica, queues and machines show it. Times are ages in seconds.

    claims            Region -> number, as this Region's replica has them
    makes_way         the Region for which the active one has closed its door; "": for none
    fenced            its pool refuses people behind a closed door
    letters_by_kind   kinds of the dead letters, of the first ten
    failed            executions that failed in the last 24 hours ...
    unsettled         ... and those of them whose subject is still not in sync (of the newest ten)
    failovers         of these the failovers: the command that goes on with one, and its error
    attention         ledger rows by state: applying, failed, quarantined
    conflicts         changes that were undone, overridden or came late, by weight, until somebody
                      decides; `in_conflict` are some of the subjects, the worst first
    oldest_change     age of the oldest change that is known not to be applied yet
    lag_p50, lag_p99  milliseconds, last hour; None: nothing was replayed, and then ...
    canary_lag        ... how late the canary was at most, in seconds; None: nobody looked at one
    reconciled        the last reconciliation; None: there was none, or it is not known
    questions         ids of runs whose brake waits for an operator
    emptied           of these the ones that found most people gone from the active pool
    configuration     what its last look at the pool's configuration came to
    unseeded          its pool was there before the installation, and no run that may repair has
                      ended; None: not known, or the deployment made the pool
    unknown           what could not be found out -> why
    """

    region: str
    unreachable: str = ""
    claims: Mapping[str, int] | None = None
    dead_letters: int | None = None
    oldest_letter: float | None = None
    letters_by_kind: Mapping[str, int] = field(default_factory=dict)
    parked_hints: int | None = None
    running: int | None = None
    failed: int | None = None
    unsettled: int | None = None
    last_error: str = ""
    failovers: Sequence[tuple[str, str]] = ()
    attention: Mapping[str, int] | None = None
    subjects: Sequence[str] = ()
    conflicts: Mapping[str, int] | None = None
    in_conflict: Sequence[str] = ()
    oldest_change: float | None = None
    lag_p50: float | None = None
    lag_p99: float | None = None
    canary_lag: float | None = None
    alarms: Sequence[str] | None = None
    reconciled: Reconciled | None = None
    questions: Sequence[str] | None = None
    emptied: Sequence[str] = ()
    makes_way: str = ""
    fenced: bool | None = None
    configuration: ConfigurationNote | None = None
    unseeded: bool | None = None
    unknown: Mapping[str, str] = field(default_factory=dict)

    @property
    def active_region(self) -> str:
        """The active Region as this one sees it; "" if the claims are not known."""
        return Claims(self.claims).highest().region if self.claims else ""

    @property
    def role(self) -> str:
        """Active, standby or unknown."""
        if not self.active_region:
            return "unknown"
        return "active" if self.active_region == self.region else "standby"


@dataclass(frozen=True)
class Diagnosis:
    """The verdict, why, and what an operator does next."""

    verdict: HealthVerdict
    reasons: tuple[str, ...]
    advice: tuple[str, ...]


_RUNBOOK = "read docs/runbooks/redrive.md"
_ALARMS = "read docs/runbooks/alarms.md"


def diagnose(views: Sequence[RegionView]) -> Diagnosis:
    """Broken: nobody serves or replicates, or a pool was emptied. Degraded: something waits for a
    person. What breaks the installation comes first, in reasons and advice; nothing else is as
    urgent as an emptied pool."""
    gone = [finding for view in views for finding in _emptied(view)]
    found = [
        *gone,
        *_who(views),
        *_unseeded(views),
        *(finding for view in views for finding in _ills(view)),
    ]
    broken = [reason for severe, reason, _ in found if severe]
    advice = dict.fromkeys(step for _, _, step in found if step)
    verdict = (
        HealthVerdict.BROKEN if broken else HealthVerdict.DEGRADED if found else HealthVerdict.WELL
    )
    reasons = dict.fromkeys(reason for _, reason, _ in sorted(found, key=lambda each: not each[0]))
    return Diagnosis(verdict, tuple(reasons), tuple(advice))


_Finding = tuple[bool, str, str]
"""Whether it breaks the installation, what it is, what to do."""


def _who(views: Sequence[RegionView]) -> list[_Finding]:
    answering = [view for view in views if not view.unreachable]
    if not answering:
        said = "; ".join(f"{view.region}: {view.unreachable}" for view in views)
        step = "check your network, credentials, --profile, --installation and --regions"
        return [(True, f"no Region answers: {said}", step)]
    actives = {view.active_region for view in answering} - {""}
    found: list[_Finding] = []
    if len(actives) > 1:
        said = ", ".join(f"{view.region} says {view.active_region}" for view in answering)
        step = "wait a minute for the global table, then look again"
        found.append((False, f"the Regions do not agree on who is active: {said}", step))
    for target in sorted({view.makes_way for view in answering} - {""}):
        found += _between(target, actives, answering)
    for view in views:
        if not view.unreachable:
            continue
        if view.region in actives:
            reason = f"{view.region}, the active Region, does not answer: {view.unreachable}"
            found += [(True, reason, step) for step in _if_it_stays_away(view, views)]
        else:
            reason = f"{view.region} does not answer: {view.unreachable}"
            step = f"nothing is lost: when {view.region} is back, it catches up by itself"
            found.append((False, reason, step))
    return found


def _between(target: str, actives: Collection[str], views: Sequence[RegionView]) -> list[_Finding]:
    """While a planned failover is under way nobody is let in anywhere, where there is a fence: that
    it hangs must not be found out by the people."""
    if target in actives:
        return []  # it has claimed: the mark is of before
    closed = ", ".join(sorted(actives))
    reason = f"{closed} has stood down for {target}, which has not claimed yet"
    match next((view.fenced for view in views if view.region in actives), None):
        case True:
            reason = f"nobody is let in: {reason}"
        case False:
            reason += ": people go on in its pool, which has no fence"
        case None:
            reason += ": nobody is let in by its fence, if it has one"
    on, back = (f"standby failover --to {target} --{mode}" for mode in ("planned", "abort"))
    return [
        (False, reason, f"{on}  # follows it, or goes on with it; docs/runbooks/failover.md"),
        (False, reason, f"{back}  # opens {closed} again"),
    ]


def _if_it_stays_away(lost: RegionView, views: Sequence[RegionView]) -> list[str]:
    """What a person decides about an active Region that does not answer."""
    others = [view.region for view in views if view.region != lost.region]
    return [
        f"standby failover --to {other} --outage --dry-run  # if {lost.region} stays away; "
        "docs/runbooks/failover.md"
        for other in others
    ]


def _emptied(view: RegionView) -> list[_Finding]:
    """Two answers of unequal weight: one of them deletes everybody for good."""
    region, found = view.region, list[_Finding]()
    for run in view.emptied:
        told = (
            f"{region}: the pool was emptied, and the reconciliation {run} asks what to do; "
            "nobody is deleted yet"
        )
        found += [
            (True, told, step)
            for step in (
                f"standby reject {run} --region {region}  # nobody is deleted by that",
                f"standby restore --region {region} --dry-run  # then; docs/runbooks/restore.md",
                f"only if it was meant: standby approve {run} deletes them all, in both Regions",
            )
        ]
    return found


def _unseeded(views: Sequence[RegionView]) -> list[_Finding]:
    """Nobody who was in an existing pool before is replicated. One command fills both Regions."""
    them = [view for view in views if view.unseeded and not view.unreachable]
    found: list[_Finding] = []
    for view in them:
        lost = "is not in it yet" if view.role == "standby" else "is in no record, so in no standby"
        told = f"{view.region}: no reconciliation of this existing pool has ended: "
        told += f"who was in the active pool before {lost}"
        only = "" if view.role != "standby" or len(them) > 1 else f" --region {view.region}"
        how = "asks first; a pool filled on demand: without --seed"
        step = f"standby reconcile --seed{only}  # {how}; docs/runbooks/reconcile.md"
        found.append((False, told, step))
    return found


def _ills(view: RegionView) -> list[_Finding]:
    if view.unreachable:
        return []
    region, found = view.region, list[_Finding]()
    redrive = f"standby redrive --all --region {region}"
    if view.dead_letters:
        hopeless = view.letters_by_kind.get(LetterKind.UNREADABLE) == view.dead_letters
        step = "" if hopeless else redrive
        found.append((False, f"{region}: {counted(view.dead_letters, 'dead letter')}", step))
    if view.letters_by_kind.get(LetterKind.UNREADABLE):
        found.append((False, f"{region}: a dead letter cannot be read", _RUNBOOK))
    if view.parked_hints:
        step = f"standby status --watch  # parked hints of {region} drain within a minute"
        found.append((False, f"{region}: {counted(view.parked_hints, 'parked hint')}", step))
    for command, error in view.failovers:
        told = f"{region}: a failover stands still, with {error}"
        found.append((False, told, f"{command}  # goes on; docs/runbooks/failover.md"))
    if others := (view.unsettled or 0) - len(view.failovers):
        told = f"{region}: {counted(others, 'failed execution')} not repaired"
        told += f", the last with {view.last_error}" if view.last_error else ""
        found.append((False, told, redrive if view.dead_letters else _look(region)))
    for state in ("failed", "quarantined"):
        if number := (view.attention or {}).get(state):
            found.append((False, f"{region}: {counted(number, 'subject')} {state}", redrive))
    found += _conflicts(view)
    applying = (view.attention or {}).get("applying")
    if applying and view.running == 0:
        reason = f"{region}: {counted(applying, 'subject')} left in applying, and nothing runs"
        found.append((False, reason, "the sweep redrives them within minutes; " + _RUNBOOK))
    found += _reconciliation(view)
    found += _configuration(view)
    found += [(False, f"{region}: alarm {name}", _ALARMS) for name in view.alarms or ()]
    return found


def _conflicts(view: RegionView) -> list[_Finding]:
    """Changes that lost, or that came late: they stay until a person decides."""
    known = {weight: number for weight, number in (view.conflicts or {}).items() if number}
    if not known:
        return []
    kinds = ", ".join(f"{n} {weight.removeprefix('conflict_')}" for weight, n in known.items())
    told = f"{view.region}: {counted(sum(known.values()), 'undecided conflict')} ({kinds})"
    step = "standby conflicts list names them; docs/runbooks/conflicts.md says how to decide"
    return [(False, told, step)]


def _reconciliation(view: RegionView) -> list[_Finding]:
    found: list[_Finding] = []
    for run in (each for each in view.questions or () if each not in view.emptied):
        step = f"standby approve {run}, or standby reject {run}: both show first why it asks"
        found.append((False, f"{view.region}: the reconciliation {run} waits for an answer", step))
    last = view.reconciled
    if last is not None and not last.clean:
        reason = f"{view.region}: last reconciliation: {last.verdict}"
        found.append((False, reason, f"standby reports {last.run}"))
    if last is not None and last.repeating:
        kinds = ", ".join(last.repeating)
        step = "read docs/runbooks/reconcile.md, on drift that repeats"
        found.append((False, f"{view.region}: drift comes back after each repair: {kinds}", step))
    return found


def _configuration(view: RegionView) -> list[_Finding]:
    """The standby's drift is shown and no ill: `standby config diff` says what it means."""
    note, step = view.configuration, "docs/runbooks/configuration.md says what to do"
    if note is None:
        return []
    if note.trouble:
        return [(True, f"{view.region}: {note.trouble}", step)]
    if not note.unexpected:
        return []
    told = f"{view.region}: {counted(note.unexpected, 'unexpected difference')} in the pool"
    return [(False, told, f"standby config diff --region {view.region}; {step}")]


def _look(region: str) -> str:
    return f"redrive it by its ARN (Step Functions console, {region}): standby redrive <ARN>"


def counted(number: int, noun: str) -> str:
    """1 dead letter, 2 dead letters."""
    return f"{number} {noun}" + ("" if number == 1 else "s")
