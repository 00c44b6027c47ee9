"""Reset Changed Passwords: before this Region opens, whoever set a password in the other one gets
an unknown one here, and loses their sessions.

Input: {"holder": execution ARN and redrive count, "progress": null, or what this task answered
last, "since": null, or the number of this Region's claim before it opened, where it is open}.
Answer: {"done": bool, "progress": {"since", "shard", "counts": outcome -> people}}.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.password_items import DynamoPasswordNotes
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import RandomPasswords, SystemClock
from cognito_standby.core.domain.errors import InvalidRecordError
from cognito_standby.core.domain.plain import to_plain
from cognito_standby.core.domain.subjects import Subject, digest
from cognito_standby.core.settings import PasswordSettings
from cognito_standby.core.settings import region as own_region
from cognito_standby.reconciliation.adapters.pacing import SharePacer, shares
from cognito_standby.reconciliation.domain.reconciliation import SHARDS
from cognito_standby.reconciliation.ports import Pacer
from cognito_standby.recovery.adapters.password_resets import CognitoSessions, DynamoResetNotes
from cognito_standby.recovery.domain.changed_passwords import Outcome, progress_from
from cognito_standby.recovery.services.changed_passwords import begin, reset_changed
from cognito_standby.recovery.services.password_ports import ResetContext
from tasks.reporting import counted, report
from tasks.sync_step import text_of

RESERVE_SECONDS = 60.0
"""Kept of the function's time for the person who is looked at when it ends."""


@cache
def settings() -> PasswordSettings:
    """The environment. MisconfiguredError."""
    return PasswordSettings.from_env()


def pacer_of(context: Any) -> Pacer:
    """The share of the quotas that a reconciliation would have, and the function's deadline."""
    own = settings()
    left = context.get_remaining_time_in_millis() / 1000
    return SharePacer(
        shares(own.quotas, own.quota_share, 1),
        deadline=time.monotonic() + left - RESERVE_SECONDS,
        now=time.monotonic,
        sleep=time.sleep,
    )


def world(pacer: Pacer) -> ResetContext:
    """Everything that the resets need. MisconfiguredError."""
    own, region = settings(), own_region()
    dynamodb, pool = clients.dynamodb(), clients.cognito()
    return ResetContext(
        region=region,
        policy=own.after_failback,
        directory=CognitoUserDirectory(pool, own.user_pool_id),
        sessions=CognitoSessions(pool, own.user_pool_id),
        records=DynamoRecordStore(dynamodb, own.records_table, region, own.installation),
        passwords_set=DynamoPasswordNotes(dynamodb, own.records_table, region, own.installation),
        ledger=DynamoLedger(
            *(dynamodb, own.ledger_table, SystemClock(), own.lease_seconds, own.user_pool_id)
        ),
        resets=DynamoResetNotes(dynamodb, own.ledger_table),
        passwords=RandomPasswords(),
        pacer=pacer,
    )


@counted
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer how far it is; an outcome for each person is in the log, under a digest."""
    ctx = world(pacer_of(context))
    at = progress_from(event.get("progress")) or begin(ctx, _since(event))
    at = reset_changed(ctx, at, text_of(event, "holder"), _tell)
    report("passwords reset", {}, shard=at.shard, outcomes=dict(at.counts))
    return {"done": at.shard >= SHARDS, "progress": to_plain(at)}


def _tell(subject: Subject, outcome: Outcome) -> None:
    report("changed password", {}, user=digest(subject.key), outcome=outcome.value)


def _since(event: dict[str, Any]) -> int | None:
    since = event.get("since")
    if since is not None and (type(since) is not int or since < 0):
        raise InvalidRecordError("`since` is not the number of a claim")
    return since
