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
class SlotSettings(EnvSettings):
    """For every trigger."""

    parts: Parts


@dataclass(frozen=True)
class TokenSettings(SlotSettings):
    """For PreTokenGeneration."""

    ledger_table: str
