"""Why the publication of the active pool may do what a run of the tests' installations did not."""

from __future__ import annotations

from tests.rights.reason import Reason

_SHOWN = "tests/contract/recovery/test_publication.py"
PUBLICATION: tuple[Reason, ...] = (
    Reason(
        *("function", "announcepool", "dynamodb:DeleteItem", "records"),
        "CloudFormation asks for it when the stack is deleted",
        "tests/local/lifecycle/test_installation.py",
    ),
    Reason(
        *("function", "announcepool", "ssm:DeleteParameter", "active parameter"),
        "the same",
        _SHOWN,
    ),
    Reason(
        *("function", "publishactive", "sns:Publish", "alarms"),
        "operators are told when the active Region turns",
        "tests/unit/recovery/test_publish.py",
    ),
    Reason(
        *("function", "publishactive", "kms:Decrypt kms:GenerateDataKey", "alarms' key"),
        "the same",
        "tests/unit/recovery/test_publish.py",
    ),
    Reason(
        *("function", "publishactive", "s3:ListBucket", "files"),
        "without it S3 tells a document that is not there yet as a forbidden one",
        _SHOWN,
    ),
    Reason(
        *("schedule", "publishschedule", "states:StartExecution", "machine publishactivemachine"),
        "every five minutes, and runs are shorter",
        "tests/stacks/test_containment.py",
    ),
    Reason(
        *("machine", "publishactivemachine", "lambda:InvokeFunction", "function publishactive"),
        "the same",
        "tests/workflows/scenarios/publish_active.py",
    ),
    Reason(
        *("schedule", "publishschedule", "sqs:SendMessage", "dead letters"),
        "a start that failed as often as the schedule tries",
        "tests/local/rights/test_hops_refused.py",
    ),
)
OF_VARIANTS: tuple[Reason, ...] = (
    Reason(
        *("function", "announcepool", "cognito-idp:DescribeUserPool", "pool"),
        "asked when the stack of an existing pool is deleted; these installations make theirs",
        "tests/local/test_attaching.py",
    ),
    Reason(
        *("function", "arcregionswitch", "logs:CreateLogStream logs:PutLogEvents", "own log group"),
        "Lambda writes the log by the function's role; the local Lambda keeps the output itself",
    ),
    Reason(
        *("function", "arcregionswitch", "xray:PutTraceSegments xray:PutTelemetryRecords", "*"),
        "Lambda's daemon sends traces by the function's role; there is no X-Ray here",
    ),
    Reason(
        *("schedule", "publishschedule", "kms:Decrypt kms:GenerateDataKey", "customer's key"),
        "its dead letters",
        "tests/local/rights/test_generated_key_policy.py",
    ),
    Reason(
        *("gateway", "ActiveDocumentReader", "kms:Decrypt", "customer's key"),
        "the document lies in a bucket that its key encrypts",
        "tests/stacks/test_active_document.py",
    ),
    Reason(
        "function",
        "publishactive",
        "cognito-idp:GetProvisionedLimit cognito-idp:UpdateProvisionedLimit",
        "*",
        "only where the config names a limit; no stage of the local AWS does",
        "tests/local/test_provisioned_limits.py",
    ),
    Reason(
        *("function", "arcregionswitch", "dynamodb:BatchGetItem", "records"),
        "ARC Region switch is not there on the local AWS",
        "tests/unit/recovery/test_region_switch.py",
    ),
    *(
        Reason(
            *("function", "arcregionswitch", action, resource),
            "the same",
            "tests/contract/recovery/test_failover_machine.py",
        )
        for action, resource in (
            ("states:StartExecution", "machine:fail_over"),
            ("states:StartExecution", "machine:stand_down"),
            ("states:DescribeExecution", "execution:fail_over:*"),
            ("states:DescribeExecution", "execution:stand_down:*"),
        )
    ),
)
