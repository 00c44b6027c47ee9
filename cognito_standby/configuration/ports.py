"""What the configuration's services need of the world."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from cognito_standby.configuration.domain.document import PoolConfiguration
from cognito_standby.configuration.domain.snapshots import Snapshot
from cognito_standby.core.domain.configuration_notes import ConfigurationNote


@dataclass(frozen=True)
class Deployment:
    """`began`: when the stack was last changed, or made."""

    began: datetime
    under_way: bool = False


class PoolGoneError(Exception):
    """There is no such pool, or it was deleted while it was read."""


class ConfigurationReader(Protocol):
    """Reads pools of one Region."""

    def read(self, user_pool_id: str) -> PoolConfiguration:
        """All that is set up in a pool, without a secret. PoolGoneError."""
        ...


class ConfigurationNotes(Protocol):
    """What each Region keeps in mind, as this Region's replica of the global table shows it."""

    def read(self, region: str) -> ConfigurationNote:
        """An empty note where there is none."""
        ...

    def keep(self, note: ConfigurationNote, instead_of: ConfigurationNote) -> bool:
        """This Region's own. False: it is not any more as it was read."""
        ...


class Snapshots(Protocol):
    """The snapshots of both Regions, as this Region's replica of the global table shows them."""

    def listed(self, region: str) -> Sequence[Snapshot]:
        """All of a Region's, the newest first."""
        ...

    def read(self, region: str, snapshot: str) -> PoolConfiguration:
        """NoSuchSnapshotError: it is not there, or not yet whole. NewerDocumentError."""
        ...

    def put(self, document: PoolConfiguration, why: str) -> Snapshot:
        """Keep one of this Region's pool. The same one twice is once."""
        ...

    def remove(self, snapshot: Snapshot) -> None:
        """One of this Region's."""
        ...


class Deployments(Protocol):
    """Deployments of the installation's stack in this Region."""

    def last(self) -> Deployment:
        """The last one."""
        ...


class PoolMaker(Protocol):
    """Makes pools in one Region, and what belongs to them."""

    def is_there(self, user_pool_id: str) -> bool:
        """Whether this account has a pool in this Region."""
        ...

    def made_from(self, source: str, name: str) -> str:
        """The id of the pool of that name whose tag says that it was made from that; "": there is
        none."""
        ...

    def create_pool(self, request: Mapping[str, Any]) -> str:
        """Its id."""
        ...

    def call(self, operation: str, user_pool_id: str, request: Mapping[str, Any]) -> str:
        """One call about the pool; the id of what was made, where it has one. PermanentError: it is
        refused."""
        ...

    def missing_functions(self, arns: Collection[str]) -> Sequence[str]:
        """Those that are not there, or that may not be looked at."""
        ...

    def holder_of(self, domain: str) -> str:
        """The pool that has a domain, of this account; "": nobody that can be seen."""
        ...
