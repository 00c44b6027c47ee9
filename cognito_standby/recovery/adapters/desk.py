"""A Region's desk on AWS: its machines, and what `standby status` does not show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.table_replication import read_replication
from cognito_standby.core.domain.absence import unsettled
from cognito_standby.core.domain.errors import MisconfiguredError, StandbyError
from cognito_standby.core.domain.table_replication import TableReplication
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, machines_of, open_context
from cognito_standby.operator.services.accept_table import tables_of
from cognito_standby.operator.services.context import OperatorContext
from cognito_standby.recovery.adapters.machines import SfnMachine
from cognito_standby.recovery.adapters.past_tables import recovery_of
from cognito_standby.recovery.domain.checks import World
from cognito_standby.recovery.domain.requests import FAIL_OVER, STAND_DOWN
from cognito_standby.recovery.services.desk import Desk

T = TypeVar("T")


@dataclass(frozen=True)
class AwsWorld:
    """Looks at what a failover asks besides; each part by itself, so that one that cannot be read
    does not hide the others."""

    context: OperatorContext
    dynamodb: Any
    directory: CognitoUserDirectory
    records_table: str
    other_account_region: str = ""
    """The other Region, where its table is of another account."""

    def __call__(self) -> World:
        """DescribeTable, DescribeContinuousBackups, ListPointInTimeRecoveries; GetItem twice."""
        notes = _or_none(self.context.ledger.region_notes)
        tables = _or_none(lambda: tables_of(self.context))
        recoveries = _or_none(self.directory.recoveries)
        return World(
            table_confirmed=None if tables is None else not tables.differ,
            table_recovery=_or_none(
                lambda: recovery_of(self.dynamodb, self.records_table) is not None
            ),
            pool_recoveries=None
            if recoveries is None or notes is None
            else tuple(each.id for each in unsettled(recoveries, notes)),
            two_accounts=bool(self.other_account_region),
            replication=self._replication(),
        )

    def _replication(self) -> TableReplication | None:
        other = self.other_account_region
        if not other:
            return None
        return _or_none(lambda: read_replication(self.dynamodb, self.records_table, other))


def _or_none(look: Callable[[], T]) -> T | None:
    try:
        return look()
    except StandbyError:
        return None


def open_desk(connection: Connection, outputs: Outputs, other_region: str) -> Desk:
    """A Region's desk. MisconfiguredError: the stack is of a release without these machines."""
    machines = machines_of(outputs)
    if FAIL_OVER not in machines or STAND_DOWN not in machines:
        raise MisconfiguredError("its stack cannot fail over: deploy this release first")
    context = open_context(connection, outputs, other_region)
    region, states = context.region, connection.client("stepfunctions", context.region)
    directory = CognitoUserDirectory(
        connection.client("cognito-idp", region), outputs["UserPoolId"]
    )
    return Desk(
        context,
        SfnMachine(states, machines[FAIL_OVER]),
        SfnMachine(states, machines[STAND_DOWN]),
        AwsWorld(
            *(context, connection.client("dynamodb", region), directory, outputs["RecordsTable"]),
            other_account_region=other_region if connection.beside is not None else "",
        ),
    )
