"""Twins of what keeps and makes configurations: one global table, seen from both Regions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cognito_standby.configuration.domain.document import PoolConfiguration, digest_of
from cognito_standby.configuration.domain.making import RESTORED_FROM
from cognito_standby.configuration.domain.snapshots import NoSuchSnapshotError, Snapshot, id_of
from cognito_standby.configuration.ports import Deployment, PoolGoneError
from cognito_standby.core.domain.configuration_notes import ConfigurationNote
from cognito_standby.core.domain.errors import InvalidRecordError, RefusedByPoolError, StandbyError


@dataclass
class ConfigurationTable:
    """What both Regions keep."""

    notes: dict[str, ConfigurationNote] = field(default_factory=dict)
    kept: dict[tuple[str, str], tuple[Snapshot, PoolConfiguration]] = field(default_factory=dict)
    damaged: set[tuple[str, str]] = field(default_factory=set)


@dataclass
class InMemoryConfigurationNotes:
    """ConfigurationNotes."""

    table: ConfigurationTable
    region: str

    def read(self, region: str) -> ConfigurationNote:
        return self.table.notes.get(region, ConfigurationNote())

    def keep(self, note: ConfigurationNote, instead_of: ConfigurationNote) -> bool:
        now = self.read(self.region)
        decided_by = ("looked_at", "latest", "accepted")
        if any(getattr(now, name) != getattr(instead_of, name) for name in decided_by):
            return False
        self.table.notes[self.region] = note
        return True


@dataclass
class InMemorySnapshots:
    """Snapshots."""

    table: ConfigurationTable
    region: str

    def listed(self, region: str) -> Sequence[Snapshot]:
        found = [each for (of, _), (each, _) in self.table.kept.items() if of == region]
        return sorted(found, key=lambda each: each.id, reverse=True)

    def read(self, region: str, snapshot: str) -> PoolConfiguration:
        if (region, snapshot) in self.table.damaged:
            raise InvalidRecordError(f"the snapshot {snapshot} of {region} was altered")
        try:
            return self.table.kept[region, snapshot][1]
        except KeyError:
            raise NoSuchSnapshotError(f"there is no snapshot {snapshot} of {region}") from None

    def put(self, document: PoolConfiguration, why: str) -> Snapshot:
        made = Snapshot(
            id_of(document), self.region, document.user_pool_id, digest_of(document), why
        )
        self.table.kept[self.region, made.id] = made, document
        return made

    def remove(self, snapshot: Snapshot) -> None:
        self.table.kept.pop((self.region, snapshot.id), None)


@dataclass
class Pools:
    """ConfigurationReader and PoolMaker of pools that are only documents."""

    documents: dict[str, PoolConfiguration] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    missing: set[str] = field(default_factory=set)
    domains: dict[str, str] = field(default_factory=dict)
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    new: PoolConfiguration | None = None
    """What a pool that is made looks like."""
    trouble: dict[str, StandbyError] = field(default_factory=dict)
    """Call -> what it fails with; `ListGroups` stands for the calls of a whole reading."""

    def is_there(self, user_pool_id: str) -> bool:
        self._fail("DescribeUserPool")
        return user_pool_id in self.documents

    def read(self, user_pool_id: str) -> PoolConfiguration:
        self._fail("DescribeUserPool")
        self._fail("ListGroups")
        try:
            return self.documents[user_pool_id]
        except KeyError:
            raise PoolGoneError(f"there is no pool {user_pool_id}") from None

    def made_from(self, source: str, name: str) -> str:
        for call, request in self.calls:
            told = call == "CreateUserPool" and request["PoolName"] == name
            if told and request["UserPoolTags"][RESTORED_FROM] == source:
                return "us-east-1_new000000"
        return ""

    def create_pool(self, request: Mapping[str, Any]) -> str:
        self._fail("CreateUserPool")
        self.calls.append(("CreateUserPool", request))
        assert self.new is not None
        self.documents["us-east-1_new000000"] = self.new
        return "us-east-1_new000000"

    def call(self, operation: str, user_pool_id: str, request: Mapping[str, Any]) -> str:
        assert user_pool_id in self.documents
        self._fail(operation)
        if operation in self.refused:
            raise RefusedByPoolError(f"{operation}: InvalidParameterException")
        self.calls.append((operation, request))
        return f"new-of-{request['ClientName']}" if operation == "CreateUserPoolClient" else ""

    def missing_functions(self, arns: Collection[str]) -> Sequence[str]:
        return sorted(self.missing & set(arns))

    def holder_of(self, domain: str) -> str:
        return self.domains.get(domain, "")

    def _fail(self, call: str) -> None:
        if call in self.trouble:
            raise self.trouble[call]


@dataclass
class OneDeployment:
    """Deployments."""

    began: datetime
    under_way: bool = False

    def last(self) -> Deployment:
        return Deployment(self.began, self.under_way)
