"""The config's part about the Admin API."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from stacks.config import shapes
from stacks.config.parts import ConfigPart
from stacks.partitions import in_standard_arn

PoolArn = Annotated[str, Field(pattern=shapes.POOL_ARN), AfterValidator(in_standard_arn)]
PoolArns = Annotated[tuple[PoolArn, ...], Field(max_length=20)]


class AdminApi(ConfigPart):
    """Who may call it, and how much. Every method demands one of the two kinds of proof."""

    authorization: Literal["iam", "cognito"] = Field(
        default="iam",
        description="iam: AWS Signature Version 4, allowed by execute-api:Invoke. cognito: access "
        "tokens of the administrators' user pools, with a scope for each kind of operation.",
    )
    primary_admin_pools: PoolArns = Field(
        default=(), description="cognito: ARNs of user pools in the primary Region."
    )
    backup_admin_pools: PoolArns = Field(
        default=(), description="cognito: ARNs of user pools in the backup Region."
    )
    resource_server: str = Field(
        default="standby",
        pattern=shapes.RESOURCE_SERVER,
        description="cognito: identifier of the resource server whose scopes are asked for, such "
        "as standby/users.create.",
    )
    wait_seconds: int = Field(
        default=10,
        ge=1,
        le=20,
        description="How long a call waits for the outcome of its change before it answers 202. "
        "The gateway gives up after 29 s.",
    )
    requests_per_second: float = Field(
        default=20, gt=0, le=10_000, description="Of all callers together, in a Region."
    )
    burst: int = Field(default=40, ge=1, le=5000, description="Requests at once.")
    primary_address: str | None = Field(
        default=None,
        pattern=shapes.API_ADDRESS,
        description="Of a custom domain in the primary Region.",
    )
    backup_address: str | None = Field(
        default=None,
        pattern=shapes.API_ADDRESS,
        description="Of a custom domain in the backup Region.",
    )
    log_role: Literal["create", "existing"] = Field(
        default="create",
        description="API Gateway writes access logs by a role of the account and Region: one that "
        "is set already is kept, and else ours is set (create); or it is set already (existing).",
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        pools = (self.primary_admin_pools, self.backup_admin_pools)
        if self.authorization == "cognito" and not all(pools):
            raise ValueError("cognito needs primary_admin_pools and backup_admin_pools")
        if self.authorization == "iam" and any(pools):
            raise ValueError("admin pools are for authorization cognito")
        return self
