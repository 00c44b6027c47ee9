"""The config's part about the day itself."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from stacks.config.parts import ConfigPart, Principal


class Failover(ConfigPart):
    """What a failover does beside turning the roles, and how apps learn of it."""

    dr_principals: tuple[Principal, ...] = Field(
        default=(),
        max_length=10,
        description="ARNs of the roles and users that may assume the role for failovers, "
        "`<installation>-dr-<Region>`. None: whoever the account's own policies let, which is "
        "administrators until somebody is given `sts:AssumeRole` on it.",
    )
    drill_principals: tuple[Principal, ...] = Field(
        default=(),
        max_length=10,
        description="The same of the role for rehearsals (the stack's output `DrillRoleArn`), "
        "which `standby drill` assumes.",
    )
    public_document: Literal["on", "off"] = Field(
        default="on",
        description="Each Region serves a small document that says which Region, pool and app "
        "clients are active. Apps read it without credentials.",
    )
    document_requests_per_second: float = Field(
        default=50,
        gt=0,
        le=5_000,
        description="Of all readers together, in a Region; more are refused, and cost nothing.",
    )
    document_burst: int = Field(default=100, ge=1, le=5_000, description="Readers at once.")
    arc_region_switch: bool = Field(
        default=False,
        description="Make the function that custom actions of ARC Region switch call. Whoever may "
        "call it can fail over.",
    )
    authentication_limit: int | None = Field(
        default=None,
        ge=120,
        le=100_000,
        description="Sign-ins a second that the account is provisioned for in the backup Region "
        "while that is the active one; put back afterwards. Billed while it is raised, and not for "
        "pools with managed login. null: the limit is left alone.",
    )
