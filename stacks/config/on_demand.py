"""Pools that are filled on demand: whoever is in the records is made when they first come."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from stacks.config import shapes
from stacks.config.parts import ConfigPart


class OldPool(ConfigPart):
    """The pool that people come from, while it lives and lets them in."""

    user_pool_id: str = Field(pattern=shapes.POOL_ID, description="Its id. In any Region.")
    client_id: str = Field(
        pattern=shapes.CLIENT_ID,
        description="An app client of it without a secret that allows ADMIN_USER_PASSWORD_AUTH, "
        "and nothing else: no app needs it.",
    )


class OnDemand(ConfigPart):
    """A pool that can be empty until it is needed.

    Whoever was never in it is made when they first sign in with a password that their former pool
    takes, or when they forgot theirs (docs/on-demand.md). Nobody is made there by replays.
    """

    primary: bool = Field(default=False, description="The primary Region's pool is such a one.")
    backup: bool = Field(default=False, description="The backup Region's pool is such a one.")
    primary_old_pool: OldPool | None = Field(
        default=None,
        description="Who is asked whether a password is right, where the primary Region's pool is "
        "such a one. null: nobody, so that people come by forgot password alone.",
    )
    backup_old_pool: OldPool | None = Field(
        default=None, description="The same of the backup Region's pool."
    )
    concurrency: int | None = Field(
        default=None,
        ge=1,
        le=100_000,
        description="Lambda concurrency reserved for the UserMigration trigger in each Region, a "
        "floor and a cap. null: none. It is asked about every name that the pool does not know, "
        "so a cap keeps guesses from taking the account's concurrency.",
    )

    def fills(self, *, primary: bool) -> bool:
        """Whether one of the Regions' pools is filled on demand."""
        return self.primary if primary else self.backup

    def old_pool(self, *, primary: bool) -> OldPool | None:
        """Who is asked there."""
        return self.primary_old_pool if primary else self.backup_old_pool


def check_on_demand(told: OnDemand, pools: Mapping[str, str | None]) -> None:
    """ValueError: a former pool where nobody is awaited, or one that is the pool itself.

    pools  "primary", "backup" -> the id of an existing pool
    """
    for side, own in pools.items():
        primary = side == "primary"
        old = told.old_pool(primary=primary)
        if old is None:
            continue
        if not told.fills(primary=primary):
            raise ValueError(f"on_demand.{side}_old_pool is for on_demand.{side}: true")
        if old.user_pool_id == own:
            raise ValueError(f"on_demand.{side}_old_pool is the pool that is to be filled")
