"""What the parts of a trigger need from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol


class Origins(Protocol):
    """Whose copy a user of this Region's pool is."""

    def origin_of(self, local_sub: str, seconds: float) -> str | None:
        """The origin sub that the ledger maps a local sub to, strongly read; None: it maps none.

        TimeoutError: not within so many seconds. StandbyError: it could not be read.
        """


class OwnerFunction(Protocol):
    """The function that a pool's owner had in this place, or would have."""

    def ask(self, event: Mapping[str, Any], seconds: float) -> Any:
        """Its answer, unchanged.

        OwnerFunctionError: it failed, in its own words, or did not answer within so many seconds.
        StandbyError: Lambda did not let it run.
        """


class OwnerFunctionError(Exception):
    """The owner's function refused or failed. The text is its own: Cognito shows it to the app as
    it would without us."""


class RefusedError(Exception):
    """The trigger refuses. Cognito shows the text to the app."""
