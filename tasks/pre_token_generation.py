"""PreTokenGeneration trigger: the owner's part, the fence, then the claim of the origin sub. In a
pool that is filled on demand, whoever was just made is bound before, or gets no token yet.

Event: "Pre token generation Lambda trigger", Amazon Cognito Developer Guide; versions 1 to 3. It is
asked for every sign-in and every renewed session. Nothing of ours fails one but the fence: where
the origin sub cannot be told within its time, the token goes without the claim, and apps refuse it
(docs/apps.md).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.adapters import trigger_clients
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.domain.subjects import digest
from cognito_standby.core.settings import FilledSettings
from cognito_standby.triggers.adapters.origins import CLIENT, DynamoOrigins
from cognito_standby.triggers.domain.origins import Claim, Reason
from cognito_standby.triggers.services.binding import BindFirst
from cognito_standby.triggers.services.origin_claim import OriginClaim
from cognito_standby.triggers.services.slots import Part, Slot
from cognito_standby.triggers.settings import ElsewhereSettings, SlotSettings, TokenSettings
from tasks.fence import RESERVED, counting, fences
from tasks.trigger_slot import call_of, owner_of, tell

_COUNTED = {
    Reason.MAPPED: Metric.CLAIMS_ADDED,
    Reason.BORN_HERE: Metric.CLAIMS_ADDED,
    Reason.NOT_CAPTURED: Metric.CLAIMS_WITHHELD,
    Reason.NOT_BOUND: Metric.CLAIMS_WITHHELD,
    Reason.FEDERATED: Metric.CLAIMS_WITHHELD,
    Reason.UNREAD: Metric.CLAIMS_UNREAD,
    Reason.LATE: Metric.CLAIMS_UNREAD,
}


def handler(event: dict[str, Any], context: object) -> Any:
    """Answer with the claim where it is known. StandsByError, OwnerFunctionError."""
    asked = call_of(event, context)
    return counting(
        Metric.TOKENS_REFUSED, "pre_token_generation", event, lambda: _slot().answer(asked)
    )


def _tell(claim: Claim, local_sub: str, error: str) -> None:
    if metric := _COUNTED.get(claim.reason):
        user = digest(claim.origin or local_sub)
        tell(f"pre_token_generation: {claim.reason}", {metric: 1}, user=user, error=error)


@cache
def _slot() -> Slot:
    parts = SlotSettings.from_env().parts
    elsewhere = ElsewhereSettings.providers()
    claim = OriginClaim(
        *(parts.origin_sub_claim, _Ledger(), _tell, parts.marked, parts.home, elsewhere)
    )
    guards = (*fences(marked=parts.marked), *_binders())
    ours = (claim,) if claim.name else ()
    return Slot(ours, owner_of(parts.owner_function), RESERVED, guards)


def _binders() -> tuple[Part, ...]:
    if not FilledSettings.on_demand():
        return ()
    from tasks.on_demand import bind  # noqa: PLC0415 - writing to the ledger costs a cold start

    return (BindFirst(_Ledger(), bind),)


class _Ledger:
    """Connected to where it is read: whatever is wrong then costs the claim, not the sign-in."""

    def origin_of(self, local_sub: str, seconds: float) -> str | None:
        return _origins().origin_of(local_sub, seconds)


@cache
def _origins() -> DynamoOrigins:
    client = trigger_clients.of("dynamodb", CLIENT)
    return DynamoOrigins(client, TokenSettings.from_env().ledger_table)
