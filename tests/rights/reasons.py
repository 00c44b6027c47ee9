"""Why something stays granted although a run of the tests' installations did not use it.

The kinds of resources are those of `granted.kind_of`. A reason that says `shown_by` is about a path
that is rare or left to chance; that test takes it without an installation.
"""

from __future__ import annotations

from tests.rights.reason import ALL, Reason

_CHANGES = "snapshotuser writerecord compensatechange"
_LOOKING = (
    f"plansync capturerecord replayprofile replaymemberships confirmsync containfailure {_CHANGES}"
    " applychange"
)
"""Whoever looks at a subject: records, pool, and whose an address in the way is."""
_SAGA = "tests/saga/test_faults.py"
_CONTAIN = "tests/unit/failures/test_contain.py"
_REPAIRS = "tests/property/test_reconciliation.py"

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

_LOOKS: tuple[Reason, ...] = (
    Reason(
        *("function", f"{_LOOKING} adminapi", "cognito-idp:ListUsers", "pool"),
        "by sub, where another user's username is that very string, and before a deletion is"
        " believed",
        "tests/contract/pool/test_users.py",
    ),
    Reason(
        *("function", "containfailure", "cognito-idp:GetGroup", "pool"),
        "a failed sync about a group's definition",
        "tests/unit/failures/test_failures.py",
    ),
    Reason(
        *("function", f"{_LOOKING} adminapi listpart", "dynamodb:BatchGetItem", "ledger"),
        "whose a local sub is, where the user's own copy does not tell or an address is held",
        "tests/unit/replication/test_taken_addresses.py",
    ),
    Reason(
        *("function", f"{_LOOKING} adminapi notefailure", "dynamodb:GetItem", "ledger"),
        "the row of somebody whose creation was cut off, and the Region's notes",
        "tests/unit/changes/test_ids_of_others.py",
    ),
    Reason(
        *("function", "notefailure", "dynamodb:BatchGetItem", "ledger"),
        "whom a failed hint was about that names a local sub",
        "tests/unit/failures/test_failures.py",
    ),
    Reason(
        *("function", "replaymemberships", "cognito-idp:GetGroup", "pool"),
        "a sync about a group's definition whose replay was cut off",
        "tests/property/test_explorer.py",
    ),
)
"""What looks need only of a few users."""

_WRITES: tuple[Reason, ...] = (
    Reason(
        "function",
        f"plansync capturerecord confirmsync replaymemberships containfailure {_CHANGES}",
        "dynamodb:PutItem",
        "ledger",
        "the reverse map of a creation that was found again after its execution had died",
        "tests/unit/replication/test_plan_sync.py",
    ),
    Reason(
        *("function", f"plansync capturerecord confirmsync {_CHANGES}", "dynamodb:DeleteItem"),
        "ledger",
        "the list of conflicts of somebody who was erased",
        "tests/unit/core/test_conflicts.py",
    ),
    Reason(
        *("function", "plansync confirmsync", "dynamodb:PutItem", "records"),
        "an own tombstone beside the other Region's",
        "tests/property/test_explorer.py",
    ),
    Reason(
        *("function", f"{_CHANGES} applychange", "dynamodb:PutItem", "records"),
        "who is changed first here after a failover, who is removed, and a removal taken back",
        _SAGA,
    ),
    Reason(
        *("function", f"capturerecord {_CHANGES} judgedrift repairbatch replayprofile"),
        "dynamodb:DescribeTable",
        "records",
        "which table it is, asked once a minute and only before somebody is made or removed",
        "tests/unit/core/test_absence.py",
    ),
    Reason(
        *("function", f"capturerecord {_CHANGES} judgedrift repairbatch openrun"),
        "cognito-idp:ListPointInTimeRecoveries",
        "pool",
        "asked only before a deletion, or somebody who is back, is believed",
        "tests/unit/core/test_absence.py",
    ),
    Reason(
        "function",
        f"capturerecord replayprofile replaymemberships containfailure {_CHANGES} judgedrift"
        " repairbatch sweepfailures",
        "events:PutEvents",
        "bus",
        "wakes the sync of a group that is missing, or of somebody who has to give way or waits",
        "tests/property/test_explorer.py",
    ),
)
"""What is written only where something else has moved or failed."""

