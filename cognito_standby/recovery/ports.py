"""What the machines of a failover need of their Region, as Protocols.

Every method may raise ThrottledError, ServiceUnavailableError or MisconfiguredError; the others
are named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.recovery.domain.standing import ClaimItem, Standing, Tally


class ClaimItems(Protocol):
    """The partition `#claim` of this Region's replica; reads are strongly consistent there."""

    def standing(self) -> Standing:
        """Both items. InvalidRecordError: one has not the documented shape."""

    def put(self, item: ClaimItem, instead_of: ClaimItem | None) -> bool:
        """Write this Region's own item in place of the one that was read; None: there was none.
        False: another one is there by now."""


@dataclass(frozen=True)
class SurveyPage:
    """A part of the records.

    tallies  Region -> what it wrote, of this part
    highest  of all epochs in this part; None: it had no record
    after    where to go on; "": that was all
    """

    tallies: Mapping[str, Tally]
    highest: Epoch | None
    after: str = ""


class RecordSurvey(Protocol):
    """Every record of this Region's replica, for what it says besides a state."""

    def page(self, after: str) -> SurveyPage:
        """One part, strongly consistent. InvalidRecordError: nothing can go on from `after`."""


class Activity(Protocol):
    """What is under way in this Region."""

    def running(self) -> int:
        """Executions that capture or replay, those in the line of replays included; counted up to
        1,000 of each machine."""

    def parked_hints(self) -> int:
        """Hints in the parking queue, about."""

    def letters(self) -> int:
        """Dead letters, about."""


@dataclass(frozen=True)
class RunLook:
    """A reconciliation as it is seen.

    going  it has not ended
    held   another run held the pool, so that this one ended at once
    clean  nothing was left, and everything was compared
    why    its verdict, or how it failed
    """

    going: bool
    held: bool = False
    clean: bool = False
    why: str = ""


class Reconciliations(Protocol):
    """The machine `reconcile_pool` of this Region."""

    def look(self, run: str) -> RunLook | None:
        """A run by its id; None: there is none yet."""

    def start(self, run: str) -> None:
        """Start it as a person would. The same twice is once."""
