"""A failover asked for on a page: its checks first; then with the rights of the DR role, for which
the role and the Region that takes over have to be typed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cognito_standby.console.services.jobs import JobState, Outcome, Tell
from cognito_standby.console.services.looks import Looks
from cognito_standby.console.services.orders import EVERY_SECONDS, Asked
from cognito_standby.console.services.reach import Seen, dr_role
from cognito_standby.operator.domain.health import RegionView
from cognito_standby.operator.services.context import Unreachable
from cognito_standby.recovery.domain.checks import standing_in_the_way
from cognito_standby.recovery.domain.requests import FailoverMode
from cognito_standby.recovery.ports import Machine
from cognito_standby.recovery.services import failover as service
from cognito_standby.recovery.services.desk import Desk

TARGET, ROLE = "The Region that takes over", "The role by which it is done"


@dataclass(frozen=True)
class Checked:
    """What was looked at; `stopping`: names of checks that stop it unless they are accepted."""

    looked: service.Looked
    stopping: tuple[str, ...]


@dataclass(frozen=True)
class Offer:
    """Whether it makes sense to ask for a failover to a Region. `role`: "" if that is not known;
    `refused`: why it makes none, "": it does."""

    region: str
    role: str = ""
    refused: str = ""


def offers(regions: Sequence[str], views: Sequence[RegionView]) -> list[Offer]:
    """By the last look. Where the Regions do not agree, or none tells, everything is offered: the
    question itself asks them anew."""
    actives = {view.active_region for view in views} - {""}
    if len(actives) != 1:
        return [Offer(region) for region in regions]
    (active,) = actives
    reason = "it is the active Region already"
    return [
        Offer(region, "active", reason) if region == active else Offer(region, "standby")
        for region in regions
    ]


def failover(looks: Looks, to: str, mode: FailoverMode, accepted: Collection[str]) -> Asked:
    """Make `to` the active Region."""
    flags = "".join(f" --accept {name}" for name in sorted(accepted))
    command = f"{looks.reach.command} failover --to {to} --{mode.value}{flags}"
    title = (
        f"Make {to} the active Region ({'planned' if mode is FailoverMode.PLANNED else 'outage'})"
    )
    opened, target = looks.opened(to), looks.reach.desk(to, "")
    if isinstance(target, Unreachable) or not isinstance(opened, Seen):
        why = target.reason if isinstance(target, Unreachable) else "it does not answer"
        return Asked(title, command, refused=f"{to}: {why}")
    if target.context.records.read_claims().highest().region == to:
        return Asked(title, command, refused=f"{to} is the active Region already")
    other = _other(looks, to, mode, "")
    looked = service.look(target, other, looks.reach.other(to), mode)
    stopping = tuple(sorted({c.name for c in standing_in_the_way(looked.checks, accepted)}))
    details = Checked(looked, stopping)
    typed = {TARGET: to, ROLE: dr_role(opened.installation, to)}
    if stopping:
        why = f"checks are in the way: {', '.join(stopping)}. Mend that, or accept it by name below"
        return Asked(title, command, typed=typed, refused=why, details=details)

    def work(tell: Tell) -> Outcome:
        return _run(looks, to, mode, accepted, tell)

    return Asked(title, command, work, looked.losses, typed, details=details)


def abort(looks: Looks, to: str) -> Asked:
    """Stop a planned failover to `to`; the other Region opens again."""
    source_region = looks.reach.other(to)
    command = f"{looks.reach.command} failover --to {to} --abort"
    title = f"Stop the failover to {to}, and open {source_region} again"
    opened = looks.opened(source_region)
    if not isinstance(opened, Seen):
        return Asked(title, command, refused=f"{source_region} does not answer: {opened.reason}")

    def work(tell: Tell) -> Outcome:
        target, source = (looks.reach.desk(r, source_region) for r in (to, source_region))
        if isinstance(source, Unreachable):
            return Outcome(JobState.NOTHING, f"{source_region}: {source.reason}")
        begun = service.abort(target, source, frozenset(), secrets.token_hex(6))
        if isinstance(begun, service.NotBegun):
            return Outcome(JobState.NOTHING, begun.why)
        ended = _followed(source, source.stand_down, begun.execution, tell)
        if ended.outcome != "reopened":
            return Outcome(JobState.PARTLY, f"{source_region} did not open: {ended.why}")
        return Outcome(JobState.DONE, f"{source_region} is open again: {ended.why}")

    typed = {
        "The Region that was to take over": to,
        ROLE: dr_role(opened.installation, source_region),
    }
    return Asked(title, command, work, ("Whoever is signed in stays signed in.",), typed)


def _run(
    looks: Looks, to: str, mode: FailoverMode, accepted: Collection[str], tell: Tell
) -> Outcome:
    target, other = looks.reach.desk(to, to), _other(looks, to, mode, to)
    if isinstance(target, Unreachable):
        return Outcome(JobState.NOTHING, f"{to}: {target.reason}")
    begun = service.begin(target, other, mode, accepted, secrets.token_hex(6))
    if isinstance(begun, service.NotBegun):
        return Outcome(JobState.NOTHING, begun.why)
    tell(f"{to}: the failover {begun.noted} ({begun.execution})")
    again = (f"{looks.reach.command} failover --to {to} --{mode.value}  # goes on",)
    if begun.source and isinstance(other, Desk):
        down = _followed(other, other.stand_down, begun.source, tell)
        if down.outcome != "drained":
            told = f"{other.region} did not stand down: {down.why}"
            back = (f"{looks.reach.command} failover --to {to} --abort  # {other.region} opens",)
            return Outcome(JobState.PARTLY, told, again + back)
    ended = _followed(target, target.fail_over, begun.execution, tell)
    if ended.outcome != "claimed":
        return Outcome(JobState.PARTLY, f"{to} did not take over: {ended.why}", again)
    looks.forget()
    return Outcome(
        JobState.DONE,
        f"{to} is active, with epoch {ended.told.get('epoch')}",
        _after(looks, to, mode),
    )


def _after(looks: Looks, to: str, mode: FailoverMode) -> tuple[str, ...]:
    command, other = looks.reach.command, looks.reach.other(to)
    back = f"{command} failover --to {other} --planned  # the way back"
    if mode is FailoverMode.OUTAGE:
        return (
            f"{command} reconcile --region {other} --wait  # once {other} is back",
            f"{command} conflicts list  # what lost there",
            back,
        )
    return (f"{command} reconcile --dry-run --wait", f"{command} readiness", back)


def _other(looks: Looks, to: str, mode: FailoverMode, role_of: str) -> service.Other:
    """In an outage the other Region is not asked."""
    if mode is FailoverMode.OUTAGE:
        return None
    return looks.reach.desk(looks.reach.other(to), role_of)


def _followed(desk: Desk, machine: Machine, execution: str, tell: Tell) -> service.Ended:
    return service.follow(
        machine,
        execution,
        lambda place: tell(f"{desk.region}: {place}"),
        desk.context.pause,
        EVERY_SECONDS,
    )
