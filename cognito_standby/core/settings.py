"""What each function is told by its environment: frozen dataclasses, written and read here.

The stacks write an environment with `to_env`, the functions read it with `from_env`, so a name
stands in one place, and its type too: field `lease_seconds` is the variable LEASE_SECONDS, and
nobody else turns text into a number. What is written how:

    str, int, float     as they are
    a StrEnum           its value
    tuple[str, ...]     with commas in between
    a mapping, a dataclass   a JSON object

Defaults belong to the config: here every field has to be given.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any, Self, get_origin, get_type_hints

from cognito_standby.core.domain.after_failover import AfterFailover, carries_factors
from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    MisconfiguredError,
    ServiceUnavailableError,
)
from cognito_standby.core.domain.identities import FederatedWay, pairwise_in
from cognito_standby.core.domain.plain import from_plain, to_plain

BACKUP_PROFILE = "STANDBY_BACKUP_PROFILE"
"""Names the AWS profile of the backup Region's account, where that is another one: to commands and
deployments. No function has credentials of the other account."""


@dataclass(frozen=True)
class EnvSettings:
    """Fields that are environment variables."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read the settings.

        ServiceUnavailableError: one is missing or malformed; it is named. Lambda is given code and
        environment one after the other, so that for some seconds of an upgrade they are of two
        releases. That passes; and whatever machine asks, of whichever release, tries again then.
        """
        source = os.environ if environ is None else environ
        names = {field.name: field.name.upper() for field in fields(cls)}
        if missing := sorted(name for name in names.values() if not source.get(name)):
            raise ServiceUnavailableError(
                f"environment variables are missing: {', '.join(missing)}"
            )
        kinds = get_type_hints(cls)
        return cls(
            **{field: _read(kinds[field], source[name], name) for field, name in names.items()}
        )

    def to_env(self) -> dict[str, str]:
        """The environment that `from_env` reads back."""
        return {field.name.upper(): _text(getattr(self, field.name)) for field in fields(self)}


def region() -> str:
    """Where this function runs: AWS_REGION, which Lambda sets by itself. MisconfiguredError."""
    try:
        return os.environ["AWS_REGION"]
    except KeyError:
        raise MisconfiguredError("environment variables are missing: AWS_REGION") from None


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, Mapping):
        return json.dumps(dict(value))
    return json.dumps(to_plain(value)) if is_dataclass(value) else str(value)


def _read(kind: Any, text: str, name: str) -> Any:
    try:
        if get_origin(kind) is tuple:
            return tuple(text.split(","))
        if kind in (str, int, float):
            return _finite(kind(text))
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return kind(text)
        return _object(kind, json.loads(text))
    except (ValueError, RecursionError, InvalidRecordError):
        raise ServiceUnavailableError(f"the environment variable {name} is malformed") from None


def _finite(value: str | float) -> str | float:
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number to go by")
    return value


def _object(kind: Any, data: Any) -> Any:
    """Every field must be there: the dataclass's defaults are not for the environment."""
    value = from_plain(kind, data)
    if is_dataclass(value) and {each.name for each in fields(value)} != set(data):
        raise ValueError("not its fields")
    return value


def names_secret(records_table: str) -> str:
    """The name of an installation's secret, which is that of its table but for the end."""
    return records_table.removesuffix("-records") + "-names"


@dataclass(frozen=True)
class RegionsSettings(EnvSettings):
    """Both Regions, and their global table."""

    primary_region: str
    backup_region: str
    records_table: str

    @property
    def installation(self) -> Installation:
        """Both Regions."""
        return Installation(self.primary_region, self.backup_region)


