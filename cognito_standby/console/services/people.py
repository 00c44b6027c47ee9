"""Somebody in both Regions, as `standby user show` finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cognito_standby.console.services.looks import Looks
from cognito_standby.console.services.reach import Opened, Seen
from cognito_standby.operator.domain.person import Person
from cognito_standby.operator.domain.person_search import Search, Verdict, verdict
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from cognito_standby.operator.services.person import look, people_of, search


@dataclass(frozen=True)
class Found:
    """What a search came to."""

    verdict: Verdict
    searches: Sequence[Search]
    people: Sequence[Person]


def context_of(opened: Opened) -> OperatorContext | Unreachable:
    """What the commands' services take."""
    return opened.context if isinstance(opened, Seen) else opened


def find(looks: Looks, asked: str) -> Found:
    """By a username, an address, a phone number, or either sub."""
    contexts = [context_of(each) for each in looks.both()]
    searches = looks.each(lambda each: search(context_of(each), asked))
    return _found(looks, *people_of(contexts, searches))


def known(looks: Looks, origin_sub: str) -> Found:
    """Of whom the origin sub is known. Nobody is not nobody while something cannot be asked."""
    sides = looks.each(lambda each: look(context_of(each), origin_sub))
    person = Person(origin_sub, tuple(sides))
    if person.known:
        return _found(
            looks, [Search(side.region, {}, side.unreachable) for side in sides], [person]
        )
    searches = [Search(each.region, {}, each.unreachable, each.unknown) for each in sides]
    return _found(looks, searches, [])


def _found(looks: Looks, searches: Sequence[Search], people: Sequence[Person]) -> Found:
    sides = (side for person in people for side in person.sides)
    if any(each.silent for each in searches) or any(side.unknown for side in sides):
        looks.doubt()
    return Found(verdict(people, searches), searches, people)
