"""What a reason is, and what reasons explain: pure, so that the rule itself is tested."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from tests.rights.granted import Right

ALL = "*"
"""Every role of a kind of holder: only where the service that holds it uses the right itself."""


@dataclass(frozen=True)
class Reason:
    """Why rights stay that a run does not use.

    holder    what holds the roles: function, machine, pipe, schedule, rule, gateway, pool
    whose     their names, divided by blanks, or ALL
    actions   in full, divided by blanks
    resource  one kind, as `granted.kind_of` tells it
    shown_by  a test that takes the path outside of these runs, where it depends on chance or is
              rare: a run may use the right or not. Empty: nothing on the local AWS can use it, so
              that a use refutes the reason.
    """

    holder: str
    whose: str
    actions: str
    resource: str
    why: str
    shown_by: str = ""

    def __str__(self) -> str:
        return f"{self.holder} {self.whose}: {self.actions} on {self.resource} ({self.why})"

    def named(self, rights: Collection[Right]) -> Iterator[Right]:
        """Each right that it speaks of; of ALL, those that are among these."""
        for action in self.actions.split():
            if self.whose == ALL:
                yield from (
                    right
                    for right in rights
                    if (right[0], right[2], right[3]) == (self.holder, action, self.resource)
                )
            else:
                for name in self.whose.split():
                    yield self.holder, name, action, self.resource


@dataclass(frozen=True)
class Explained:
    """What came of holding the reasons against a run."""

    with_reason: frozenset[Right]
    without: frozenset[Right]
    idle: tuple[str, ...]
    """What reasons say in vain: of rights that nobody has, or of used ones that nobody could."""

    @property
    def holds(self) -> bool:
        """Whether each unused right has its reason, and each reason its right."""
        return not self.without and not self.idle


def explained(
    granted: frozenset[Right], unused: frozenset[Right], reasons: Collection[Reason]
) -> Explained:
    """Hold reasons against what is granted and what of it a run did not use."""
    fitting, idle = set[Right](), list[str]()
    for reason in reasons:
        found = list(reason.named(granted))
        vain = [right for right in found if right not in granted]
        if not reason.shown_by:
            vain += [right for right in found if right in granted and right not in unused]
        idle += [f"{' '.join(right)} ({reason.why})" for right in vain]
        if not found:
            idle.append(str(reason))
        fitting |= {right for right in found if right in unused}
    return Explained(frozenset(fitting), unused - fitting, tuple(idle))
