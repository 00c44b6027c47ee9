"""What a fault is: kind, what it strikes, how often and how."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any


class FaultError(ValueError):
    """What was asked for is no fault; the text says why."""


class FaultKind(StrEnum):
    """The kinds of faults."""

    ERROR = "error"
    LATENCY = "latency"
    THROTTLE = "throttle"
    DARK = "dark"
    KILL = "kill"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    LAG = "lag"
    EDGE = "edge"


class Callers(StrEnum):
    """Whose calls are struck: those of the deployed functions, or everybody's."""

    OURS = "ours"
    ALL = "all"


class How(StrEnum):
    """How a dark Region answers: the connection is closed, or nothing ever comes."""

    REFUSE = "refuse"
    HANG = "hang"


@dataclass(frozen=True)
class SeenCall:
    """One call: names as signatures have them (`states`, `monitoring`); function "" for others."""

    service: str
    operation: str
    region: str
    function: str = ""

    @property
    def key(self) -> str:
        """The same caller making the same call."""
        return f"{self.region}/{self.service}/{self.operation}/{self.function}"


REPLICATION = "table->replica"
EDGES = ("rule->machine", "pipe->machine", "machine->*", REPLICATION)
INTERNAL, THROTTLED, UNAVAILABLE, CUT = "internal", "throttled", "unavailable", "cut"
_ALIASES = {"stepfunctions": "states", "cloudwatch": "monitoring", "cognito": "cognito-idp"}
_NUMBERS = ("rate", "seconds", "per_second")


@dataclass(frozen=True)
class Fault:
    """One fault. Names are patterns with `*`; only the fields of its kind count.

    error: `code` for a share `rate` of the calls; `after`: the call takes effect and its answer is
    lost. latency: `seconds` more for a share `rate`. throttle: what exceeds `per_second` in a
    Region is refused. dark: `region` answers nothing (`how`) and stands still. kill: a share `rate`
    of the invocations of `function` that run longer than `seconds` is killed then. duplicate,
    reorder: a share `rate` of the records of pipes from streams comes again, or late, by `seconds`.
    lag: a share `rate` of the writes to a table's replica in `region` arrives late, by a fifth of
    `seconds` to all of them, as drawn: after later writes of other items.
    edge: a share `rate` of what goes over `edge` fails with `code`.

    `code` is an AWS error code, or `internal`, `throttled`, `unavailable` (what the service calls
    it), or `cut`: the connection is closed without an answer. `status` 0: what the code implies.
    """

    kind: FaultKind
    service: str = "*"
    operation: str = "*"
    region: str = "*"
    function: str = "*"
    edge: str = "*"
    callers: Callers = Callers.OURS
    rate: float = 1.0
    code: str = INTERNAL
    status: int = 0
    after: bool = False
    seconds: float = 0.0
    per_second: float = 0.0
    how: How = How.REFUSE
    seed: int = 0

    def __post_init__(self) -> None:
        problem = self._problem()
        if problem:
            raise FaultError(problem)

    @classmethod
    def read(cls, text: str) -> Fault:
        """Of a text that somebody wrote: the JSON form. FaultError."""
        try:
            data = json.loads(text)
        except ValueError as error:
            raise FaultError(f"{text} is no JSON: {error}") from None
        if not isinstance(data, dict):
            raise FaultError(f"{text} is no JSON object, as a fault is")
        return cls.of(data)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Fault:
        """Read the JSON form. FaultError."""
        known = {each.name for each in fields(cls)}
        unknown = sorted(set(data) - known)
        if unknown:
            raise FaultError(f"a fault has no {', '.join(unknown)}")
        try:
            values = {**data, "kind": FaultKind(data.get("kind", ""))}
            values |= {name: float(data[name]) for name in _NUMBERS if name in data}
            values |= {name: int(data[name]) for name in ("status", "seed") if name in data}
            values["callers"] = Callers(data.get("callers", Callers.OURS))
            values["how"] = How(data.get("how", How.REFUSE))
        except (ValueError, TypeError) as error:
            raise FaultError(str(error)) from None
        service = str(values.get("service", "*"))
        return cls(**{**values, "service": _ALIASES.get(service, service)})

    def to_dict(self) -> dict[str, Any]:
        """The JSON form: what differs from the defaults."""
        plain = asdict(self)
        default = {each.name: each.default for each in fields(self)}
        return {name: value for name, value in plain.items() if value != default[name]}

    def applies(self, **names: str) -> bool:
        """Whether the patterns match these names."""
        return all(fnmatchcase(value, getattr(self, name)) for name, value in names.items())

    def _problem(self) -> str:
        if not 0 <= self.rate <= 1:
            return "rate is a share between 0 and 1"
        if self.seconds < 0:
            return "seconds cannot be negative"
        if self.kind is FaultKind.THROTTLE and self.per_second <= 0:
            return "a throttle needs per_second"
        if self.kind in (FaultKind.LATENCY, FaultKind.LAG) and self.seconds <= 0:
            return f"{self.kind} needs seconds"
        if self.kind is FaultKind.DARK and (not self.region or "*" in self.region):
            return "a dark Region is named: no pattern"
        if self.kind is FaultKind.EDGE and not _known_edge(self.edge):
            return f"an edge is one of {', '.join(EDGES)}"
        return ""


def _known_edge(edge: str) -> bool:
    return any(fnmatchcase(edge, each) or fnmatchcase(each, edge) for each in EDGES)
