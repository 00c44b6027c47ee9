"""A Region's context for exports and imports, from its stack's outputs."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.erasures import DynamoErasureList
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.password_items import DynamoPasswordNotes
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import RandomPasswords, SystemClock
from cognito_standby.core.domain.after_failover import AfterFailover, carries_factors
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.identities import FederatedWay, pairwise_in
from cognito_standby.core.domain.ledger import LEASE_SECONDS
from cognito_standby.core.settings import ReplaySettings
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.operator.adapters.installation import Outputs, machines_of, pair_of
from cognito_standby.reconciliation.adapters.shard_indexes import DynamoRecordIndex
from cognito_standby.recovery.adapters.import_jobs import CognitoImportPool
from cognito_standby.recovery.adapters.transfer_files import BucketFiles, FolderFiles
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferFiles
from cognito_standby.replication.services.context import SyncContext


def open_transfer(
    connection: Connection,
    outputs: Outputs,
    other_region: str,
    folder: Path | None = None,
    pause: Callable[[float], None] = time.sleep,
) -> TransferContext:
    """`folder`: keep the files there, not in the bucket. MisconfiguredError: an output is
    missing."""
    try:
        return _context(connection, outputs, other_region, folder, pause)
    except KeyError as error:
        raise MisconfiguredError(f"the stack has no output {error}") from None


def _context(
    connection: Connection,
    outputs: Outputs,
    other: str,
    folder: Path | None,
    pause: Callable[[float], None],
) -> TransferContext:
    region, pool, clock = outputs["Region"], outputs["UserPoolId"], SystemClock()
    pair = pair_of(outputs, other)
    dynamodb = connection.client("dynamodb", region)
    cognito = connection.client("cognito-idp", region)
    replays = _replays(outputs)
    records, ledger = outputs["RecordsTable"], outputs["LedgerTable"]
    sync = SyncContext(
        region=region,
        user_pool_id=pool,
        directory=CognitoUserDirectory(
            cognito,
            pool,
            carries_factors=carries_factors(
                replays.after_failover, region, primary_region=pair.primary
            ),
            pairwise=pairwise_in(replays.subject_types),
        ),
        records=DynamoRecordStore(dynamodb, records, region, pair),
        ledger=DynamoLedger(dynamodb, ledger, clock, LEASE_SECONDS, pool),
        bus=EventBridgeHintBus(connection.client("events", region), outputs["BusName"]),
        clock=clock,
        passwords=RandomPasswords(),
        federated=replays.federated,
        erasures=DynamoErasureList(dynamodb, (records, ledger), region, pair, clock),
    )
    bucket: TransferFiles = BucketFiles(connection.client("s3", region), outputs["ReconcileBucket"])
    files = FolderFiles(folder) if folder is not None else bucket
    return TransferContext(
        sync=sync,
        index=DynamoRecordIndex(dynamodb, records),
        pool=CognitoImportPool(cognito, connection.client("logs", region), pool),
        passwords_set=DynamoPasswordNotes(dynamodb, records, region, pair),
        files=files,
        notes=bucket,
        machine=SfnExecutions(connection.client("stepfunctions", region), machines_of(outputs)),
        pause=pause,
    )


def _replays(outputs: Outputs) -> ReplaySettings:
    """How replays of the stack make people. A stack of a release before tells nothing; there, as
    configured by default: its replays decide anyway."""
    if (told := outputs.get("ReplaySettings")) is None:
        return ReplaySettings(AfterFailover.RESET, FederatedWay.ON_SIGN_IN, {})
    return ReplaySettings.from_env(json.loads(told))
