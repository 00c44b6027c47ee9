"""The two pipes into sync_user: changes of the other Region, and parked hints.

Facts from the EventBridge user guide: a pipe hands a state machine an array even at batch size 1;
pattern operators such as `anything-but` with a prefix are for buses only; a stream record's own
eventName is not offered to filters; `<$.body>` alone would lose the quotes of a JSON body, so the
body is wrapped in an object ("Event filtering", "Comparison operators", "Input transformation").
"""

from __future__ import annotations

import json
from typing import Any

from aws_cdk import Acknowledgment as Ack
from aws_cdk import Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_pipes as pipes
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from cognito_standby.core.domain.subjects import ADDRESS_KEY, CLAIM_KEY
from stacks.constructs.events.replica_stream import ReplicaStream
from stacks.constructs.explained import explain_patterns
from stacks.names import Names

REPLICA_TEMPLATE = (
    '{"origin_sub": <$.dynamodb.Keys.origin_sub.S>, '
    '"cause": "replica_stream", "change_id": <$.eventID>}'
)
PARKED_TEMPLATE = '{"hint": <$.body>}'
STREAM_ATTEMPTS = 60
STREAM_MAX_AGE_SECONDS = 6 * 60 * 60
"""A stream keeps 24 h: what gave up after 6 h can still be read again by its sequence number."""


class ReplicaStreamPipe(Construct):
    """Each change of a record by the other Region starts an execution, with the key alone.

    `at_once`: executions that one shard of the stream starts side by side. They wait in a line for
    their replays, not here, but each needs a function for its plan.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        stream: ReplicaStream,
        table_arn: str,
        machine: sfn.IStateMachine,
        dead_letters: sqs.IQueue,
        key: str | None,
        at_once: int,
    ) -> None:
        super().__init__(scope, "ReplicaStream")
        role = _role(self, machine, key)
        self._allow(role, table_arn, dead_letters)
        pipe = pipes.CfnPipe(
            self,
            "Pipe",
            # Another source is another pipe, which CloudFormation refuses under the same name.
            name=stream.pipe_name,
            description="Changes of records by the other Region start sync_user",
            role_arn=role.role_arn,
            source=stream.arn,
            source_parameters=_stream_parameters(Stack.of(self).region, dead_letters, at_once),
            target=machine.state_machine_arn,
            target_parameters=_start(REPLICA_TEMPLATE),
        )
        pipe.node.add_dependency(role.node.find_child("DefaultPolicy"))

    def _allow(self, role: iam.Role, table_arn: str, dead_letters: sqs.IQueue) -> None:
        # All streams of our own table: a policy that named one would have to count, when a restored
        # table's pipe is made, within the second in which it was written.
        reading = ("DescribeStream", "GetRecords", "GetShardIterator")
        read = iam.PolicyStatement(
            actions=[f"dynamodb:{name}" for name in reading], resources=[f"{table_arn}/stream/*"]
        )
        role.add_to_policy(read)
        explain_patterns(role, [read])
        role.add_to_policy(iam.PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"]))
        Validations.of(role).acknowledge(
            Ack(id="AwsSolutions-IAM5[Resource::*]", reason="ListStreams knows no resources.")
        )
        send, letters = ["sqs:SendMessage"], [dead_letters.queue_arn]
        role.add_to_policy(iam.PolicyStatement(actions=send, resources=letters))


class ParkedHintsPipe(Construct):
    """Hints that the bus did not take start the same executions."""

    def __init__(
        self,
        scope: Construct,
        *,
        names: Names,
        queue: sqs.IQueue,
        machine: sfn.IStateMachine,
        key: str | None,
    ) -> None:
        super().__init__(scope, "ParkedHints")
        role = _role(self, machine, key)
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
                resources=[queue.queue_arn],
            )
        )
        pipe = pipes.CfnPipe(
            self,
            "Pipe",
            name=names.pipe("parked-hints"),
            description="Hints that the bus did not take start sync_user",
            role_arn=role.role_arn,
            source=queue.queue_arn,
            # The queue's redrive policy bounds the attempts and names the dead letter queue.
            source_parameters=pipes.CfnPipe.PipeSourceParametersProperty(
                sqs_queue_parameters=pipes.CfnPipe.PipeSourceSqsQueueParametersProperty(
                    batch_size=1
                )
            ),
            target=machine.state_machine_arn,
            target_parameters=_start(PARKED_TEMPLATE),
        )
        pipe.node.add_dependency(role.node.find_child("DefaultPolicy"))


def foreign_changes(own_region: str) -> dict[str, Any]:
    """Pattern: a record was written, not removed, by the other Region, and is neither a
    claim nor the hash of an erased user.

    A removal has no new image, which says the same as eventName INSERT or MODIFY. What is marked
    as one of very many waits for this Region's own reconciliation.
    """
    return {
        "dynamodb": {
            "Keys": {
                "region": {"S": [{"anything-but": [own_region]}]},
                "origin_sub": {"S": [{"anything-but": [ADDRESS_KEY, CLAIM_KEY]}]},
            },
            "NewImage": {
                "origin_sub": {"S": [{"exists": True}]},
                "bulk": {"BOOL": [{"exists": False}]},
                "erased": {"BOOL": [{"exists": False}]},
            },
        }
    }


def _stream_parameters(
    region: str, dead_letters: sqs.IQueue, at_once: int
) -> pipes.CfnPipe.PipeSourceParametersProperty:
    stream = pipes.CfnPipe.PipeSourceDynamoDBStreamParametersProperty(
        # Not LATEST: what is written between the table's creation and the pipe's, or while a pipe
        # is replaced, would never be replayed. Old records do no harm: executions read the state.
        starting_position="TRIM_HORIZON",
        batch_size=1,
        parallelization_factor=at_once,
        maximum_retry_attempts=STREAM_ATTEMPTS,
        maximum_record_age_in_seconds=STREAM_MAX_AGE_SECONDS,
        on_partial_batch_item_failure="AUTOMATIC_BISECT",
        dead_letter_config=pipes.CfnPipe.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
    )
    criteria = pipes.CfnPipe.FilterCriteriaProperty(
        filters=[pipes.CfnPipe.FilterProperty(pattern=json.dumps(foreign_changes(region)))]
    )
    return pipes.CfnPipe.PipeSourceParametersProperty(
        dynamo_db_stream_parameters=stream, filter_criteria=criteria
    )


def _start(template: str) -> pipes.CfnPipe.PipeTargetParametersProperty:
    return pipes.CfnPipe.PipeTargetParametersProperty(
        input_template=template,
        step_function_state_machine_parameters=(
            pipes.CfnPipe.PipeTargetStateMachineParametersProperty(
                invocation_type="FIRE_AND_FORGET"
            )
        ),
    )


def _role(scope: Construct, machine: sfn.IStateMachine, key: str | None) -> iam.Role:
    account = Stack.of(scope).account
    principal = iam.ServicePrincipal(
        "pipes.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": account}}
    )
    role = iam.Role(scope, "Role", assumed_by=principal)
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["states:StartExecution"], resources=[machine.state_machine_arn]
        )
    )
    if key:
        role.add_to_policy(
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key])
        )
    return role
