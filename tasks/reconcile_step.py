"""What the tasks of `reconcile_pool` share: the run, its world, and whether it holds the pool.

Input of every step but the first: {"run": run_to_dict(...)}; of the children of a Distributed Map
also {"item": one of the items file, "width": how many children work at once}. Answers are tiny:
a Distributed Map collects them, and what is collected may have 256 KiB.
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.addresses import DynamoAddresses
from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.password_items import DynamoPasswordNotes
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.errors import LeaseHeldError
from cognito_standby.core.ports import HintBus
from cognito_standby.core.settings import FilledSettings
from cognito_standby.core.settings import region as own_region
from cognito_standby.failures.adapters.executions import SfnExecutions
from cognito_standby.reconciliation.adapters.listing import CognitoPoolListing
from cognito_standby.reconciliation.adapters.pacing import SharePacer, shares
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles
from cognito_standby.reconciliation.adapters.run_register import DynamoRunRegister
from cognito_standby.reconciliation.adapters.shard_indexes import (
    DynamoLedgerIndex,
    DynamoRecordIndex,
    DynamoWholeRecords,
)
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.domain.work_items import WorkPlan, run_from_dict
from cognito_standby.reconciliation.ports import Pacer
from cognito_standby.reconciliation.services.context import ReconcileContext, RunSettings, Witnesses
from cognito_standby.reconciliation.services.report_figures import Pace
from cognito_standby.reconciliation.settings import ReconcileSettings

RESERVE_SECONDS = 30.0
"""Kept of a function's time for what is under way when the worker looks at it: a pause of the
pacer, and a call that hangs, with its repetition. The steps keep more for what they write."""


def run_of(event: dict[str, Any]) -> Run:
    """The run that a step belongs to. InvalidRecordError."""
    return run_from_dict(event.get("run"))


def world(event: dict[str, Any], context: object) -> ReconcileContext:
    """Everything a step needs, with its share of the quotas and its deadline.

    MisconfiguredError.
    """
    return replace(_world(), pacer=pacer_of(event, context))


def pacer_of(event: dict[str, Any], context: object) -> Pacer:
    """This worker's share of the quotas. Lambda's context says how long the function may run."""
    own = settings()
    rates = shares(own.quotas, own.quota_share, int(event.get("width", 1)))
    left: float = context.get_remaining_time_in_millis() / 1000  # type: ignore[attr-defined]
    return SharePacer(
        rates,
        deadline=time.monotonic() + left - RESERVE_SECONDS,
        now=time.monotonic,
        sleep=time.sleep,
    )


def hold(ctx: ReconcileContext, run: Run) -> None:
    """Go on only while this run holds the pool: a redriven run may find that another one has begun.

    LeaseHeldError: another one has. The machine waits some minutes, then fails in place.
    """
    if ctx.register.open(run).execution != run.execution:
        raise LeaseHeldError("another run holds the pool")


def planned(plan: WorkPlan, number: int) -> dict[str, Any]:
    """What the machine routes by: whether anything is left, where it is, and how many workers run
    at once."""
    return {
        "done": plan.done,
        "items_file": plan.items_file,
        "width": plan.width(settings().concurrency),
        "round": number,
    }


def pace() -> Pace:
    """The quotas and the share of them that the run may use, with which the report compares its
    use."""
    own = settings()
    memory = int(os.environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024")) / 1024
    return Pace(own.quota_share, own.quotas, memory)


@cache
def bus() -> HintBus:
    """Where hints are published."""
    return EventBridgeHintBus(clients.events(), settings().bus_name)


@cache
def settings() -> ReconcileSettings:
    """The environment. MisconfiguredError."""
    return ReconcileSettings.from_env()


@cache
def _world() -> ReconcileContext:
    """The world without a worker's share of the quotas, which is made anew for every call."""
    own, region, clock = settings(), own_region(), SystemClock()
    dynamodb, executions = clients.dynamodb(), SfnExecutions(clients.stepfunctions(), {})
    pool = clients.cognito()
    store = DynamoRecordStore(dynamodb, own.records_table, region, own.installation)
    return ReconcileContext(
        region=region,
        user_pool_id=own.user_pool_id,
        listing=CognitoPoolListing(pool, own.user_pool_id, own.group_roles),
        records=DynamoRecordIndex(dynamodb, own.records_table),
        ledger=DynamoLedgerIndex(dynamodb, own.ledger_table),
        claims=store,
        regions=DynamoAddresses(dynamodb, own.records_table, own.installation),
        files=S3RunFiles(clients.s3(), own.run_bucket),
        register=DynamoRunRegister(dynamodb, own.ledger_table, clock, executions),
        clock=clock,
        pacer=SharePacer({}, deadline=0.0, now=time.monotonic, sleep=time.sleep),
        witnesses=Witnesses(
            CognitoUserDirectory(pool, own.user_pool_id),
            store,
            DynamoLedger(dynamodb, own.ledger_table, clock, own.lease_seconds, own.user_pool_id),
        ),
        settings=RunSettings.of(own),
        after_failover=own.after_failover if region == own.backup_region else "",
        federated=own.federated,
        whole=DynamoWholeRecords(dynamodb, own.records_table, region, own.installation)
        if FilledSettings.on_demand()
        else None,
        pairwise=own.pairwise,
        passwords_set=DynamoPasswordNotes(dynamodb, own.records_table, region, own.installation),
        after_failback=own.after_failback,
    )
