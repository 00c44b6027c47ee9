"""What the functions behind a pool's triggers are told."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass

from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.sign_in_names import SignInNames
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


def patience() -> float:
    """How many times as long as on AWS the fence's looks may take, and one answer of the owner's
    function: 1. More is said by the local AWS, on whose machine all of an installation runs at
    once, and by no template.
    MisconfiguredError: it is no number."""
    try:
        return float(os.environ.get("FENCE_PATIENCE", "1"))
    except ValueError:
        raise MisconfiguredError("the variable FENCE_PATIENCE is malformed") from None


@dataclass(frozen=True)
class SlotSettings(EnvSettings):
    """For every trigger but PostConfirmation."""

    parts: Parts


@dataclass(frozen=True)
class OwnerSettings(EnvSettings):
    """For PostConfirmation, where an owner's function is asked."""

    owner_function: str

    @classmethod
    def function(cls) -> str:
        """Its ARN; "": there is none."""
        return cls.from_env().owner_function if os.environ.get("OWNER_FUNCTION") else ""


def owner_told(environ: Mapping[str, str]) -> str:
    """The owner's function that a trigger with this environment asks, whichever trigger it is and
    whichever release deployed it; "": none. MisconfiguredError: it cannot be read."""
    try:
        parts = json.loads(environ.get("PARTS") or "{}")
        return str(parts.get("owner_function") or environ.get("OWNER_FUNCTION") or "")
    except (ValueError, AttributeError):
        raise MisconfiguredError("the variable PARTS is malformed") from None


@dataclass(frozen=True)
class TokenSettings(SlotSettings):
    """For PreTokenGeneration."""

    ledger_table: str


@dataclass(frozen=True)
class ElsewhereSettings(EnvSettings):
    """For PreTokenGeneration in the backup Region, where the config names such providers."""

    subject_types: Mapping[str, str]
    """Of providers by which the primary's pool may know the same person as somebody else."""

    @classmethod
    def providers(cls) -> frozenset[str]:
        """Their names; none where nothing is told."""
        told = "SUBJECT_TYPES" in os.environ
        return frozenset(cls.from_env().subject_types if told else ())


@dataclass(frozen=True)
class OldPool:
    """The pool that people come from. Both empty: there is none."""

    user_pool_id: str = ""
    client_id: str = ""

    @property
    def region(self) -> str:
        """As its id begins."""
        return self.user_pool_id.partition("_")[0]


@dataclass(frozen=True)
class OldPoolSettings(EnvSettings):
    """For UserMigration."""

    old_pool: OldPool


@dataclass(frozen=True)
class SignInSettings(EnvSettings):
    """For PreSignUp of a created pool that is filled on demand. Told of no existing pool, which may
    differ from what the config says of created ones."""

    sign_in: SignInNames

    @classmethod
    def told(cls) -> SignInNames | None:
        """By what people sign in; None: the pool knows. MisconfiguredError."""
        return cls.from_env().sign_in if "SIGN_IN" in os.environ else None
