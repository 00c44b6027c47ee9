"""What the small files of a listing hold (`file_names`): how far its items and its planner are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import from_plain

Ranges = Mapping[str, Sequence[int]]
"""Shard -> where its rows begin in the file, and how long they are, in bytes."""


@dataclass(frozen=True)
class Progress:
    """How far an item of a listing came.

    chain    index of the value that is being listed
    token    the next page of it; "": its first
    at       when the token was given, epoch seconds
    users, memberships, misfiled   in this part
    broken   why the item cannot be listed at all
    """

    generation: int = 0
    part: int = -1
    chain: int = 0
    token: str = ""
    at: float = 0.0
    done: bool = False
    users: int = 0
    memberships: int = 0
    misfiled: int = 0
    broken: str = ""
    ranges: Ranges = ()  # type: ignore[assignment]

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return self.done or bool(self.broken)

    def anew(self) -> Progress:
        """The next generation."""
        return Progress(self.generation + 1)

    def to_dict(self) -> dict[str, Any]:
        """The file."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}

    @classmethod
    def from_dict(cls, raw: Any) -> Progress:
        """Inverse. InvalidRecordError: it is none."""
        try:
            progress = cls(**{name: raw[name] for name in cls.__dataclass_fields__})
        except (KeyError, TypeError):
            raise InvalidRecordError("this is no progress of an item") from None
        if not progress._well_typed():
            raise InvalidRecordError("this is no progress of an item")
        return progress

    def _well_typed(self) -> bool:
        numbers = ("generation", "part", "chain", "users", "memberships", "misfiled")
        wanted: dict[str, Any] = {
            **dict.fromkeys(numbers, int),
            **dict.fromkeys(("token", "broken"), str),
            **{"at": int | float, "done": bool, "ranges": dict},
        }
        if not all(isinstance(getattr(self, name), kind) for name, kind in wanted.items()):
            return False
        return all(_is_pair(each, int, int) for each in self.ranges.values())


@dataclass
class ListingState:
    """What the planner of the listing knows after a round.

    to_split, chains   prefixes, each with its size (probing)
    groups             names not planned yet; None: the definitions were not listed yet
    open               items that are not done
    failed             items given up, with the reason
    failed_values      their prefixes and groups, each with its kind
    """

    to_split: list[list[Any]] = field(default_factory=list)
    groups: list[str] | None = None
    open: list[dict[str, Any]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    failed_values: list[list[str]] = field(default_factory=list)
    begun: bool = False
    items: int = 0

    @classmethod
    def from_dict(cls, raw: Any) -> ListingState:
        """Inverse. InvalidRecordError: it is none."""
        state, wrong = from_plain(cls, raw, wrong=_NO_STATE), InvalidRecordError(_NO_STATE)
        if not all(_is_pair(each, str, int | float) for each in state.to_split):
            raise wrong
        if not all(_is_pair(each, str, str) for each in state.failed_values):
            raise wrong
        return state


_NO_STATE = "the planner's state is not of its shape"


def _is_pair(value: Any, first: Any, second: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a pair
        return False
    return isinstance(value[0], first) and isinstance(value[1], second)
