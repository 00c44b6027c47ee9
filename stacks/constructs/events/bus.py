"""The installation's own bus, and the rule that turns its hints into executions."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cognito_standby.core.domain import hints
from stacks.names import Names

RETRY_ATTEMPTS = 60
MAX_EVENT_AGE = Duration.hours(6)
"""EventBridge gives up at whichever comes first; then the event is a dead letter."""


class HintBus(Construct):
    """Hints reach nobody but `sync_user`."""

    def __init__(self, scope: Construct, *, names: Names) -> None:
        super().__init__(scope, "Hints")
        self._names = names
        self.bus = events.EventBus(
            self, "Bus", event_bus_name=names.bus, description="Hints: who may have changed"
        )

    def keep(self, days: int, key_arn: str | None) -> events.CfnArchive:
        """Archive the hints, so that they can be sent again. Nothing else: the pattern is explicit,
        so that other events on this bus are not kept."""
        return events.CfnArchive(
            self,
            "Archive",
            archive_name=self._names.archive,
            description="Hints: who may have changed; ids only",
            source_arn=self.bus.event_bus_arn,
            event_pattern={"source": [hints.SOURCE], "detail-type": [hints.DETAIL_TYPE]},
            retention_days=days,
            kms_key_identifier=key_arn,
        )

    def start_on_hints(self, machine: sfn.IStateMachine, dead_letters: sqs.IQueue) -> None:
        """Start `machine` with the detail of every hint, which is the hint itself."""
        events.Rule(
            self,
            "Rule",
            rule_name=self._names.rule("hints"),
            description="Every hint starts an execution of sync_user",
            event_bus=self.bus,
            event_pattern=events.EventPattern(
                source=[hints.SOURCE], detail_type=[hints.DETAIL_TYPE]
            ),
            targets=[
                start_execution(
                    machine, dead_letters, events.RuleTargetInput.from_event_path("$.detail")
                )
            ],
        )


def start_execution(
    machine: sfn.IStateMachine, dead_letters: sqs.IQueue, payload: events.RuleTargetInput
) -> targets.SfnStateMachine:
    """A rule's target with bounded retries and a dead letter queue: no rule has another one."""
    return targets.SfnStateMachine(
        machine,
        input=payload,
        dead_letter_queue=dead_letters,
        retry_attempts=RETRY_ATTEMPTS,
        max_event_age=MAX_EVENT_AGE,
    )
