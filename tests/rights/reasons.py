"""Why something stays granted although a run of the tests' installations did not use it.

The kinds of resources are those of `granted.kind_of`. A reason that says `shown_by` is about a path
that is rare or left to chance; that test takes it without an installation.
"""

from __future__ import annotations

from pathlib import Path

from tests.rights import reasons_of_arrivals, reasons_of_awaited, reasons_of_rehearsals
from tests.rights.reason import ALL, Reason
from tests.rights.reasons_of_configuration import CONFIGURATION
from tests.rights.reasons_of_past_tables import OF_KEYS, PAST_TABLES
from tests.rights.reasons_of_publication import OF_VARIANTS, PUBLICATION
from tests.rights.reasons_of_rehearsals import REHEARSALS
from tests.rights.reasons_of_restores import RESTORES
from tests.rights.reasons_of_steps import LOOKS, POOL_WRITES, SAGA, WRITES
from tests.rights.reasons_of_upgrades import FORMER

_SERVICES: tuple[Reason, ...] = (
    Reason(
        *("function", ALL, "logs:CreateLogStream logs:PutLogEvents", "own log group"),
        "Lambda writes the log by the function's role; the local Lambda keeps the output itself",
    ),
    Reason(
        *("function", ALL, "xray:PutTraceSegments xray:PutTelemetryRecords", "*"),
        "Lambda's daemon sends traces by the function's role; there is no X-Ray here",
    ),
    Reason(
        "machine",
        ALL,
        "xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules"
        " xray:GetSamplingTargets",
        "*",
        "Step Functions sends traces by the machine's role; there is no X-Ray here",
    ),
    Reason(
        "gateway",
        "AdminApiLog",
        "logs:CreateLogGroup logs:CreateLogStream logs:DescribeLogGroups logs:DescribeLogStreams"
        " logs:FilterLogEvents logs:GetLogEvents logs:PutLogEvents",
        "*",
        "the list of AmazonAPIGatewayPushToCloudWatchLogs, which API Gateway demands of the"
        " account's log role; the local gateway writes no access log",
    ),
    Reason(
        "machine",
        "reconcilepool",
        "states:DescribeExecution states:StopExecution",
        "execution:reconcile_pool:*",
        "Step Functions watches and stops a Distributed Map's children by these; the local one"
        " runs them within itself",
    ),
    Reason(
        *("machine", "reconcilepool", "states:RedriveExecution", "execution:reconcile_pool/*"),
        "Step Functions redrives a Distributed Map's children by this, with the machine",
    ),
    Reason(
        *("function", "gatewaylogrole", "iam:PassRole", "log role"),
        "AWS asks for it when the account's log role is set; the judge knows no passed role",
    ),
)
"""What services do by themselves, out of sight of the local AWS."""

_MACHINES = sorted(
    path.name.removesuffix(".asl.json")
    for path in Path(__file__).parents[2].joinpath("workflows").glob("*.asl.json")
)
_DR = ("person", "DisasterRecovery")
_HISTORY = "states:GetExecutionHistory"
_PERSONS: tuple[Reason, ...] = tuple(
    Reason(
        *(*_DR, actions, resource),
        "whoever fails over is an administrator in these runs, whom nobody judges",
        "tests/stacks/test_claim_rights.py",
    )
    for actions, resource in (
        ("states:StartExecution", "machine:fail_over"),
        ("states:StartExecution", "machine:stand_down"),
        (f"states:RedriveExecution states:StopExecution {_HISTORY}", "execution:fail_over:*"),
        (f"states:RedriveExecution states:StopExecution {_HISTORY}", "execution:stand_down:*"),
        *(("states:ListExecutions", f"machine:{name}") for name in _MACHINES),
        *(("states:DescribeExecution", f"execution:{name}:*") for name in _MACHINES),
        ("cloudformation:DescribeStacks", "a Region's stack"),
        ("sqs:GetQueueAttributes sqs:ReceiveMessage", "dead-letters"),
        ("sqs:GetQueueAttributes", "parked-hints"),
        ("dynamodb:BatchGetItem dynamodb:DescribeTable", "records"),
        ("dynamodb:DescribeContinuousBackups", "records"),
        ("dynamodb:GetItem dynamodb:BatchGetItem", "ledger"),
        ("dynamodb:Query", "ledger/index/by-attention"),
        ("cloudwatch:ListMetrics cloudwatch:GetMetricData", "*"),
        ("cloudwatch:DescribeAlarms", "alarm"),
        ("s3:ListBucket", "files"),
        ("s3:GetObject", "files/reports/*"),
        ("cognito-idp:ListPointInTimeRecoveries", "pool"),
    )
)
"""What people do with a role of their own."""

