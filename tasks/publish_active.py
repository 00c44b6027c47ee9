"""Publish Active: this Region's parameter and document say which pool the claims make active.

The event says nothing: whoever asks, the same is done. Answer: {"published", "reason", "epoch":
[number, Region], "region", "user_pool_id", "written": places that said something else before,
"told", "limit", "troubles": what else could not be done, in words}.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.notices import TopicNotices
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.core.settings import region as own_region
from cognito_standby.recovery.adapters.claims_and_pools import DynamoClaimsAndPools
from cognito_standby.recovery.adapters.places import ActiveDocument, ActiveParameter
from cognito_standby.recovery.adapters.publication_notes import PublicationItem
from cognito_standby.recovery.adapters.sign_in_limit import ProvisionedLimit
from cognito_standby.recovery.domain.active_pool import DOCUMENT
from cognito_standby.recovery.ports import Place
from cognito_standby.recovery.services.publish import Outcome, PublishContext, publish
from cognito_standby.recovery.settings import PublishSettings
from tasks.reporting import counted, report


@cache
def context() -> PublishContext:
    """One context for the life of the process. MisconfiguredError."""
    settings, dynamodb = PublishSettings.from_env(), clients.dynamodb()
    places: tuple[Place, ...] = (ActiveParameter(clients.ssm(), settings.active_parameter),)
    if settings.public_document == "on":
        files = clients.small_files()
        places += (ActiveDocument(files, settings.document_bucket, DOCUMENT),)
    return PublishContext(
        region=own_region(),
        home=settings.primary_region,
        claims=DynamoClaimsAndPools(dynamodb, settings.records_table, settings.installation),
        notes=PublicationItem(dynamodb, settings.ledger_table, SystemClock()),
        places=places,
        limit=ProvisionedLimit(clients.cognito()),
        wanted_limit=settings.authentication_limit,
        notices=TopicNotices(clients.sns(), settings.alarm_topic_arn),
    )


@counted
def handler(_: dict[str, Any], invocation: Any) -> dict[str, Any]:
    """Publish, and answer with what was done."""
    outcome = publish(context(), str(invocation.aws_request_id))
    report(
        f"publish_active: {outcome.verdict}",
        _counts(outcome),
        limit=outcome.limit,
        troubles=outcome.troubles,
    )
    epoch = outcome.active.epoch
    return {
        "published": outcome.published,
        "reason": outcome.verdict.value,
        "epoch": [epoch.number, epoch.region],
        "region": epoch.region,
        "user_pool_id": outcome.pool,
        "written": list(outcome.written),
        "told": outcome.told,
        "limit": outcome.limit,
        "troubles": list(outcome.troubles),
    }


def _counts(outcome: Outcome) -> dict[str, float]:
    done = {
        Metric.ACTIVE_PUBLISHED: outcome.published,
        Metric.ACTIVE_TURNED: outcome.told,
        Metric.ACTIVE_TROUBLE: bool(outcome.troubles),
    }
    return {name: 1.0 for name, happened in done.items() if happened}
