"""What the parts of a trigger need from outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from cognito_standby.core.domain.roles import Active, Reason
from cognito_standby.triggers.domain.vouching import Vouched


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


class StandsByError(RefusedError):
    """The Region's door is closed. The text names the Region and nobody; `reason` is for logs."""

    def __init__(self, text: str, reason: Reason) -> None:
        super().__init__(text)
        self.reason = reason


class ActiveSource(Protocol):
    """Something that says who is active."""

    def read(self, seconds: float) -> Active | None:
        """Who is active; None: it does not say.

        TimeoutError: not within so many seconds. StandbyError: it could not be read. ValueError:
        what is there has another shape.
        """


class Intents(Protocol):
    """The intents of this Region's ledger."""

    def creates(self, origin_sub: str, seconds: float) -> bool:
        """Whether a run that holds the subject's lease has noted that it makes the user.

        TimeoutError, StandbyError: as above.
        """


class OldPool(Protocol):
    """The pool that people come from, while it lives."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def region(self) -> str:
        """Where it is."""

    def let_in(self, name: str, password: str, seconds: float) -> Vouched | None:
        """Whom it lets in by a password; None: nobody, or it asks for more, as a second factor.

        TimeoutError: not within so many seconds. StandbyError: it could not be asked.
        """
