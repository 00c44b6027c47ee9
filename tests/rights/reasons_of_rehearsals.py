"""Rights of rehearsals that a run need not use."""

from __future__ import annotations

from tests.rights.reason import Reason

_DRILL = ("person", "Drill")
_SHOWN = "tests/e2e/test_drill.py"

REHEARSALS: tuple[Reason, ...] = (
    Reason(
        *(*_DRILL, "cognito-idp:GetGroup cognito-idp:CreateGroup cognito-idp:UpdateGroup", "pool"),
        "only where the standby, or a record, has groups",
        _SHOWN,
    ),
    Reason(
        *(*_DRILL, "cognito-idp:AdminAddUserToGroup", "pool"),
        "the same",
        _SHOWN,
    ),
    Reason(
        *(*_DRILL, "cognito-idp:AdminUpdateUserAttributes", "pool"),
        "only of somebody whose creation went wrong half-way and is gone on with",
        "tests/unit/recovery/test_rehearsal.py",
    ),
    Reason(
        *(*_DRILL, "dynamodb:Query", "records/index/by-shard"),
        "only for a sample of records",
        _SHOWN,
    ),
    Reason(
        *(*_DRILL, "dynamodb:BatchGetItem", "ledger"),
        "the same: whoever was erased is no sample",
        _SHOWN,
    ),
)

OF_VARIANTS: tuple[Reason, ...] = (
    Reason(
        *(*_DRILL, "kms:Decrypt kms:GenerateDataKey", "customer's key"),
        "records are read, and the report is written, with the installation's key",
        "tests/stacks/test_drill_rights.py",
    ),
)
