"""Gap: Cognito's provisioned limits are not known.

GetProvisionedLimit and UpdateProvisionedLimit, of an account in a Region, by category. "The value
must be between the default limit and your account-level maximum limit in Service Quotas" (API
reference, UpdateProvisionedLimit).

Limits: the categories of the developer guide's table whose limit can be adjusted; Service Quotas
allows ten times the default; what is set paces nobody here.
"""

from __future__ import annotations

from typing import Any

from local.cognito_rules.refusals import CognitoError, invalid
from local.gateway import Forward
from local.protocol import Call, Reply, signed_for
from local.quotas.categories import RATES, Category

GET, UPDATE = "GetProvisionedLimit", "UpdateProvisionedLimit"
MOST = 10
"""Times the default."""
_ADJUSTABLE = (
    *(Category.USER_AUTHENTICATION, Category.USER_CREATION, Category.USER_FEDERATION),
    *(Category.USER_READ, Category.USER_TOKEN, Category.USER_RESOURCE_READ),
)


class ProvisionedLimits:
    """A layer: both operations."""

    def __init__(self) -> None:
        self._set: dict[tuple[str, str, Category], int] = {}

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Serve a limit, or let the call happen."""
        if call.operation not in (GET, UPDATE):
            return await forward(call)
        signed = signed_for(call.headers)
        if not signed:
            return Reply.refusal("NotAuthorizedException", "Unsigned")
        try:
            return Reply.of({"Limit": self._limit(call, signed[0])})
        except CognitoError as refused:
            return Reply.refusal(refused.code, refused.message)

    def _limit(self, call: Call, region: str) -> dict[str, Any]:
        definition = call.params.get("LimitDefinition") or {}
        category = _category(definition)
        default = int(RATES[category])
        if call.operation == UPDATE:
            wanted = int(call.params["RequestedLimitValue"])
            if wanted < default:
                raise invalid("The requested limit is below the default")
            if wanted > MOST * default:
                raise CognitoError("ServiceQuotaExceededException", "Above the account's maximum")
            self._set[call.account, region, category] = wanted
        return {
            "LimitDefinition": definition,
            "ProvisionedLimitValue": self._set.get((call.account, region, category), default),
            "FreeLimitValue": default,
        }


def _category(definition: Any) -> Category:
    name = definition.get("Attributes", {}).get("Category")
    if definition.get("LimitClass") != "API_CATEGORY" or name not in _ADJUSTABLE:
        raise CognitoError("ResourceNotFoundException", "There is no such limit")
    return Category(name)
