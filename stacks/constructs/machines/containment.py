"""What starts `contain_failure`: status events; and what that machine calls beside its functions.

The status events are best effort (Step Functions developer guide, "Automating event delivery with
EventBridge"); the sweep finds what they missed. An event whose target cannot be started becomes a
dead letter.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cognito_standby.failures.domain.executions import FAILED
from cognito_standby.failures.domain.letters import STATUS_CHANGE
from stacks.constructs.events.bus import start_execution
from stacks.constructs.machines.state_machines import Service
from stacks.names import Names
from stacks.permissions.containment import LETTER_KEYS
from stacks.permissions.core import allow, only_keys


def services(letters: sqs.IQueue, ledger: dynamodb.ITable) -> dict[str, Service]:
    """What `contain_failure` calls beside its functions, by placeholder."""
    mark = only_keys(allow("dynamodb", "UpdateItem", ledger.table_arn), LETTER_KEYS)
    send = allow("sqs", "SendMessage", letters.queue_arn)
    return {
        "dead_letters_url": Service(letters.queue_url, [send]),
        "ledger_table_name": Service(ledger.table_name, [mark]),
    }


class FailureRule(Construct):
    """Every failed execution of our machines starts `contain_failure`."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        treated: Sequence[str],
        machine: sfn.IStateMachine,
        dead_letters: sqs.IQueue,
    ) -> None:
        super().__init__(scope, "Failures")
        # Not the execution's input or output: they can be as long as the event.
        payload = events.RuleTargetInput.from_object(
            {
                "execution_arn": events.EventField.from_path("$.detail.executionArn"),
                "status": events.EventField.from_path("$.detail.status"),
            }
        )
        events.Rule(
            self,
            "Rule",
            rule_name=names.rule("failures"),
            description="Failed executions start contain_failure",
            event_pattern=events.EventPattern(
                source=[STATUS_CHANGE.source],
                detail_type=[STATUS_CHANGE.detail_type],
                detail={
                    "stateMachineArn": list(treated),
                    "status": [status.value for status in FAILED],
                },
            ),
            targets=[start_execution(machine, dead_letters, payload)],
        )
