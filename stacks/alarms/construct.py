"""A Region's alarms, and the topic that they tell.

Each is one line of a table. Its `runbook` is a heading of docs/runbooks/alarms.md, where it says
what the alarm means and what to do; the description repeats the first half and names the heading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.config.cadence import longest_gap_seconds
from stacks.config.model import Config
from stacks.names import Names

RUNBOOK = "docs/runbooks/alarms.md"
_DAY = 86_400


@dataclass(frozen=True)
class AlarmSpec:
    """One alarm: `metric` above `threshold` in `points` of the last `periods`.

    `missing`: whether no data is an alarm, too. `below`: the other way round.
    """

    name: str
    runbook: str
    meaning: str
    metric: cloudwatch.Metric | cloudwatch.MathExpression
    threshold: float = 0
    periods: int = 1
    points: int = 1
    missing: bool = False
    below: bool = False

    @property
    def description(self) -> str:
        """What one who is called reads first."""
        return f"{self.meaning} What to do: {RUNBOOK}#{self.runbook}"


class AlarmTopic(Construct):
    """Where alarms are told. With a key of its own: CloudWatch cannot use AWS's key for SNS."""

    def __init__(self, scope: Construct, *, names: Names, config: Config, account: str) -> None:
        super().__init__(scope, "Alarms")
        cloudwatch_here = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com", conditions={"StringEquals": {"aws:SourceAccount": account}}
        )
        self.key = kms.Key(
            self,
            "Key",
            description="Alarms on their way to the topic",
            enable_key_rotation=True,
            pending_window=Duration.days(7),
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.key.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[cloudwatch_here],
                actions=["kms:Decrypt", "kms:GenerateDataKey"],
                resources=["*"],
            )
        )
        self.topic = sns.Topic(
            self, "Topic", topic_name=names.topic, master_key=self.key, enforce_ssl=True
        )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[cloudwatch_here],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
            )
        )
        if config.alarm_email:
            self.topic.add_subscription(subscriptions.EmailSubscription(config.alarm_email))


class Alarms(Construct):
    """One alarm for each spec, all told to one topic, also when all is well again."""

    def __init__(
        self, scope: Construct, specs: Sequence[AlarmSpec], *, names: Names, topic: sns.ITopic
    ) -> None:
        super().__init__(scope, "AlarmList")
        self.alarms = [self._alarm(spec, names) for spec in specs]
        action = actions.SnsAction(topic)
        for alarm in self.alarms:
            alarm.add_alarm_action(action)
            alarm.add_ok_action(action)

    def _alarm(self, spec: AlarmSpec, names: Names) -> cloudwatch.Alarm:
        operators = cloudwatch.ComparisonOperator
        treatments = cloudwatch.TreatMissingData
        return cloudwatch.Alarm(
            self,
            spec.name,
            alarm_name=names.alarm(spec.name),
            alarm_description=spec.description,
            metric=spec.metric,
            threshold=spec.threshold,
            comparison_operator=(
                operators.LESS_THAN_THRESHOLD if spec.below else operators.GREATER_THAN_THRESHOLD
            ),
            evaluation_periods=spec.periods,
            datapoints_to_alarm=spec.points,
            treat_missing_data=(treatments.BREACHING if spec.missing else treatments.NOT_BREACHING),
        )


def window_seconds(expression: str) -> int:
    """How long without a run is too long: three intervals, at most the day that CloudWatch
    looks back."""
    return min(3 * longest_gap_seconds(expression), _DAY)
