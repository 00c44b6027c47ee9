"""What UserMigration may do with pools."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.config.on_demand import OldPool
from stacks.permissions.arrivals import of_pools


class ArrivalRights(Construct):
    """A policy beside the role's own: the pool is made after the function that it asks, which must
    not wait for it. It is also what keeps the function from answering another pool of the account:
    of that one it may read nothing, so nobody is made.
    """

    def __init__(
        self, scope: Construct, role: iam.Role, *, user_pool: str, old_pool: OldPool | None
    ) -> None:
        super().__init__(scope, "Arrivals")
        old = self._arn(old_pool.user_pool_id) if old_pool else None
        iam.Policy(self, "Policy", roles=[role], statements=of_pools(user_pool, old))

    def _arn(self, pool_id: str) -> str:
        return Stack.of(self).format_arn(
            service="cognito-idp",
            region=pool_id.partition("_")[0],
            resource="userpool",
            resource_name=pool_id,
        )
