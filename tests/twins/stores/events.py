"""The hint bus and the parking queue, with a switch to make them fail."""

from __future__ import annotations

from cognito_standby.core.domain.errors import RetryableError, ServiceUnavailableError
from cognito_standby.core.domain.hints import Hint

Snapshot = tuple[tuple[Hint, ...], int]


class _Taker:
    """Takes hints, until it is told to fail."""

    def __init__(self) -> None:
        self.hints: tuple[Hint, ...] = ()
        self._failures = 0
        self._error: RetryableError = ServiceUnavailableError("the service did not take it")

    def fail(self, times: int = 1, error: RetryableError | None = None) -> None:
        """Fail the next calls; -1: every call from now on; 0: no more."""
        self._failures = times
        self._error = error or ServiceUnavailableError("the service did not take it")

    def take(self, hint: Hint) -> None:
        """Remove one hint, as a consumer that has dealt with it."""
        left = list(self.hints)
        left.remove(hint)
        self.hints = tuple(left)

    def snapshot(self) -> Snapshot:
        """The state, hashable."""
        return self.hints, self._failures

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state."""
        self.hints, self._failures = snapshot

    def _accept(self, hint: Hint) -> None:
        if self._failures:
            self._failures -= 1
            raise self._error
        # What travels is the event detail, so a hint that could not be read back is found here.
        self.hints = (*self.hints, Hint.from_dict(hint.to_dict()))


class InMemoryHintBus(_Taker):
    """HintBus: `hints` are those published and not yet taken."""

    def publish(self, hint: Hint) -> None:
        """Put one hint on the bus. ServiceUnavailableError: it was not taken."""
        self._accept(hint)


class InMemoryHintParking(_Taker):
    """HintParking: `hints` are those parked and not yet taken."""

    def park(self, hint: Hint) -> None:
        """Put one hint into the queue."""
        self._accept(hint)
