"""Who is meant by a name: what the Regions found, and what that comes to. Pure.

A name finds people and makes nobody one with somebody else: the same origin sub is the same
person, and nothing else is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cognito_standby.core.domain.sign_in import Channel
from cognito_standby.operator.domain.person import Person, SeenUser, Side


class Found(StrEnum):
    """By what somebody was found."""

    ORIGIN_SUB = "origin_sub"
    LOCAL_SUB = "local_sub"
    POOL_NAME = "name_in_pool"
    RECORD_NAME = "name_in_records"


def bears(seen: SeenUser, name: str, *, case_sensitive: bool) -> bool:
    """Whether a user is found by a name, by the pool's rule of case: a listing is more generous."""
    user, told = seen.user, seen.user.attributes
    names = (user.username, *(told.get(each, "") for each in ("preferred_username", *Channel)))
    if user.sub == name or name in names:
        return True
    return not case_sensitive and name.lower() in {each.lower() for each in names}


@dataclass(frozen=True)
class Search:
    """What one Region answered to a name: origin subs, and by what each was found."""

    region: str
    found: Mapping[str, frozenset[Found]] = field(default_factory=dict)
    unreachable: str = ""
    unknown: Mapping[str, str] = field(default_factory=dict)

    @property
    def silent(self) -> str:
        """Why nobody may have been found although somebody is there; "": all was asked."""
        return self.unreachable or "; ".join(f"{part}: {why}" for part, why in self.unknown.items())


def merged(searches: Iterable[Search]) -> dict[str, frozenset[Found]]:
    """Whom the Regions found between them. The same origin sub is the same person, and nothing
    else is."""
    found: dict[str, frozenset[Found]] = {}
    for search in searches:
        for origin_sub, by in search.found.items():
            found[origin_sub] = found.get(origin_sub, frozenset()) | by
    return found


def lacking(searches: Iterable[Search], lost: Iterable[Side]) -> list[Search]:
    """The searches, with why nothing was to be seen of people whom they found: `lost` are the sides
    of those."""
    whys: dict[str, dict[str, str]] = {}
    for side in lost:
        whys.setdefault(side.region, {}).update(side.unknown)
        if side.unreachable:
            whys[side.region]["a second look"] = side.unreachable
    return [
        replace(each, unknown={**whys.get(each.region, {}), **each.unknown}) for each in searches
    ]


class Verdict(StrEnum):
    """What a search came to."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    AMBIGUOUS = "ambiguous"
    """More than one person has that name, or more than one user says to be the one."""
    UNKNOWN = "unknown"
    """Nobody was found, and not every Region could be asked."""
    NOTHING_REACHED = "nothing_reached"


def verdict(people: Sequence[Person], searches: Sequence[Search]) -> Verdict:
    """What the searches came to."""
    if all(each.unreachable for each in searches):
        return Verdict.NOTHING_REACHED
    if len(people) > 1 or any(person.contested for person in people):
        return Verdict.AMBIGUOUS
    if people:
        return Verdict.FOUND
    return Verdict.UNKNOWN if any(each.silent for each in searches) else Verdict.NOT_FOUND
