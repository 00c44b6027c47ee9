"""What the machines `fail_over` and `stand_down` are started with, and the names of their
executions. Pure.

An execution is named after the epoch that it is about to claim. Step Functions keeps a name for 90
days and starts nothing twice under it with another input (API reference, StartExecution). So of two
operators who ask at once for the same, one starts it and the other is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.machine_inputs import flags_in, input_object

FAIL_OVER = "fail_over"
STAND_DOWN = "stand_down"
"""The two machines."""

_NAME = re.compile(r"[a-z0-9_]{1,40}")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_ASKED = 128


class FailoverMode(StrEnum):
    """How a Region takes over."""

    PLANNED = "planned"
    """The other Region stands down first: nothing is lost."""
    OUTAGE = "outage"
    """The other Region is not asked: what it has not replicated comes late or is lost."""


@dataclass(frozen=True)
class FailoverRequest:
    """Input of `fail_over`.

    accepted  checks of the machine that may fail: `letters`, `drift`
    asked     who asked, as an id of the caller's own; it tells two requests apart
    """

    mode: FailoverMode
    accepted: tuple[str, ...] = ()
    asked: str = ""

    def given(self) -> dict[str, Any]:
        """The execution's input."""
        return {"mode": self.mode.value, "accepted": list(self.accepted), "asked": self.asked}


@dataclass(frozen=True)
class StandDownRequest:
    """Input of `stand_down`: for which Region; `abort` takes the mark back."""

    target: str
    abort: bool = False
    accepted: tuple[str, ...] = ()
    asked: str = ""

    def given(self) -> dict[str, Any]:
        """The execution's input."""
        return {
            "target": self.target,
            "abort": self.abort,
            "accepted": list(self.accepted),
            "asked": self.asked,
        }


def failover_request(raw: Any) -> FailoverRequest:
    """Read an execution's input. InvalidRecordError: what is wrong with it, for people."""
    given = input_object(raw, {"mode", "accepted", "asked"})
    try:
        mode = FailoverMode(given.get("mode", ""))
    except ValueError:
        raise InvalidRecordError("`mode` is neither planned nor outage") from None
    return FailoverRequest(mode, accepted_in(given), _asked(given))


def stand_down_request(raw: Any) -> StandDownRequest:
    """The same of `stand_down`."""
    given = input_object(raw, {"target", "abort", "accepted", "asked"})
    target = given.get("target")
    if not isinstance(target, str) or not _REGION.fullmatch(target):
        raise InvalidRecordError("`target` is not the name of a Region")
    abort = flags_in(given, ["abort"])["abort"]
    return StandDownRequest(target, abort, accepted_in(given), _asked(given))


def accepted_in(given: Mapping[str, Any]) -> tuple[str, ...]:
    """The accepted checks of either input. InvalidRecordError."""
    listed: Sequence[Any] = given.get("accepted", [])
    if not isinstance(listed, list) or not all(
        isinstance(one, str) and _NAME.fullmatch(one) for one in listed
    ):
        raise InvalidRecordError("`accepted` is not a list of names")
    return tuple(listed)


def execution_name(epoch: int, attempt: int = 0) -> str:
    """Of the execution that is to claim this epoch; a later attempt has a name of its own."""
    return f"epoch-{epoch}" + (f"-{attempt}" if attempt else "")


def _asked(given: Mapping[str, Any]) -> str:
    asked = given.get("asked", "")
    if not isinstance(asked, str) or len(asked) > _ASKED:
        raise InvalidRecordError(f"`asked` is not a text of up to {_ASKED} characters")
    return asked
