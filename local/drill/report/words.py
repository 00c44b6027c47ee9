"""Figures in words, on the page and on the terminal alike."""

from __future__ import annotations

from datetime import UTC, datetime

from cognito_standby.operator.domain.health import counted
from local.drill.figures import Fate, Rpo, Rto, UnknownSince
from local.drill.record import Drill

_MINUTE = 60


def clock(at: float) -> str:
    """The time of day, UTC."""
    return f"{datetime.fromtimestamp(at, UTC):%H:%M:%S}"


def date(at: float) -> str:
    """The day, UTC."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"


def unknown(figure: UnknownSince) -> str:
    """What an outage hides."""
    return f"unknown since {clock(figure.at)} UTC"


def _not_known(came: Drill) -> str:
    """In place of a count, since the cut."""
    return unknown(UnknownSince(came.cut or came.started, ""))


def _still_out(came: Drill) -> bool:
    """Whether the lost Region has not returned, or was not looked at since."""
    return came.cut is None or came.healed is None or Fate.UNKNOWN in came.fate.values()


def seconds(value: float) -> str:
    """A duration."""
    if round(value, 1) < _MINUTE:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), _MINUTE)
    return f"{minutes} min {rest} s"


def rto_told(figure: Rto | UnknownSince) -> str:
    """In steps and seconds."""
    if isinstance(figure, UnknownSince):
        return unknown(figure)
    return f"{seconds(figure.seconds)}, {counted(len(figure.steps), 'step')}"


def rpo_told(figure: Rpo | UnknownSince) -> str:
    """In seconds and changes."""
    if isinstance(figure, UnknownSince):
        return unknown(figure)
    return f"{seconds(figure.seconds)}, {counted(figure.missing, 'change')} in flight"


def fate_told(came: Drill, fate: Fate) -> str:
    """How many of the changes acknowledged before the cut met it. Before the Region has returned
    nobody knows what is late and what is lost."""
    mine = [came.fate[each.number] for each in came.before if each.number in came.fate]
    if fate is not Fate.ARRIVED and (came.cut is None or Fate.UNKNOWN in mine):
        return _not_known(came)
    return str(mine.count(fate))


def lost_told(came: Drill) -> str:
    """Changes that are nowhere, of all that concern the lost Region."""
    if _still_out(came):
        return _not_known(came)
    return str(sum(each is Fate.LOST for each in came.fate.values()))


def late_told(came: Drill) -> str:
    """Changes that were unavailable until the return, decided or merged."""
    if _still_out(came):
        return _not_known(came)
    late = (Fate.LATE, Fate.LISTED)
    return str(sum(came.fate.get(each.number) in late for each in came.before))


def result(came: Drill) -> str:
    """In one sentence."""
    claims = [claim for scene in came.played for claim in scene.claims]
    held = sum(claim.held for claim in claims)
    if came.held:
        return f"All {len(claims)} claims held"
    broke = next((scene.name for scene in came.played if scene.broke), "")
    if broke:
        return f"Broke off in “{broke}”; {held} of {len(claims)} claims before held"
    return f"{len(claims) - held} of {len(claims)} claims did not hold"


def told_of(came: Drill) -> list[str]:
    """The last lines on the terminal."""
    colour = "green" if came.held else "bold red"
    return [
        f"[{colour}]{result(came)}.[/] Simulated; seed {came.on.seed}, commit {came.on.commit}.",
        f"RTO  {rto_told(came.rto)}, from the command to the first sign-in in {came.away}",
        f"RPO  {rpo_told(came.rpo)} at the cut",
        f"unavailable until the return: {late_told(came)}; lost: {lost_told(came)}",
        f"conflicts listed: {conflicts_told(came)}",
    ]


def conflicts_told(came: Drill) -> str:
    """Nobody knows what is in conflict before the lost Region has returned."""
    if came.conflicts is None:
        return _not_known(came)
    return str(len(came.conflicts))


def person_told(came: Drill, name: str) -> str:
    """How many people met this. Of whom it is not known may have met anything but the first."""
    if came.cut is None or (came.people.unknown and name != "all_there"):
        return _not_known(came)
    return str(getattr(came.people, name))
