"""Rules on the default bus: Cognito's write calls, as CloudTrail reports them, become hints.

The only way to see the console, other tools and a person's own edits. Needs a trail that records
management events in this Region (constructs/trail.py). The shapes relied on are in
tests/stacks/cloudtrail_events.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cognito_standby.core.domain.hints import MASKED
from cognito_standby.failures.domain.failures import RECONCILE_MACHINE
from cognito_standby.failures.domain.letters import (
    API_CALL,
    CLOUDTRAIL_CHALLENGE,
    CLOUDTRAIL_GROUP,
    CLOUDTRAIL_HINT,
    CLOUDTRAIL_SUB,
    CLOUDTRAIL_SUB_OF_A_FORM,
    PAGE,
)
from cognito_standby.reconciliation.domain.run_request import UNASKED
from stacks import cloudtrail_operations as operations
from stacks import managed_login_events as pages
from stacks.constructs.events.bus import start_execution
from stacks.names import Names

_ABSENT = {"exists": False}
_NAMED = [{"anything-but": [MASKED, ""]}]
_SUB = ".".join(("$.detail", *CLOUDTRAIL_SUB))
_SUB_OF_A_FORM = ".".join(("$.detail", *CLOUDTRAIL_SUB_OF_A_FORM)) + "[0]"
_CHALLENGE = ".".join(CLOUDTRAIL_CHALLENGE)
_GROUP = ".".join(("$.detail", *CLOUDTRAIL_GROUP))


@dataclass(frozen=True)
class EventKind:
    """One way in which CloudTrail shows what happened."""

    name: str
    calls: Iterable[str]
    detail: dict[str, Any]
    field: str = "local_sub"
    path: str = _SUB
    detail_type: str = API_CALL.detail_type
    succeeded: tuple[Any, ...] = (_ABSENT,)
    """Patterns of errorCode."""
    machine: str = "sync_user"
    cause: str = CLOUDTRAIL_HINT["cause"]
    """Where the detail says what happened."""


class CloudTrailRules(Construct):
    """One rule for each way in which CloudTrail shows a call."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        user_pool_id: str,
        trigger_attached: bool,
        own_roles: Sequence[str],
        machines: dict[str, sfn.IStateMachine],
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, "CloudTrail")
        self._names, self._machines, self._dead_letters = names, machines, dead_letters
        left_out = operations.COVERED_BY_TRIGGER | pages.COVERED_BY_TRIGGER
        self._left_out = left_out if trigger_attached else frozenset[str]()
        for kind in (*_calls(user_pool_id, own_roles), *_pages(user_pool_id)):
            self._rule(kind)

    def _rule(self, kind: EventKind) -> None:
        events.Rule(
            self,
            kind.name,
            rule_name=self._names.rule(kind.name),
            description=f"What Cognito was told to do starts executions of {kind.machine}",
            event_pattern=events.EventPattern(
                source=[API_CALL.source],
                detail_type=[kind.detail_type],
                detail={
                    "eventSource": ["cognito-idp.amazonaws.com"],
                    "eventName": sorted(set(kind.calls) - self._left_out),
                    "errorCode": list(kind.succeeded),
                    **kind.detail,
                },
            ),
            targets=[
                start_execution(self._machines[kind.machine], self._dead_letters, _payload(kind))
            ],
        )


def _calls(pool: str, own_roles: Sequence[str]) -> tuple[EventKind, ...]:
    by_others = _not_by(own_roles)
    admin = {
        "additionalEventData": {"sub": _NAMED},
        "requestParameters": {"userPoolId": [pool]},
        **by_others,
    }
    # Some of these calls name the pool beside the sub, some name none: then the sub decides,
    # which no other pool has.
    own = {"additionalEventData": {"sub": _NAMED, "userPoolId": [_ABSENT, pool]}}
    answers = {**own, "requestParameters": {"challengeName": list(operations.CHALLENGE_NAMES)}}
    whole = {"requestParameters": {"userPoolId": [pool]}}
    group = {"requestParameters": {"userPoolId": [pool], "groupName": _NAMED}, **by_others}
    return (
        EventKind("cloudtrail-admin", operations.ADMIN, admin),
        EventKind("cloudtrail-self-service", operations.SELF_SERVICE, own),
        EventKind("cloudtrail-challenges", operations.CHALLENGES, answers, cause=_CHALLENGE),
        EventKind("cloudtrail-groups", operations.GROUPS, group, "group", _GROUP),
        EventKind(
            "cloudtrail-members",
            operations.FOLLOWED,
            group,
            "group",
            _GROUP,
            machine="hint_members",
        ),
        EventKind("cloudtrail-recoveries", operations.RECOVERED, whole, machine=RECONCILE_MACHINE),
    )


def _pages(pool: str) -> tuple[EventKind, ...]:
    """Managed login tells the sub beside the pool, or among the fields of a form, as a list.

    The status of its answer says whether it worked; its errorCode can be there and empty.
    """
    worked = {"status": [{"numeric": ["<", 400]}]}
    event = {"userPoolId": [pool], "responseParameters": worked}
    beside = {"additionalEventData": {**event, "sub": _NAMED}}
    in_form = {"additionalEventData": {**event, "requestParameters": {"sub": _NAMED}}}
    succeeded = (_ABSENT, "")
    return tuple(
        EventKind(
            name,
            pages.HINTS,
            detail,
            path=path,
            detail_type=PAGE.detail_type,
            succeeded=succeeded,
        )
        for name, detail, path in (
            ("managed-login", beside, _SUB),
            ("managed-login-forms", in_form, _SUB_OF_A_FORM),
        )
    )


def _payload(kind: EventKind) -> events.RuleTargetInput:
    """What the machine is started with; a reconciliation as by its schedule."""
    if kind.machine == RECONCILE_MACHINE:
        return events.RuleTargetInput.from_object(dict(UNASKED))
    told = {**CLOUDTRAIL_HINT, "cause": kind.cause}
    return events.RuleTargetInput.from_object(
        {
            kind.field: events.EventField.from_path(kind.path),
            **{
                name: events.EventField.from_path(f"$.detail.{theirs}")
                for name, theirs in told.items()
            },
        }
    )


def _not_by(roles: Sequence[str]) -> dict[str, Any]:
    """Not by these roles. `anything-but` alone would refuse calls without a session, too.

    The protocol is safe with echoes of our own writes; leaving them out only saves executions.
    """
    arn = [_ABSENT, {"anything-but": list(roles)}]
    return {"userIdentity": {"sessionContext": {"sessionIssuer": {"arn": arn}}}}
