"""What whoever fails over may do: start and follow the two machines, and read what the checks need.

No call here writes to a pool or a table. The Region is a pattern, because a planned failover starts
a machine in each and the role must work while the other Region is dark; everything else of an ARN
is the installation's. Where the other Region is of another account the role is for its own Region
alone: a planned failover then takes a role in each account. Machines and stacks are named one by
one: a pattern that begins with the installation's name would take in another one whose name goes on
from there.
"""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam

from cognito_standby.core.domain.ledger_keys import BY_ATTENTION
from cognito_standby.recovery.domain.requests import FAIL_OVER, STAND_DOWN
from stacks.constructs.storage.run_bucket import REPORTS
from stacks.names import Names
from stacks.permissions.core import allow


def statements(
    stack: Stack,
    names: Names,
    *,
    regions: Sequence[str],
    machines: Sequence[str],
    user_pool: str,
    kms_key: str | None,
) -> list[iam.PolicyStatement]:
    """For the Regions of `regions`, but for the pool and the key, which are this Region's.
    `machines`: all that an installation has."""
    within = "*" if len(regions) > 1 else stack.region

    def arn(service: str, resource: str, name: str, *, colon: bool = False) -> str:
        form = ArnFormat.COLON_RESOURCE_NAME if colon else ArnFormat.SLASH_RESOURCE_NAME
        return stack.format_arn(
            service=service, region=within, resource=resource, resource_name=name, arn_format=form
        )

    def machine(name: str) -> str:
        return arn("states", "stateMachine", names.machine(name), colon=True)

    def executions(name: str) -> str:
        return arn("states", "execution", f"{names.machine(name)}:*", colon=True)

    bucket = f"arn:{stack.partition}:s3:::{names.run_bucket(stack.account, within)}"
    ledger = arn("dynamodb", "table", names.ledger_table)
    records = arn("dynamodb", "table", names.records_table)
    queues = [
        stack.format_arn(service="sqs", region=within, resource=name)
        for name in (names.dead_letters, names.parked_hints)
    ]
    stacks = [arn("cloudformation", "stack", f"{names.stack(one)}/*") for one in regions]
    started = [machine(name) for name in (FAIL_OVER, STAND_DOWN)]
    run = [executions(name) for name in (FAIL_OVER, STAND_DOWN)]
    found = [
        allow("states", "StartExecution", *started),
        allow("states", "RedriveExecution StopExecution GetExecutionHistory", *run),
        allow("states", "ListExecutions", *map(machine, machines)),
        allow("states", "DescribeExecution", *map(executions, machines)),
        allow("cloudformation", "DescribeStacks", *stacks),
        allow("sqs", "GetQueueAttributes", *queues),
        allow("sqs", "ReceiveMessage", queues[0]),
        allow("dynamodb", "BatchGetItem DescribeTable DescribeContinuousBackups", records),
        allow("dynamodb", "GetItem BatchGetItem", ledger),
        allow("dynamodb", "Query", f"{ledger}/index/{BY_ATTENTION}"),
        allow("cloudwatch", "ListMetrics GetMetricData", "*"),
        allow("cloudwatch", "DescribeAlarms", arn("cloudwatch", "alarm", "*", colon=True)),
        allow("s3", "ListBucket", bucket),
        allow("s3", "GetObject", f"{bucket}/{REPORTS}*"),
        allow("cognito-idp", "ListPointInTimeRecoveries", user_pool),
    ]
    return [*found, allow("kms", "Decrypt", kms_key)] if kms_key else found
