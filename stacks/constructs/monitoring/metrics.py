"""CloudWatch metrics of everything that an installation runs, by what they are about.

AWS's names and dimensions: the "CloudWatch metrics" chapters of the developer guides of Lambda,
Step Functions, SQS, DynamoDB, EventBridge (buses) and EventBridge Pipes.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch

from cognito_standby.core.domain.metrics import DIMENSION, NAMESPACE, Metric
from stacks.names import Names

MOST_OF_AN_ALARM = 10


def own(names: Names, metric: Metric, statistic: str, seconds: int = 60) -> cloudwatch.Metric:
    """A business metric of this installation."""
    return _metric(NAMESPACE, metric.value, {DIMENSION: names.installation}, statistic, seconds)


def queue(queue_name: str, metric: str) -> cloudwatch.Metric:
    """A queue's gauge."""
    return _metric("AWS/SQS", metric, {"QueueName": queue_name}, "Maximum", 60)


def machine(arn: str, metric: str) -> cloudwatch.Metric:
    """A count of a machine's executions."""
    return _metric("AWS/States", metric, {"StateMachineArn": arn}, "Sum", 60)


def function(
    name: str, metric: str, statistic: str = "Sum", seconds: int = 60
) -> cloudwatch.Metric:
    """A function's metric."""
    return _metric("AWS/Lambda", metric, {"FunctionName": name}, statistic, seconds)


def but_for(all_of: cloudwatch.Metric, meant: cloudwatch.Metric) -> cloudwatch.MathExpression:
    """What of a count is not in the other one. Both are of the same call, and the second can be
    noted some seconds, and so a minute, later: one point of it says little."""
    return cloudwatch.MathExpression(
        expression="counted - FILL(meant, 0)",
        using_metrics={"counted": all_of, "meant": meant},
        period=Duration.seconds(60),
    )


def together(counts: Sequence[cloudwatch.Metric], seconds: int) -> cloudwatch.MathExpression:
    """The sum of counts, of at most ten: an alarm looks at no more (CloudWatch user guide, "Create
    an alarm based on a metric math expression"). What has no point in a period counts as nothing,
    where another has one."""
    if len(counts) > MOST_OF_AN_ALARM:
        raise ValueError(f"an alarm looks at {MOST_OF_AN_ALARM} metrics at most: {len(counts)}")
    return cloudwatch.MathExpression(
        expression="SUM(FILL(METRICS(), 0))",
        using_metrics={f"count{number}": count for number, count in enumerate(counts)},
        period=Duration.seconds(seconds),
    )


def pipe(name: str, metric: str) -> cloudwatch.Metric:
    """A count of a pipe. Pipes have no iterator age; the replication lag stands for it."""
    return _metric("AWS/EventBridge/Pipes", metric, {"PipeName": name}, "Sum", 300)


def rule(name: str, bus: str | None, metric: str) -> cloudwatch.Metric:
    """A count of a rule; `bus` None: on the default bus."""
    dimensions = {"RuleName": name} | ({"EventBusName": bus} if bus else {})
    return _metric("AWS/Events", metric, dimensions, "Sum", 300)


def replication_latency(table: str, receiving_region: str) -> cloudwatch.Metric:
    """From a write here to its appearance in the other replica. MREC tables only."""
    dimensions = {"TableName": table, "ReceivingRegion": receiving_region}
    return _metric("AWS/DynamoDB", "ReplicationLatency", dimensions, "Average", 60)


def _metric(
    namespace: str, name: str, dimensions: dict[str, str], statistic: str, seconds: int
) -> cloudwatch.Metric:
    return cloudwatch.Metric(
        namespace=namespace,
        metric_name=name,
        dimensions_map=dimensions,
        statistic=statistic,
        period=Duration.seconds(seconds),
    )
