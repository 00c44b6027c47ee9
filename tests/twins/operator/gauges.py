"""Twins of the stream, the archive and the gauges: they say what a test tells them to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.operator.ports import Attention, Lag, ReplayProgress
from tests.twins.operator.operations import Switch


class InMemoryStreamRecords:
    """StreamRecords: `written` maps a sequence number to the key that was written there."""

    def __init__(self, written: Mapping[int, str], switch: Switch | None = None) -> None:
        self.written, self._switch = dict(written), switch or Switch()

    def keys(self, stream_arn: str, shard_id: str, first: str, last: str) -> Sequence[str]:
        """The keys of a range; empty when its begin is gone."""
        del stream_arn, shard_id
        self._switch.check()
        if not (first.isdecimal() and last.isdecimal()) or int(first) not in self.written:
            return ()
        found = {
            self.written[n]: None for n in sorted(self.written) if int(first) <= n <= int(last)
        }
        return list(found)


class InMemoryArchive:
    """EventArchive: each question for progress answers with the next of `answers`."""

    def __init__(self, answers: Sequence[ReplayProgress], switch: Switch | None = None) -> None:
        self._answers, self._switch = list(answers), switch or Switch()
        self.started: list[tuple[str, datetime, datetime]] = []

    def start(self, name: str, since: datetime, until: datetime) -> None:
        """Note what is to be replayed. MisconfiguredError: the name is taken."""
        self._switch.check()
        if any(known == name for known, _, _ in self.started):
            raise MisconfiguredError("StartReplay: ResourceAlreadyExistsException")
        self.started.append((name, since, until))

    def progress(self, name: str) -> ReplayProgress:
        """The next answer; the last one for ever."""
        del name
        self._switch.check()
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


class InMemoryGauges:
    """Gauges: set the fields."""

    def __init__(self, switch: Switch | None = None) -> None:
        self._switch = switch or Switch()
        self.parked: int | None = 0
        self.rows: Attention | None = Attention({})
        self.listed: Attention | None = Attention({})
        self.measured: Lag | None = None
        self.canary_lag: float | None = None
        self.alarming: Sequence[str] = ()

    def parked_hints(self) -> int | None:
        """As set."""
        self._switch.check()
        return self.parked

    def attention(self) -> Attention | None:
        """As set."""
        self._switch.check()
        return self.rows

    def conflicts(self) -> Attention | None:
        """As set."""
        self._switch.check()
        return self.listed

    def lag(self, since: datetime, until: datetime) -> Lag | None:
        """As set."""
        del since, until
        self._switch.check()
        return self.measured

    def canary(self, since: datetime, until: datetime) -> float | None:
        """As set."""
        del since, until
        self._switch.check()
        return self.canary_lag

    def alarms(self) -> Sequence[str]:
        """As set."""
        self._switch.check()
        return self.alarming
