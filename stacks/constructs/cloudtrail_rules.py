"""Rules on the default bus: Cognito's write calls, as CloudTrail reports them, become hints.

The only way to see the console, other tools and a person's own edits. Needs a trail that records
management events in this Region. The shapes relied on are in tests/stacks/cloudtrail_events.json.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks import cloudtrail_operations as operations
from stacks.constructs.bus import start_execution
from stacks.names import Names

MASKED = "HIDDEN_DUE_TO_SECURITY_REASONS"
_ABSENT = {"exists": False}
_PRESENT = {"exists": True}


class CloudTrailRules(Construct):
    """One rule for each way in which CloudTrail shows a call."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        user_pool_id: str,
        trigger_attached: bool,
        replay_roles: Sequence[str],
        machine: sfn.IStateMachine,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, "CloudTrail")
        self._names, self._machine, self._dead_letters = names, machine, dead_letters
        self._left_out = operations.COVERED_BY_TRIGGER if trigger_attached else frozenset[str]()
        self._rule(
            "cloudtrail-admin", operations.ADMIN, _by_credentials(user_pool_id, replay_roles)
        )
        self._rule("cloudtrail-self-service", operations.SELF_SERVICE, _by_token(user_pool_id))
        self._rule(
            "cloudtrail-groups",
            operations.GROUPS,
            _about_groups(user_pool_id, replay_roles),
            subject=("group", "$.detail.requestParameters.groupName"),
        )

    def _rule(
        self,
        name: str,
        calls: Mapping[str, str],
        detail: dict[str, Any],
        *,
        subject: tuple[str, str] = ("local_sub", "$.detail.additionalEventData.sub"),
    ) -> None:
        events.Rule(
            self,
            name,
            rule_name=self._names.rule(name),
            description="Cognito's write calls start executions of sync_user",
            event_pattern=events.EventPattern(
                source=["aws.cognito-idp"],
                detail_type=["AWS API Call via CloudTrail"],
                detail={
                    "eventSource": ["cognito-idp.amazonaws.com"],
                    "eventName": sorted(set(calls) - self._left_out),
                    "errorCode": [_ABSENT],
                    **detail,
                },
            ),
            targets=[start_execution(self._machine, self._dead_letters, _hint(*subject))],
        )


def _by_credentials(user_pool_id: str, replay_roles: Sequence[str]) -> dict[str, Any]:
    return {
        "additionalEventData": {"sub": [_PRESENT]},
        "requestParameters": {"userPoolId": [user_pool_id]},
        **_not_by(replay_roles),
    }


def _by_token(user_pool_id: str) -> dict[str, Any]:
    # Some of these calls name the pool beside the sub, some name none: then the sub decides,
    # which no other pool has.
    return {"additionalEventData": {"sub": [_PRESENT], "userPoolId": [_ABSENT, user_pool_id]}}


def _about_groups(user_pool_id: str, replay_roles: Sequence[str]) -> dict[str, Any]:
    named = [{"anything-but": [MASKED]}]
    return {
        "requestParameters": {"userPoolId": [user_pool_id], "groupName": named},
        **_not_by(replay_roles),
    }


def _hint(subject: str, path: str) -> events.RuleTargetInput:
    return events.RuleTargetInput.from_object(
        {
            subject: events.EventField.from_path(path),
            "cause": events.EventField.from_path("$.detail.eventName"),
            "change_id": events.EventField.from_path("$.detail.eventID"),
            "hinted_at": events.EventField.from_path("$.detail.eventTime"),
        }
    )


def _not_by(roles: Sequence[str]) -> dict[str, Any]:
    """Not by these roles. `anything-but` alone would refuse calls without a session, too.

    The protocol is safe with echoes of our own writes; leaving them out only saves executions.
    """
    arn = [_ABSENT, {"anything-but": list(roles)}]
    return {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": arn}}}}
