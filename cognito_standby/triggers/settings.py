"""What the functions behind a pool's triggers are told."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.core.settings import EnvSettings


@dataclass(frozen=True)
class Parts:
    """Which parts a trigger has.

    owner_function    ARN of the owner's function; "": there is none
    origin_sub_claim  name of the claim; "": nothing is claimed
    marked            the pool is known to have the attribute `custom:origin_sub`
    home              a provider's user whom the ledger has as somebody new is so: the pool is the
                      primary's, or who comes is compared with the records
    """

    owner_function: str = ""
    origin_sub_claim: str = ""
    marked: bool = False
    home: bool = False


@dataclass(frozen=True)
class Fence:
    """By what a trigger knows the Region's role. `on`: false lets everybody in."""

    on: bool
    installation: str
    primary_region: str
    backup_region: str
    records_table: str
    ledger_table: str


@dataclass(frozen=True)
class FenceSettings(EnvSettings):
    """For the fence of every trigger but PostConfirmation; read apart from the rest, which a
    release without a fence was told alone.

    role_seconds  how long a process believes what it has seen of the role
    """

    fence: Fence
    role_seconds: float


@dataclass(frozen=True)
class SlotSettings(EnvSettings):
    """For every trigger but PostConfirmation."""

    parts: Parts


@dataclass(frozen=True)
class TokenSettings(SlotSettings):
    """For PreTokenGeneration."""

    ledger_table: str
