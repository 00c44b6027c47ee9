"""Claims and pools, from this Region's replica of the records table. Shapes: docs/data.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import active_from
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.roles import Active
from cognito_standby.core.domain.subjects import CLAIM_KEY, POOL_KEY
from cognito_standby.recovery.domain.active_pool import Pool

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ATTEMPTS = 3


class DynamoClaimsAndPools:
    """ClaimsAndPools."""

    def __init__(self, client: DynamoDBClient, table_name: str, installation: Installation) -> None:
        self._client, self._table, self._installation = client, table_name, installation

    def read(self) -> tuple[Active, Mapping[str, Pool]]:
        """One consistent BatchGetItem."""
        regions = (self._installation.primary, self._installation.backup)
        wanted = [
            {"origin_sub": key, "region": region}
            for key in (CLAIM_KEY, POOL_KEY)
            for region in regions
        ]
        found = batch_get(self._client, self._table, wanted, attempts=_ATTEMPTS)
        claims = {item["region"]: item for item in found if item["origin_sub"] == CLAIM_KEY}
        active = active_from(claims, self._installation)
        pools = {
            item["region"]: Pool.of(item.get("user_pool_id"), item.get("clients"))
            for item in found
            if item["origin_sub"] == POOL_KEY
        }
        return active, pools
