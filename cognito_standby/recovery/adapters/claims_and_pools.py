"""Claims and pools, from this Region's replica of the records table. Shapes: docs/data.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cognito_standby.core.adapters.batch_get import batch_get
from cognito_standby.core.adapters.items import claim_from, stood_down_from
from cognito_standby.core.domain.epochs import Claims, Installation
from cognito_standby.core.domain.roles import Active, active_of
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
        found = {
            (item["origin_sub"], item["region"]): item
            for item in batch_get(self._client, self._table, wanted, attempts=_ATTEMPTS)
        }
        claims = {region: found.get((CLAIM_KEY, region)) for region in regions}
        numbers = {
            region: claim_from(item) if item else self._installation.initial_claim(region).number
            for region, item in claims.items()
        }
        stood_down = {region: stood_down_from(item) for region, item in claims.items() if item}
        pools = {
            region: Pool.of(item.get("user_pool_id"), item.get("clients"))
            for region in regions
            if (item := found.get((POOL_KEY, region)))
        }
        return active_of(Claims(numbers), stood_down), pools