_FENCED = "presignup pretokengeneration preauthentication custommessage"
_FENCE: tuple[Reason, ...] = (
    Reason(
        *("function", _FENCED, "ssm:GetParameter", "active parameter"),
        "the fence asks it where the claims cannot be read",
        "tests/unit/triggers/test_fence_reads.py",
    ),
)

_PLANNING = "planlisting plancomparison planrepairs judgedrift openrun"
_RUNS: tuple[Reason, ...] = (
    Reason(
        *("function", _PLANNING, "dynamodb:GetItem", "ledger"),
        "who holds the pool, where another run has it",
        "tests/contract/operator/test_reconciliations.py",
    ),
    Reason(
        *("function", _PLANNING, "states:DescribeExecution", "execution:reconcile_pool:*"),
        "whether the run that holds the pool goes on, where another has it",
        "tests/contract/operator/test_reconciliations.py",
    ),
    Reason(
        *("function", "openrun", "dynamodb:GetItem", "records"),
        "a scheduled first run looks whether the other Region stands; schedules are daily",
        "tests/unit/reconciliation/test_first_run.py",
    ),
    Reason(
        *("function", "askoperator", "s3:ListBucket", "files"),
        "without it S3 tells a file that is not there as a forbidden one",
        "tests/local/rights/test_calls_of_functions.py",
    ),
    Reason(
        *("function", "writereport", "dynamodb:UpdateItem", "ledger"),
        "a question that nobody answered, and recoveries of the pool that a run has looked after",
        "tests/unit/reconciliation/test_recoveries.py",
    ),
    Reason(
        *("rule", "reconcilepoolMachineEvents", "states:StartExecution", "machine reconcilepool"),
        "a recovery of the pool, or an import, as CloudTrail tells it",
        "tests/stacks/test_events.py",
    ),
    Reason(
        *("schedule", "reconcileschedule", "states:StartExecution", "machine reconcilepool"),
        "once a day",
        "tests/stacks/test_reconciliation.py",
    ),
)
"""What a reconciliation needs beside another, or seldom."""

