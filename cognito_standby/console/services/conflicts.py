"""Undecided conflicts, as `standby conflicts` lists, shows and decides them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cognito_standby.changes.domain.changes import ChangeRequest, UserView
from cognito_standby.console.services.jobs import JobState, Outcome, Tell
from cognito_standby.console.services.looks import Looks
from cognito_standby.console.services.orders import Asked, active_one
from cognito_standby.console.services.reach import Opened, Seen
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind, Weight
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.subjects import Fields, digest
from cognito_standby.operator.domain.decisions import (
    MEANINGS,
    AsListed,
    ByHand,
    present_fields,
    taking,
)
from cognito_standby.operator.services import conflicts as service
from cognito_standby.operator.services.context import OperatorContext, Unreachable, told

SHOWN = 50
"""Of each Region, the worst first."""
_ALL = 10**9
_TOLD_EVERY = 100


@dataclass(frozen=True)
class Listing:
    """What a Region's list holds; `trouble`: why it cannot be told."""

    region: str
    conflicts: Sequence[Conflict] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Shown:
    """What is listed of one subject. `now`: what the active pool shows; None: that is not known."""

    listings: Sequence[Listing]
    now: Fields | None = None
    why: str = ""

    @property
    def found(self) -> bool:
        """Whether anything is listed."""
        return any(each.conflicts for each in self.listings)


def word_of(weight: Weight) -> str:
    """As the command says it."""
    return weight.value.removeprefix("conflict_")


def listed(opened: Opened) -> Listing:
    """The worst ones of a Region."""
    return _asked(opened, "")


def shown(looks: Looks, subject: str) -> Shown:
    """`subject`: a key, or its hash as it is listed."""
    listings = looks.each(lambda opened: _asked(opened, subject))
    some = next((one for each in listings for one in each.conflicts), None)
    if some is None:
        return Shown(listings)
    try:
        active = _active(looks)
        if active is None:
            return Shown(listings, None, "the active Region was not reached")
        return Shown(listings, present_fields(service.present(active, some)))
    except StandbyError as error:
        return Shown(listings, None, told(error))


def decide(looks: Looks, region: str, subject: str, kind: str, *, taken: bool, stamp: str) -> Asked:
    """One of them. `stamp`: of what was shown when it was decided; "": nothing was yet.

    ValueError: `kind` is none.
    """
    word, wanted = "take" if taken else "keep", ConflictKind(kind)
    command = f"{looks.reach.command} conflicts decide {subject} {word} "
    command += f"--region {region} --kind {wanted.value}"
    title = f"{'Ask for what was listed of' if taken else 'Keep the active pool for'} {subject}"
    opened = looks.opened(region)
    listing = _asked(opened, subject)
    conflict = next((each for each in listing.conflicts if each.kind is wanted), None)
    if not isinstance(opened, Seen) or conflict is None:
        why = listing.trouble or "it is not listed, or not any more"
        return Asked(title, command, refused=f"{region}: {why}")
    active = _active(looks) if taken else None
    if taken and active is None:
        return Asked(title, command, refused="the active Region was not reached")
    view = None if active is None else service.present(active, conflict)
    now = _stamp(conflict, view)
    if stamp and stamp != now:
        why = "it is not as it was shown any more: look again, and decide then"
        return Asked(title, command, refused=why)
    refused, facts = _said(conflict, view, taken=taken)
    if refused:
        return Asked(title, command, facts=facts, refused=refused)
    context = opened.context

    def work(tell: Tell) -> Outcome:
        if active is not None:
            tell(f"asked for in {active.region}")
            outcome = service.take(active, conflict, view)
            if not outcome.done:
                return Outcome(JobState.NOTHING, f"not taken, it stays listed: {outcome.why}")
        if service.keep(context, conflict):
            return Outcome(JobState.DONE, "decided; off the list")
        return Outcome(JobState.PARTLY, "the list moved meanwhile; look again")

    return Asked(title, command, work, facts, carried={"stamp": now})


def keep_all(looks: Looks, region: str, word: str) -> Asked:
    """All of a weight. ValueError: `word` names none."""
    weight = Weight(f"conflict_{word}")
    command = f"{looks.reach.command} conflicts keep --weight {word} --region {region}"
    opened = looks.opened(region)
    meant = [e for e in _asked(opened, "", _ALL).conflicts if e.weight is weight]
    title = f"Keep the active pool for all {len(meant):,} listed in {region} as {word}"
    if not isinstance(opened, Seen) or not meant:
        why = opened.reason if isinstance(opened, Unreachable) else "none is listed"
        return Asked(title, command, refused=f"{region}: {why}")
    context = opened.context

    def work(tell: Tell) -> Outcome:
        decided = 0
        for number, conflict in enumerate(meant, 1):
            try:
                decided += service.keep(context, conflict)
            except StandbyError as error:
                tell(f"{digest(conflict.subject.key)}: not decided: {told(error)}")
            if number % _TOLD_EVERY == 0:
                tell(f"{number:,} of {len(meant):,}")
        state = JobState.DONE if decided == len(meant) else JobState.PARTLY
        return Outcome(
            state if decided else JobState.NOTHING, f"{decided:,} of {len(meant):,} decided"
        )

    facts = ("No pool and no record is changed. What is added meanwhile stays listed.",)
    return Asked(title, command, work, facts)


def _asked(opened: Opened, subject: str, limit: int = SHOWN) -> Listing:
    if isinstance(opened, Unreachable):
        return Listing(opened.region, trouble=opened.reason)
    finder = opened.context.conflicts
    if finder is None:
        return Listing(opened.region, trouble="its stack lists none: deploy this release first")
    try:
        return Listing(opened.region, finder.named(subject) if subject else finder.worst(limit))
    except StandbyError as error:
        return Listing(opened.region, trouble=told(error))


def _said(conflict: Conflict, view: UserView | None, *, taken: bool) -> tuple[str, tuple[str, ...]]:
    """Why not, and what to know."""
    facts = [
        f"Listed: {MEANINGS[conflict.kind]}.",
        f"Fields: {', '.join(sorted(conflict.fields))}.",
    ]
    if not taken:
        return "", (*facts, "No pool and no record is changed; it leaves the list.")
    match taking(conflict, view):
        case ByHand(why, fields):
            return f"{why}{': ' if fields else ''}{', '.join(fields)}", tuple(facts)
        case AsListed():
            return "", (*facts, "The active pool shows it already; it leaves the list.")
        case ChangeRequest():
            return "", (*facts, "The active pool is changed as by the Admin API, and captured.")


def _stamp(conflict: Conflict, view: UserView | None) -> str:
    """Of what somebody decides about: names nobody, and changes with it."""
    tag = "" if view is None else view.entity_tag
    return digest(json.dumps([dict(conflict.fields), tag], sort_keys=True))


def _active(looks: Looks) -> OperatorContext | None:
    """The active Region's. StandbyError: it did not tell."""
    found = next(filter(None, map(active_one, looks.both())), None)
    return None if found is None else found.context