@dataclass(frozen=True)
class SyncSettings(RegionsSettings):
    """For the tasks of sync_user."""

    ledger_table: str
    user_pool_id: str
    bus_name: str
    lease_seconds: int
    """How long a lease lasts."""
    group_roles: Mapping[str, str]
    """IAM roles of groups: the name that both Regions share -> the ARN here (`domain.groups`)."""
    after_failover: AfterFailover
    federated: FederatedWay
    subject_types: Mapping[str, str]
    """Of identity providers whose subject for a person is not the same in both pools."""

    def carries_factors(self, region: str) -> bool:
        """Whether replays turn on second factors in this Region."""
        return carries_factors(self.after_failover, region, primary_region=self.primary_region)

    @property
    def pairwise(self) -> frozenset[str]:
        """Those whose subjects differ by client."""
        return pairwise_in(self.subject_types)

    @property
    def names_secret(self) -> str:
        """The secret with the key of the index of names."""
        return names_secret(self.records_table)


class Filled(StrEnum):
    """How people get into a Region's pool."""

    ON_DEMAND = "on_demand"
    """Each is made when they first come."""


@dataclass(frozen=True)
class FilledSettings(EnvSettings):
    """For whoever looks at a pool that replays do not fill. Told only there: by whoever is told
    nothing the pool is taken to be filled ahead."""

    filled: Filled

    @classmethod
    def on_demand(cls) -> bool:
        """Whether this Region's pool is filled on demand. ServiceUnavailableError."""
        return "FILLED" in os.environ and cls.from_env().filled is Filled.ON_DEMAND


@dataclass(frozen=True)
class OtherAccountSettings(EnvSettings):
    """For whoever watches that the tables of two accounts replicate. Told only there."""

    other_account_region: str

    @classmethod
    def watched(cls) -> str:
        """The other account's Region; "": both are of one account."""
        return os.environ.get("OTHER_ACCOUNT_REGION", "")


@dataclass(frozen=True)
class ReplaySettings(EnvSettings):
    """What a command has to know of how replays make people; a stack tells it by an output."""

    after_failover: AfterFailover
    federated: FederatedWay
    subject_types: Mapping[str, str]


@dataclass(frozen=True)
class PlanSettings(SyncSettings):
    """For Plan Sync."""

    early_seconds: int
    """How long somebody just made may not be visible yet."""
    replay_rates: Mapping[str, float]
    """Requests a second, by category of Cognito's quotas, that replays may make together."""


@dataclass(frozen=True)
class ChangeSettings(SyncSettings):
    """For the tasks of apply_admin_change."""

    changes_table: str


@dataclass(frozen=True)
class PasswordSettings(SyncSettings):
    """For the resets before a Region opens."""

    after_failback: AfterFailback
    quota_share: float
    quotas: Mapping[str, float]
    """Of Cognito's requests a second, by category, and what the resets may use of them."""


@dataclass(frozen=True)
class ApiSettings(ChangeSettings):
    """For the Admin API."""

    wait_seconds: int
    """How long the outcome of a change is waited for."""


@dataclass(frozen=True)
class CanarySettings(SyncSettings):
    """For the canary."""

    canary_seconds: int
    """How often the canary is changed; 0: never."""


@dataclass(frozen=True)
class BusSettings(EnvSettings):
    """Where hints are published."""

    bus_name: str


@dataclass(frozen=True)
class ParkingSettings(EnvSettings):
    """Where hints wait when the bus does not take them."""

    parked_hints_url: str


@dataclass(frozen=True)
class TriggerSettings(BusSettings, ParkingSettings):
    """For the PostConfirmation trigger, which reads the two halves one by one: a broken setting
    of the bus must not take the queue with it."""


@dataclass(frozen=True)
class MembersSettings(BusSettings):
    """For the search for a group's members."""

    records_table: str


@dataclass(frozen=True)
class NoteSettings(EnvSettings):
    """For Note Failure."""

    installation_name: str
    ledger_table: str
    changes_table: str
    letter_days: int
    """How long a letter is kept, and so its marker."""

    @property
    def keep_seconds(self) -> int:
        """The same in seconds."""
        return self.letter_days * 86_400


@dataclass(frozen=True)
class SweepSettings(EnvSettings):
    """For the sweep."""

    ledger_table: str
    bus_name: str
    contain_failure_machine_arn: str
    machine_arns: tuple[str, ...]
    """Those whose failures are treated."""
    user_pool_id: str
    records_table: str
    past_tables: str
    """How the names of the tables of a time begin."""
    restore_machine_arn: str
