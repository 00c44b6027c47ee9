"""Somebody in both Regions, as `standby user show` finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cognito_standby.console.services.looks import Looks
from cognito_standby.console.services.reach import Opened, Seen
from cognito_standby.operator.domain.person import Person
from cognito_standby.operator.domain.person_search import Search, Verdict, merged, verdict
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from cognito_standby.operator.services.person import people_of, search


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
    people = people_of(contexts, merged(searches))
    return Found(verdict(people, searches), searches, people)


def known(looks: Looks, origin_sub: str) -> Found:
    """Of whom the origin sub is known. Nobody is not nobody while a Region does not answer."""
    contexts = [context_of(each) for each in looks.both()]
    people = people_of(contexts, [origin_sub] if origin_sub else [])
    searches = [
        Search(each.region, unreachable=each.reason if isinstance(each, Unreachable) else "")
        for each in contexts
    ]
    return Found(verdict(people, searches), searches, people)
