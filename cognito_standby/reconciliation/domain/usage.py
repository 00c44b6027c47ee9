"""What a piece of a run used of AWS: each part's file carries it, the report adds it up.

Every worker of a run puts `"usage": Usage.to_dict()` into a JSON file: a batch of repairs into that
which says how far it came, a listing or a comparison into one of its own (`file_names`). A file
without it is read as having used nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self


@dataclass(frozen=True)
class Usage:
    """What was spent.

    calls        quota category of Cognito (UserList, UserRead ...) -> requests made
    throttled    quota category -> requests that AWS refused for their number
    read_units, write_units   DynamoDB request units, as `ReturnConsumedCapacity` tells them or
                 counted by size: half a unit for each 4 KiB of an eventually consistent read, one
                 for each KiB written (in every replica)
    puts, gets   requests to S3
    began_at, ended_at   of this worker, UTC; None: not noted
    """

    calls: Mapping[str, int] = field(default_factory=dict)
    throttled: Mapping[str, int] = field(default_factory=dict)
    read_units: float = 0.0
    write_units: float = 0.0
    puts: int = 0
    gets: int = 0
    began_at: datetime | None = None
    ended_at: datetime | None = None

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            _sum(self.calls, other.calls),
            _sum(self.throttled, other.throttled),
            self.read_units + other.read_units,
            self.write_units + other.write_units,
            self.puts + other.puts,
            self.gets + other.gets,
            min(_known(self.began_at, other.began_at), default=None),
            max(_known(self.ended_at, other.ended_at), default=None),
        )

    @property
    def seconds(self) -> float:
        """From the first begin to the last end; 0 where that is not known."""
        if self.began_at is None or self.ended_at is None:
            return 0.0
        return max(0.0, (self.ended_at - self.began_at).total_seconds())

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without what is empty."""
        plain = {
            "calls": dict(self.calls),
            "throttled": dict(self.throttled),
            "read_units": self.read_units,
            "write_units": self.write_units,
            "puts": self.puts,
            "gets": self.gets,
            "began_at": self.began_at.isoformat() if self.began_at else "",
            "ended_at": self.ended_at.isoformat() if self.ended_at else "",
        }
        return {name: value for name, value in plain.items() if value}

    @classmethod
    def from_dict(cls, data: Any) -> Self:
        """Read it back; what is not of this shape counts as nothing: no report fails for it."""
        if not isinstance(data, Mapping):
            return cls()
        return cls(
            _counts(data.get("calls")),
            _counts(data.get("throttled")),
            _number(data.get("read_units")),
            _number(data.get("write_units")),
            int(_number(data.get("puts"))),
            int(_number(data.get("gets"))),
            _moment(data.get("began_at")),
            _moment(data.get("ended_at")),
        )


def _sum(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _known(*moments: datetime | None) -> list[datetime]:
    return [moment for moment in moments if moment is not None]


def _counts(data: Any) -> dict[str, int]:
    if not isinstance(data, Mapping):
        return {}
    return {str(name): int(_number(value)) for name, value in data.items()}


def _number(value: Any) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if good and 0 <= value < float("inf") else 0.0


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