_POOL_WRITES: tuple[Reason, ...] = (
    Reason(
        "function",
        "replayprofile",
        "cognito-idp:AdminDeleteUser cognito-idp:AdminDeleteUserAttributes"
        " cognito-idp:AdminEnableUser cognito-idp:AdminUpdateUserAttributes"
        " cognito-idp:DeleteGroup",
        "pool",
        "a replay may write each part of a profile, and removes the erased; a run of other people"
        " writes others",
        "tests/property/test_explorer.py",
    ),
    Reason(
        *("function", "replaymemberships", "cognito-idp:AdminRemoveUserFromGroup", "pool"),
        "a group that somebody left; a run of other people has none",
        "tests/property/test_explorer.py",
    ),
    Reason(
        "function",
        "applychange",
        "cognito-idp:AdminAddUserToGroup cognito-idp:AdminRemoveUserFromGroup"
        " cognito-idp:AdminDeleteUser cognito-idp:AdminDeleteUserAttributes"
        " cognito-idp:AdminDisableUser cognito-idp:AdminEnableUser"
        " cognito-idp:AdminUpdateUserAttributes",
        "pool",
        "an administrator's change may name each part of a user",
        "tests/saga/test_changes.py",
    ),
    Reason(
        "function",
        "compensatechange",
        "cognito-idp:AdminAddUserToGroup cognito-idp:AdminRemoveUserFromGroup"
        " cognito-idp:AdminDeleteUser cognito-idp:AdminDeleteUserAttributes"
        " cognito-idp:AdminDisableUser cognito-idp:AdminEnableUser"
        " cognito-idp:AdminUpdateUserAttributes",
        "pool",
        "takes back whatever a change had written when it failed, and whom it had made",
        _SAGA,
    ),
    Reason(
        "function",
        "containfailure",
        "cognito-idp:AdminAddUserToGroup cognito-idp:AdminRemoveUserFromGroup"
        " cognito-idp:AdminDeleteUserAttributes cognito-idp:AdminDisableUser"
        " cognito-idp:AdminEnableUser cognito-idp:AdminUpdateUserAttributes",
        "pool",
        "puts back whatever a replay had half written when it failed",
        _CONTAIN,
    ),
    Reason(
        "function",
        "repairbatch",
        "cognito-idp:AdminDeleteUser cognito-idp:AdminDeleteUserAttributes cognito-idp:DeleteGroup",
        "pool",
        "the drift that a reconciliation finds may be in any part of a user or a group, and the"
        " purge removes who was deleted long ago",
        _REPAIRS,
    ),
    Reason(
        *("function", "repairbatch", "dynamodb:DeleteItem", "ledger"),
        "rows of those whom the purge removed after the grace period, which no run lasts",
        "tests/property/test_housework.py",
    ),
    Reason(
        *("function", "repairbatch", "dynamodb:DeleteItem", "records"),
        "tombstones that both Regions have, after the grace period, which no run lasts",
        "tests/property/test_housework.py",
    ),
)
"""Parts of a user that a run of other people does not happen to touch."""

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
        _SAGA,
    ),
    Reason(
        *("function", "containfailure notefailure", "dynamodb:GetItem", "changes"),
        "whom a change was about that failed for good",
        _SAGA,
    ),
    Reason(
        *("function", "notefailure", "dynamodb:UpdateItem", "changes"),
        "tells the caller of a change that failed for good",
        _SAGA,
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
        "tests/local/rights/test_hops.py",
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

REASONS: tuple[Reason, ...] = (*(*_SERVICES, *_LOOKS, *_WRITES, *_POOL_WRITES, *_RUNS, *_FAILURES),)

_KEY = ("kms:Decrypt kms:GenerateDataKey", "customer's key")
_KEY_SHOWN = "tests/local/rights/test_generated_key_policy.py"
VARIANT_REASONS: tuple[Reason, ...] = (
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
        *("machine", "containfailuremachine reconcilepool", *_KEY),
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
        *("pool", "UsersSms", "sns:Publish", "*"),
        "Cognito sends SMS by this role, and an SMS is no resource; topics are denied to it, and"
        " the local pool sends nothing",
    ),
)
"""Rights that only other configs than the default grant."""
