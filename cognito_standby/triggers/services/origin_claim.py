"""The part of PreTokenGeneration that claims the origin sub. It never fails a sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cognito_standby.triggers.domain.origins import Claim, Reason, claim_of
from cognito_standby.triggers.domain.token_answer import with_claim
from cognito_standby.triggers.ports import Origins
from cognito_standby.triggers.services.slots import Call, Response

SECONDS = 1.5
"""For reading the ledger, connecting included. A read takes some milliseconds; in a cold start the
connection takes some more."""
MARGIN = 0.3
"""Seconds that are left for the way back."""

Told = Callable[[Claim, str, str], None]
"""Is told what was claimed, of which local sub and, where the ledger could not be read, the class
of the error."""


@dataclass(frozen=True)
class OriginClaim:
    """Adds the claim `name`, or takes it out where the truth is not known.

    marked    the pool has the attribute `custom:origin_sub` (`domain.origins`)
    home      whom the ledger has as somebody new is so (`domain.origins`)
    pairwise  but of these providers' users (`domain.origins`)
    """

    name: str
    origins: Origins
    told: Told
    marked: bool = False
    home: bool = False
    pairwise: frozenset[str] = frozenset()

    def __call__(self, call: Call, response: Response) -> Response:
        """The response with the claim, if it can be told."""
        claim, version = self._claim(call), str(call.event.get("version", "1"))
        try:
            return with_claim(version, response, self.name, claim.origin)
        except (AttributeError, TypeError):
            return response  # the owner's answer has another shape: Cognito refuses it, not we

    def _claim(self, call: Call) -> Claim:
        claim, why = Claim("", Reason.UNREAD), ""
        try:
            claim = self._known(call)
        except Exception as error:  # noqa: BLE001 - a sign-in must not fail for the claim's sake
            why = type(error).__name__
        self.told(claim, str(call.attributes.get("sub", "")), why)
        return claim

    def _known(self, call: Call) -> Claim:
        sub = call.attributes.get("sub", "")
        if not sub:
            return claim_of({}, None, marked=self.marked)
        seconds = min(SECONDS, call.seconds_left() - MARGIN)
        if seconds <= 0:
            return Claim("", Reason.LATE)
        mapped = self.origins.origin_of(sub, seconds)
        told = call.attributes
        return claim_of(told, mapped, marked=self.marked, home=self.home, pairwise=self.pairwise)
