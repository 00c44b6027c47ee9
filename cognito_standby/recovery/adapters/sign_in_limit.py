"""Cognito's provisioned limit of the category UserAuthentication (API reference,
UpdateProvisionedLimit): of the account in this Region, all pools together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated
from cognito_standby.core.domain.errors import RefusedByPoolError

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import LimitDefinitionTypeTypeDef

CATEGORY = "UserAuthentication"
_LIMIT: LimitDefinitionTypeTypeDef = {
    "LimitClass": "API_CATEGORY",
    "Attributes": {"Category": CATEGORY},
}
_REFUSED = {"ServiceQuotaExceededException": RefusedByPoolError}
"""More than Service Quotas allows the account."""


class ProvisionedLimit:
    """SignInLimit."""

    def __init__(self, client: CognitoIdentityProviderClient) -> None:
        self._client = client

    def now(self) -> int:
        """One GetProvisionedLimit."""
        with translated():
            answer = self._client.get_provisioned_limit(LimitDefinition=_LIMIT)
        return int(answer["Limit"]["ProvisionedLimitValue"])

    def set(self, to: int) -> None:
        """One UpdateProvisionedLimit."""
        with translated(_REFUSED):
            self._client.update_provisioned_limit(LimitDefinition=_LIMIT, RequestedLimitValue=to)
