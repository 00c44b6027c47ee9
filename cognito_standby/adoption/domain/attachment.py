"""Which function stands in which of a pool's places for triggers, before and after. Pure.

A pool has one place a trigger. Ours goes into an empty one, or takes the place of the owner's
function if it asks that one (`triggers.<name>.primary_function`): never of one that nobody would
ask any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TOKENS, TOKENS_WITH_VERSION = "PreTokenGeneration", "PreTokenGenerationConfig"
"""One place under two names; where both are told they have to agree (API reference,
LambdaConfigType)."""
FIRST_EVENT = "V1_0"

SLOTS: Mapping[str, str] = {
    "post_confirmation": "PostConfirmation",
    "pre_sign_up": "PreSignUp",
    "pre_token_generation": TOKENS,
    "pre_authentication": "PreAuthentication",
    "custom_message": "CustomMessage",
    "user_migration": "UserMigration",
}
"""Our task -> place in LambdaConfig."""
ON_DEMAND = "user_migration"
"""An installation has it only where a pool is filled on demand."""
OF_THE_FENCE = ("pre_authentication", "custom_message")
"""They do nothing where there is no fence."""


@dataclass(frozen=True)
class Ours:
    """A function of the installation. `asks`: the owner's function that it asks; empty: none."""

    arn: str
    asks: str = ""

    def stands_in(self, function: str) -> bool:
        """With an alias or a version, too."""
        return function == self.arn or function.startswith(f"{self.arn}:")


@dataclass(frozen=True)
class Turn:
    """One place whose function changes; empty: none."""

    task: str
    before: str
    after: str

    @property
    def slot(self) -> str:
        """As Cognito calls it."""
        return SLOTS[self.task]


@dataclass(frozen=True)
class Taken:
    """A place that the owner's function holds, which ours does not ask."""

    task: str
    function: str
    asks: str


@dataclass(frozen=True)
class Attachment:
    """What is to be done, and what stands in the way."""

    turns: tuple[Turn, ...]
    taken: tuple[Taken, ...] = ()


def function_in(triggers: Mapping[str, Any], task: str) -> str:
    """Of a place; empty where it is free."""
    slot = SLOTS[task]
    versioned = triggers.get(TOKENS_WITH_VERSION) or {}
    told = versioned.get("LambdaArn") if slot == TOKENS else None
    return str(told or triggers.get(slot) or "")


def attach(
    triggers: Mapping[str, Any], ours: Mapping[str, Ours], wanted: Collection[str]
) -> Attachment:
    """Ours into the places that are wanted."""
    turns: list[Turn] = []
    taken: list[Taken] = []
    for task in (name for name in SLOTS if name in wanted):
        function, mine = function_in(triggers, task), ours[task]
        if mine.stands_in(function):
            continue
        if function and function != mine.asks:
            taken.append(Taken(task, function, mine.asks))
        else:
            turns.append(Turn(task, function, mine.arn))
    return Attachment(tuple(turns), tuple(taken))


def detach(triggers: Mapping[str, Any], ours: Mapping[str, Ours]) -> Attachment:
    """Ours out of every place; the owner's function that ours asks comes back into it."""
    found = ((task, function_in(triggers, task)) for task in SLOTS if task in ours)
    return Attachment(
        tuple(
            Turn(task, function, ours[task].asks)
            for task, function in found
            if function and ours[task].stands_in(function)
        )
    )


def turned(triggers: Mapping[str, Any], turns: Sequence[Turn]) -> dict[str, Any]:
    """LambdaConfig after these turns. All that they do not name stays; so do the version of the
    event that the token trigger is asked with, and under which of its names it is told."""
    found = dict(triggers)
    for turn in turns:
        versioned = found.pop(TOKENS_WITH_VERSION, None) if turn.slot == TOKENS else None
        plain = found.pop(turn.slot, None)
        if not turn.after:
            continue
        if versioned:
            found[TOKENS_WITH_VERSION] = {**versioned, "LambdaArn": turn.after}
        if plain or not versioned:
            found[turn.slot] = turn.after
    return found


def as_meant(triggers: Mapping[str, Any], meant: Mapping[str, Any]) -> bool:
    """Whether every place holds what was meant. Of the token trigger's two names either counts."""
    return _plain(triggers) == _plain(meant)


def _plain(triggers: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in triggers.items() if value and name != TOKENS}
    versioned = found.pop(TOKENS_WITH_VERSION, None) or {}
    if function := function_in(triggers, "pre_token_generation"):
        found[TOKENS] = (function, versioned.get("LambdaVersion") or FIRST_EVENT)
    return found
