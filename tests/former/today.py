"""Where today's code has what these tests need; for names alone `published.py` knows, too.

When something moves, only these two change. The data must not: see CONTRIBUTING, "A stored shape".
"""

from __future__ import annotations

from pathlib import Path

from cognito_standby.changes.adapters.changes import DynamoChangeStore
from cognito_standby.changes.adapters.events import EventBridgeChangeBus
from cognito_standby.changes.domain.changes import ChangeKind, ChangeRequest, ChangeStatus
from cognito_standby.changes.domain.problems import GAVE_UP
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.changes.ports import Submission
from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.changes.services.snapshot import snapshot_user
from cognito_standby.changes.services.submit import ApiContext, Submitted, digest_of, submit
from cognito_standby.core.adapters.addresses import DynamoAddresses
from cognito_standby.core.adapters.erasures import DynamoErasureList
from cognito_standby.core.adapters.events import EventBridgeHintBus, SqsHintParking
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.domain.conflicts import Conflict, ConflictKind
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.erasures import key_of as erasure_key
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.ledger import Confirmation, Intent, Lease, SyncState
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.core.domain.pools import PoolGroup, UserStatus
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.failures.adapters.failures import DynamoFailureNotes
from cognito_standby.failures.adapters.sweeping import DynamoAttentionIndex
from cognito_standby.failures.domain.executions import Execution, ExecutionStatus
from cognito_standby.failures.domain.failures import Failure, Marker, MarkerStage, marker_key
from cognito_standby.operator.services.redrive_jobs import assemble
from cognito_standby.reconciliation.adapters.run_register import DynamoRunRegister
from cognito_standby.reconciliation.adapters.shard_indexes import (
    DynamoLedgerIndex,
    DynamoRecordIndex,
)
from cognito_standby.reconciliation.domain.drift_report import Answer
from cognito_standby.reconciliation.domain.file_names import WorkPhase
from cognito_standby.reconciliation.domain.reconciliation import Mode, Run
from cognito_standby.reconciliation.domain.run_request import run_request
from cognito_standby.reconciliation.domain.work_items import run_from_dict
from cognito_standby.reconciliation.ports import Question
from cognito_standby.reconciliation.services.judging import judge
from cognito_standby.reconciliation.services.listing import list_part
from cognito_standby.reconciliation.services.pool_notes import read_pool_note
from cognito_standby.reconciliation.services.report_figures import Pace
from cognito_standby.reconciliation.services.reporting import write_report
from cognito_standby.reconciliation.services.reports import find as find_report
from cognito_standby.reconciliation.services.spending import spending
from cognito_standby.replication.adapters.members import EventBridgeHintBatches
from cognito_standby.replication.services.context import SyncContext
from tasks.confirm_sync import handler as confirm_sync
from tasks.plan_sync import handler as plan_sync
from tasks.replay_memberships import handler as replay_memberships
from tasks.replay_profile import handler as replay_profile
from tests.saga.machine import Execution as ChangeExecution
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.operator.operations import InMemoryExecutions
from tests.twins.pool.accounts import Account
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.core import Snapshot
from tests.twins.pool.listing import InMemoryPoolListing
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.changes import InMemoryChangeBus
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.frozen import FrozenMap
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable, ItemKey
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.unit.operator import operator_world as operator_twin
from tests.unit.operator.operator_world import OperatorWorld
from tests.unit.reconciliation.repairs import finish, judged
from tests.unit.reconciliation.stage import Stage as Reconciliation
from tests.unit.world import Side

LETTERS = Path(operator_twin.__file__).parent / "letters.json"

__all__ = [
    "GAVE_UP",
    "LETTERS",
    "Account",
    "Answer",
    "ApiContext",
    "AttributeSpec",
    "ChangeContext",
    "ChangeExecution",
    "ChangeKind",
    "ChangePlan",
    "ChangeRequest",
    "ChangeStatus",
    "Confirmation",
    "Conflict",
    "ConflictKind",
    "Draft",
    "DynamoAddresses",
    "DynamoAttentionIndex",
    "DynamoChangeStore",
    "DynamoErasureList",
    "DynamoFailureNotes",
    "DynamoLedger",
    "DynamoLedgerIndex",
    "DynamoRecordIndex",
    "DynamoRecordStore",
    "DynamoRunRegister",
    "EventBridgeChangeBus",
    "EventBridgeHintBatches",
    "EventBridgeHintBus",
    "Execution",
    "ExecutionStatus",
    "Failure",
    "FrozenMap",
    "GlobalTable",
    "Hint",
    "InMemoryChangeBus",
    "InMemoryExecutions",
    "InMemoryHintBus",
    "InMemoryLedger",
    "InMemoryPoolListing",
    "InMemoryRunFiles",
    "InMemoryUserDirectory",
    "Installation",
    "Intent",
    "ItemKey",
    "Lease",
    "ManualClock",
    "Marker",
    "MarkerStage",
    "Mode",
    "NumberedPasswords",
    "OperatorWorld",
    "Pace",
    "PoolConfig",
    "PoolGroup",
    "Question",
    "Reconciliation",
    "Run",
    "Side",
    "Snapshot",
    "SqsHintParking",
    "StrictPool",
    "Subject",
    "Submission",
    "Submitted",
    "SyncContext",
    "SyncState",
    "UserStatus",
    "WorkPhase",
    "assemble",
    "confirm_sync",
    "digest_of",
    "erasure_key",
    "find_report",
    "finish",
    "judge",
    "judged",
    "list_part",
    "marker_key",
    "operator_twin",
    "plan_sync",
    "read_pool_note",
    "replay_memberships",
    "replay_profile",
    "run_from_dict",
    "run_request",
    "snapshot_user",
    "spending",
    "submit",
    "to_plain",
    "write_report",
]
