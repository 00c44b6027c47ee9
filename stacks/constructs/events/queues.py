"""The Region's two queues: what gave up, and hints that the bus did not take."""

from __future__ import annotations

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.config.parts import Retention
from stacks.names import Names

PARKED_ATTEMPTS = 10
"""How often a parked hint is tried before it becomes a dead letter."""


class Queues(Construct):
    """Dead letters of rules, pipes and machines; parked hints, which end there too."""

    def __init__(
        self, scope: Construct, *, names: Names, retention: Retention, key: kms.IKey | None
    ) -> None:
        super().__init__(scope, "Queues")
        encryption = sqs.QueueEncryption.KMS if key else sqs.QueueEncryption.SQS_MANAGED
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            queue_name=names.dead_letters,
            retention_period=Duration.days(retention.dead_letters_days),
            encryption=encryption,
            encryption_master_key=key,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.parked_hints = sqs.Queue(
            self,
            "ParkedHints",
            queue_name=names.parked_hints,
            retention_period=Duration.days(retention.dead_letters_days),
            visibility_timeout=Duration.seconds(60),
            encryption=encryption,
            encryption_master_key=key,
            enforce_ssl=True,
            removal_policy=RemovalPolicy.DESTROY,
            dead_letter_queue=sqs.DeadLetterQueue(
                max_receive_count=PARKED_ATTEMPTS, queue=self.dead_letters
            ),
        )
