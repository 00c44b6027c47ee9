"""What became of people and changes, counted; and what nobody could know meanwhile."""

from __future__ import annotations

from collections import Counter

from cognito_standby.reconciliation.report.html import NOTHING, Html, join, rows, tag
from local.drill.figures import Fate
from local.drill.record import Drill
from local.drill.report.words import clock, conflicts_told, fate_told, person_told

_PEOPLE = (
    ("all_there", "were complete in the standby at the failover"),
    ("incomplete", "were there, without some change until the return"),
    ("not_there", "were not there at all until the return: unavailable, not lost"),
    ("lost", "lost a change, or themselves, for good"),
)
_FATES = (Fate.ARRIVED, Fate.LATE, Fate.LISTED, Fate.LOST)


def outcomes(came: Drill) -> Html:
    """People and changes before the cut; changes of the Region that was cut off; conflicts."""
    return join(
        (tag("div", _people(came), _changes(came), class_="two"), _cut_off(came), _conflicts(came))
    )


def _people(came: Drill) -> Html:
    body = [(words, person_told(came, name)) for name, words in _PEOPLE]
    if came.people.unknown:
        body.append(("of whom it is not known", str(came.people.unknown)))
    return tag(
        "section",
        tag("h2", f"{came.people.total} people before the cut, each counted once"),
        rows(("they", "people #"), body),
    )


def _changes(came: Drill) -> Html:
    body = [(each.value, fate_told(came, each)) for each in _FATES]
    return tag(
        "section",
        tag("h2", f"{len(came.before)} changes acknowledged before the cut"),
        rows(("what became of them", "changes #"), body),
    )


def _cut_off(came: Drill) -> Html:
    made = came.cut_off
    if not made:
        return NOTHING
    body = [
        (
            each.what.value,
            each.who,
            f"{clock(each.at)} UTC",
            _became(came.fate.get(each.number, Fate.UNKNOWN)),
        )
        for each in made
    ]
    return tag(
        "section",
        tag("h2", f"{len(made)} changes that {came.home} took while it was cut off"),
        rows(("what", "who (invented)", "at", "what became of it"), body),
    )


def _became(fate: Fate) -> str:
    """Of a change that no failover could have had."""
    return {
        Fate.ARRIVED: "in both pools after the return",
        Fate.LATE: "in both pools after the return",
        Fate.LISTED: "lost to the standby's newer change; listed",
        Fate.LOST: "lost",
        Fate.UNKNOWN: "unknown",
    }[fate]


def _conflicts(came: Drill) -> Html:
    kinds = Counter((kind, fields) for _, kind, fields in came.conflicts or ())
    body = [(kind, tag("code", fields), n) for (kind, fields), n in sorted(kinds.items())]
    meaning = (
        "merged: came late and nobody else had changed the person, so it was applied. overridden: "
        "lost to a change of the newer active Region. Each stays listed until a person decides."
    )
    return tag(
        "section",
        tag("h2", f"Conflicts listed at the return: {conflicts_told(came)}"),
        rows(("kind", "fields", "people #"), body) if body else NOTHING,
        tag("p", meaning, class_="small dim"),
    )


def hidden(came: Drill) -> Html:
    """What the operator was told to be unknown, when the command was given."""
    if not came.unknown:
        return NOTHING
    body = [(tag("code", name), region, told) for name, region, told in came.unknown]
    return tag(
        "section",
        tag("h2", "What the outage hid from the operator"),
        tag("p", _hidden_since(came), class_="small"),
        rows(("check", "Region", "told"), body),
        tag("p", "What would be lost, as told: ", "; ".join(came.losses), class_="small dim")
        if came.losses
        else NOTHING,
    )


def _hidden_since(came: Drill) -> str:
    """The command takes it from metrics, which no log becomes here."""
    told = "Told by the command before it asked. Unknown is not nothing."
    if came.cut is None:
        return told
    return (
        f"{told} When the Region was last heard of the command reads from CloudWatch's metrics; "
        f"the local AWS makes none from logs. By the drill's notes it was {clock(came.cut)} UTC."
    )
