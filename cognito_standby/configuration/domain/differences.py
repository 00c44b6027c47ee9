"""How two configurations differ. Pure.

App clients have another id in each pool. So those of the right side are told apart by their id
where it is the left one's, and else by their name where only one on either side has it; what
belongs to a client (session, style, terms, risk) goes with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from cognito_standby.configuration.domain.document import (
    BY_CLIENT,
    Fields,
    Items,
    PoolConfiguration,
    Section,
    Unread,
    WhyUnread,
)


class Kind(StrEnum):
    """How one place differs."""

    ONLY_LEFT = "only_left"
    ONLY_RIGHT = "only_right"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    """It could not be read on one side: it may differ or not."""


@dataclass(frozen=True)
class Difference:
    """One place. `path`: the field, with dots; empty: the whole item. `item` is as the left side
    names it, and empty where a whole section is not known. `left`, `right`: JSON, or None."""

    section: Section
    item: str
    path: str
    left: Any
    right: Any
    kind: Kind

    @property
    def place(self) -> str:
        """In one line."""
        return "/".join(each for each in (self.section.value, self.item, self.path) if each)


def differences(left: PoolConfiguration, right: PoolConfiguration) -> tuple[Difference, ...]:
    """All of them, by section, item and field. None: the two pools are set up alike, in all that
    could be read."""
    right = aligned(right, left)
    found: list[Difference] = []
    for section in Section:
        hidden = _unknown(section, left, right)
        if any(each.item == "" for each in hidden):
            found += hidden
            continue
        found += hidden
        apart = {each.item for each in hidden}
        found += _in_section(section, left.items(section), right.items(section), apart)
    return tuple(found)


def aligned(right: PoolConfiguration, left: PoolConfiguration) -> PoolConfiguration:
    """The right one with its clients under the ids of the left one's."""
    new = paired_clients(left.items(Section.CLIENTS), right.items(Section.CLIENTS))
    return with_clients(right, new)


def with_clients(right: PoolConfiguration, new: Mapping[str, str]) -> PoolConfiguration:
    """With clients, and what belongs to them, under these ids."""
    sections = {
        section: {
            _renamed(section, name, new): _referring(section, item, new)
            for name, item in items.items()
        }
        for section, items in right.sections.items()
    }
    unread = tuple(
        replace(each, item=_renamed(each.section, each.item, new)) for each in right.unread
    )
    return replace(right, sections=sections, unread=unread)


def paired_clients(left: Items, right: Items) -> Mapping[str, str]:
    """Ids of the right side -> ids of the left one, of clients that are the same one."""
    same = {each: each for each in right if each in left}
    theirs = {each: item for each, item in right.items() if each not in same}
    ours = {each: item for each, item in left.items() if each not in same}
    once = _told_once(theirs).items()
    known = _told_once(ours)
    return {**same, **{client: known[name] for name, client in once if name in known}}


def _told_once(clients: Items) -> Mapping[str, str]:
    """Names that one client alone has -> its id."""
    names = Counter(str(item.get("ClientName", "")) for item in clients.values())
    return {
        name: client
        for client, item in clients.items()
        if names[name := str(item.get("ClientName", ""))] == 1 and name
    }


def _renamed(section: Section, name: str, new: Mapping[str, str]) -> str:
    if section is Section.CLIENTS:
        return new.get(name, name)
    if section in BY_CLIENT:
        client, slash, rest = name.partition("/")
        return new.get(client, client) + slash + rest
    return name


def _referring(section: Section, item: Fields, new: Mapping[str, str]) -> Fields:
    """A policy of client metadata names the client that is the pattern for others."""
    if section is not Section.CLIENT_METADATA or "ClientId" not in item:
        return item
    return {**item, "ClientId": new.get(str(item["ClientId"]), item["ClientId"])}


def _unknown(
    section: Section, left: PoolConfiguration, right: PoolConfiguration
) -> list[Difference]:
    """What one side could not read. What neither has the plan or the settings for is no
    difference."""
    ours = {each.item: each for each in left.unread if each.section is section}
    theirs = {each.item: each for each in right.unread if each.section is section}
    told = []
    for item in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(item), theirs.get(item)
        if mine and other and mine.why is other.why is WhyUnread.UNSUPPORTED:
            continue
        told.append(Difference(section, item, "", _said(mine), _said(other), Kind.UNKNOWN))
    return told


def _said(unread: Unread | None) -> str | None:
    return f"not read: {unread.why} ({unread.operation}: {unread.code})" if unread else None


def _in_section(section: Section, left: Items, right: Items, apart: set[str]) -> list[Difference]:
    found: list[Difference] = []
    for item in sorted((left.keys() | right.keys()) - apart):
        mine, other = left.get(item), right.get(item)
        if mine is None or other is None:
            kind = Kind.ONLY_RIGHT if mine is None else Kind.ONLY_LEFT
            found.append(Difference(section, item, "", mine, other, kind))
        else:
            found += [Difference(section, item, *each) for each in _between("", mine, other)]
    return found


def _between(path: str, left: Any, right: Any) -> Iterator[tuple[str, Any, Any, Kind]]:
    if not isinstance(left, Mapping) or not isinstance(right, Mapping):
        if left != right or isinstance(left, bool) != isinstance(right, bool):
            yield path, left, right, Kind.CHANGED
        return
    for name in sorted(left.keys() | right.keys()):
        below = f"{path}.{name}" if path else str(name)
        if name not in right:
            yield below, left[name], None, Kind.ONLY_LEFT
        elif name not in left:
            yield below, None, right[name], Kind.ONLY_RIGHT
        else:
            yield from _between(below, left[name], right[name])