_FAILURES: tuple[Reason, ...] = (
    Reason(
        "function",
        "containfailure notefailure",
        "states:DescribeExecution",
        "execution:hint_members:*",
        "a failed execution of hint_members is looked at like the others, and is about nobody",
        "tests/unit/failures/test_failures.py",
    ),
    Reason(
        *("function", "containfailure notefailure", "states:DescribeExecution"),
        "execution:apply_admin_change:*",
        "a change that failed for good, or that was stopped by hand",
        SAGA,
    ),
    Reason(
        *("function", "containfailure notefailure", "dynamodb:GetItem", "changes"),
        "whom a change was about that failed for good",
        SAGA,
    ),
    Reason(
        *("function", "notefailure", "dynamodb:UpdateItem", "changes"),
        "tells the caller of a change that failed for good",
        SAGA,
    ),
    Reason(
        *("function", "sweepfailures", "dynamodb:PutItem", "ledger"),
        "where the sweep went on, and whom it woke: only after failures that no event told",
        "tests/unit/failures/test_sweep.py",
    ),
    Reason(
        *("schedule", "canaryschedule reconcileschedule sweepschedule", "sqs:SendMessage"),
        "dead letters",
        "a start that failed as often as the schedule tries: a day's tries",
        "tests/local/rights/test_hops_refused.py",
    ),
    Reason(
        *("pipe", "ReplicaStream", "sqs:SendMessage", "dead letters"),
        "a change that could not be handed on in 60 attempts",
        "tests/local/test_pipes.py",
    ),
    Reason(
        *("function", "announceapi", "dynamodb:DeleteItem", "records"),
        "CloudFormation asks for it when the stack is deleted",
        "tests/local/lifecycle/test_installation.py",
    ),
    Reason(
        *("function", "gatewaylogrole", "iam:GetRole", "any role"),
        "only where the account has a log role already: whether that still exists",
        "tests/stacks/test_gateway_log_role.py",
    ),
)
"""What only failures and rare lifecycles need."""

REASONS: tuple[Reason, ...] = (
    *(*_SERVICES, *LOOKS, *WRITES, *POOL_WRITES, *_RUNS, *_FAILURES, *FORMER, *_FENCE, *_PERSONS),
    *CONFIGURATION,
    *PUBLICATION,
    *PAST_TABLES,
    *REHEARSALS,
    *RESTORES,
)

_KEY = ("kms:Decrypt kms:GenerateDataKey", "customer's key")
_KEY_SHOWN = "tests/local/rights/test_generated_key_policy.py"
VARIANT_REASONS: tuple[Reason, ...] = (
    *OF_VARIANTS,
    *OF_KEYS,
    *reasons_of_arrivals.OF_VARIANTS,
    *reasons_of_awaited.OF_VARIANTS,
    *reasons_of_rehearsals.OF_VARIANTS,
    Reason(
        *(*_DR, "kms:Decrypt", "customer's key"),
        "what is checked before a failover is read from tables and queues",
        "tests/stacks/test_claim_rights.py",
    ),
    Reason(
        "function",
        "replayrecord replayprofile replaymemberships confirmsync repairbatch restorepart",
        "iam:PassRole",
        "group's role",
        "a group whose role `group_roles` maps; no stage of the local AWS maps one",
        "tests/contract/pool/test_groups.py",
    ),
    Reason(
        *("function", ALL, *_KEY),
        "reads a table, which its key decrypts for each caller; writes queues, files and notices",
        _KEY_SHOWN,
    ),
    Reason(
        *("function", ALL, "kms:DescribeKey kms:Encrypt", "customer's key"),
        "DynamoDB names them among the least that the users of a table need of its key (developer"
        " guide, 'Authorizing use of a customer managed key'); the judge asks for Decrypt alone",
    ),
    Reason(
        *("machine", "containfailuremachine reconcilepool restorepool", *_KEY),
        "the ledger, the dead letters and the files, which a machine reads or writes itself",
        _KEY_SHOWN,
    ),
    Reason(
        *("pipe", "ParkedHints ReplicaStream", *_KEY),
        "the queue or the stream that it reads, and its dead letters",
        _KEY_SHOWN,
    ),
    Reason(
        *("schedule", "canaryschedule reconcileschedule sweepschedule", *_KEY),
        "its dead letters",
        _KEY_SHOWN,
    ),
    Reason(
        *("function", "postconfirmation presignup pretokengeneration", "lambda:InvokeFunction"),
        "owner's function",
        "asks the function that the config names, before it refuses or adds its claim",
        "tests/unit/triggers/test_owner_function.py",
    ),
    Reason(
        *("pool", "UsersSms", "sns:Publish", "*"),
        "Cognito sends SMS by this role, and an SMS is no resource; topics are denied to it, and"
        " the local pool sends nothing",
    ),
)
"""Rights that only other configs than the default grant."""
