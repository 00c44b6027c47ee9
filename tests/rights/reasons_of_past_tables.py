"""Why the table of a time may be opened and closed where no run of the tests' installations did."""

from __future__ import annotations

from tests.rights.reason import Reason

_TIMES = "tables of a time"
_SHOWN = "tests/contract/recovery/test_past_tables.py"
PAST_TABLES: tuple[Reason, ...] = (
    Reason(
        *("function", "openpasttable closepasttable openrestore", "dynamodb:DescribeTable", _TIMES),
        "only a restore to a time asks for it",
        _SHOWN,
    ),
    Reason(
        *("function", "openrestore", "dynamodb:DescribeContinuousBackups", "records"),
        "the same",
        _SHOWN,
    ),
    Reason(
        "function",
        "openpasttable",
        "dynamodb:DescribeContinuousBackups dynamodb:RestoreTableToPointInTime",
        "records",
        "the same",
        _SHOWN,
    ),
    Reason(
        "function",
        "openpasttable",
        "dynamodb:BatchWriteItem dynamodb:DeleteItem dynamodb:GetItem dynamodb:PutItem"
        " dynamodb:Query dynamodb:Scan dynamodb:UpdateItem",
        _TIMES,
        "DynamoDB asks for them when it restores a table",
        "tests/local/rights/test_requests.py",
    ),
    Reason(
        *("function", "closepasttable", "dynamodb:DeleteTable", _TIMES),
        "only a restore to a time asks for it",
        _SHOWN,
    ),
    Reason(
        *("function", "sweepfailures", "dynamodb:DescribeTable dynamodb:DeleteTable", _TIMES),
        "nobody went on with a look, or with a restore that crashed, for hours",
        "tests/unit/recovery/test_past_tables.py",
    ),
    Reason(
        *("function", "sweepfailures", "states:ListExecutions", "machine:restore_pool"),
        "the same",
        "tests/unit/recovery/test_past_tables.py",
    ),
)
OF_KEYS: tuple[Reason, ...] = (
    Reason(
        "function",
        "openpasttable",
        "kms:CreateGrant kms:ReEncryptFrom kms:ReEncryptTo",
        "customer's key",
        "DynamoDB asks for them when it makes a table under the key",
        "tests/local/rights/test_requests.py",
    ),
)
