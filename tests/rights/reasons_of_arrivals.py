"""Why the triggers of a pool that is filled on demand may do what others may not.

No stage that the tests share has such a pool: it would lack the people of all other tests. A stage
of its own does, and judges every call.
"""

from __future__ import annotations

from tests.rights.reason import Reason

_SHOWN = "tests/e2e/test_on_demand.py"
_FUNCTION = ("function", "usermigration")
OF_VARIANTS: tuple[Reason, ...] = (
    Reason(
        *(*_FUNCTION, "logs:CreateLogStream logs:PutLogEvents", "own log group"),
        "Lambda writes the log by the function's role; the local Lambda keeps the output itself",
    ),
    Reason(
        *(*_FUNCTION, "xray:PutTraceSegments xray:PutTelemetryRecords", "*"),
        "Lambda's daemon sends traces by the function's role; there is no X-Ray here",
    ),
    Reason(
        *_FUNCTION,
        "cognito-idp:DescribeUserPool cognito-idp:ListIdentityProviders"
        " cognito-idp:GetUserPoolMfaConfig cognito-idp:AdminGetUser cognito-idp:ListUsers"
        " cognito-idp:AdminGetUserAuthFactors cognito-idp:AdminListGroupsForUser",
        "pool",
        "whether somebody is in the pool already, and what it can hold; factors and groups of"
        " whoever is there by now",
        _SHOWN,
    ),
    Reason(
        *(*_FUNCTION, "cognito-idp:AdminInitiateAuth", "pool"),
        "whether a password opens the former pool",
        _SHOWN,
    ),
    Reason(
        *(*_FUNCTION, "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:UpdateItem", "ledger"),
        "lease and intent of a creation, the confirmed table, and who was erased",
        _SHOWN,
    ),
    Reason(
        *(*_FUNCTION, "dynamodb:BatchGetItem dynamodb:Query dynamodb:DescribeTable", "records"),
        "who has the name, by their records, in the confirmed table",
        _SHOWN,
    ),
    Reason(
        *(*_FUNCTION, "secretsmanager:GetSecretValue", "names' key"),
        "without it no name is found",
        _SHOWN,
    ),
    Reason(*(*_FUNCTION, "events:PutEvents", "bus"), "the hint to look afterwards", _SHOWN),
    Reason(
        *(*_FUNCTION, "ssm:GetParameter", "active parameter"),
        "the fence, where the claims cannot be read",
        "tests/unit/triggers/test_fence_reads.py",
    ),
    Reason(
        *("function", "presignup", "dynamodb:Query", "records"),
        "whose name somebody takes who signs up",
        _SHOWN,
    ),
    Reason(
        *("function", "presignup", "secretsmanager:GetSecretValue", "names' key"),
        "the same",
        _SHOWN,
    ),
    Reason(
        *("function", "presignup", "cognito-idp:DescribeUserPool", "pool"),
        "by what people sign in to an existing pool; of a created one it is told",
        _SHOWN,
    ),
    Reason(
        *("function", "pretokengeneration"),
        "dynamodb:GetItem dynamodb:PutItem dynamodb:UpdateItem",
        "ledger",
        "whoever was just made is noted before their first token",
        _SHOWN,
    ),
)
