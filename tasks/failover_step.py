"""What the tasks of `fail_over` and `stand_down` share: settings -> adapters."""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.settings import region as own_region
from cognito_standby.reconciliation.adapters.run_files import S3RunFiles
from cognito_standby.recovery.adapters.activity import AwsActivity, SfnReconciliationRuns
from cognito_standby.recovery.adapters.claims import DynamoClaimItems
from cognito_standby.recovery.adapters.survey import DynamoRecordSurvey
from cognito_standby.recovery.domain import requests
from cognito_standby.recovery.ports import Activity, ClaimItems, Reconciliations, RecordSurvey
from cognito_standby.recovery.settings import FailoverSettings


@cache
def settings() -> FailoverSettings:
    """The environment. MisconfiguredError."""
    return FailoverSettings.from_env()


@cache
def claims() -> ClaimItems:
    """Both claim items."""
    own = settings()
    return DynamoClaimItems(clients.dynamodb(), own.records_table, own_region(), own.installation)


@cache
def records() -> RecordSurvey:
    """Every record."""
    return DynamoRecordSurvey(clients.dynamodb(), settings().records_table)


@cache
def activity() -> Activity:
    """What is under way."""
    own = settings()
    return AwsActivity(
        clients.stepfunctions(),
        clients.of("sqs"),
        own.replaying_machines,
        own.parked_hints_url,
        own.dead_letters_url,
    )


@cache
def reconciliations() -> Reconciliations:
    """Runs of `reconcile_pool`."""
    own = settings()
    files = S3RunFiles(clients.s3(), own.run_bucket)
    return SfnReconciliationRuns(clients.stepfunctions(), own.reconcile_machine_arn, files)


def accepted_in(event: dict[str, Any]) -> tuple[str, ...]:
    """Checks that the operator accepted. InvalidRecordError."""
    request = event.get("request")
    return requests.accepted_in(request) if isinstance(request, dict) else ()
