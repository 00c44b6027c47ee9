"""Why a restore may do what no run of the tests' installations happened to need."""

from __future__ import annotations

from tests.rights.reason import Reason

_SHOWN = "tests/unit/recovery/test_restoring.py"
_HELD = "tests/contract/operator/test_reconciliations.py"
_RESTORING, _RECONCILING = "execution:restore_pool:*", "execution:reconcile_pool:*"
_PLANNING = "planlisting plancomparison judgedrift planrepairs"
RESTORES: tuple[Reason, ...] = (
    Reason(
        "machine",
        "restorepool",
        "states:DescribeExecution states:StopExecution",
        _RESTORING,
        "Step Functions watches and stops a Distributed Map's children by these; the local one"
        " runs them within itself",
    ),
    Reason(
        *("machine", "restorepool", "states:RedriveExecution", "execution:restore_pool/*"),
        "Step Functions redrives a Distributed Map's children by this, with the machine",
    ),
    Reason(
        *("function", f"{_PLANNING} openrun reconcileregion", "states:DescribeExecution"),
        _RESTORING,
        "whether a restore that holds the pool goes on",
        _HELD,
    ),
    Reason(
        *("function", "openrestore planrestore", "states:DescribeExecution", _RESTORING),
        "the same",
        _HELD,
    ),
    Reason(
        *("function", "openrestore planrestore", "states:DescribeExecution", _RECONCILING),
        "whether a reconciliation that holds the pool goes on",
        _HELD,
    ),
    Reason(
        *("function", "openrestore planrestore", "dynamodb:GetItem", "ledger"),
        "who holds the pool, and whether the table is the confirmed one",
        _HELD,
    ),
    Reason(
        "function",
        "restorepart",
        "cognito-idp:AdminUpdateUserAttributes cognito-idp:AdminDeleteUserAttributes"
        " cognito-idp:AdminEnableUser cognito-idp:AdminDisableUser cognito-idp:AdminDeleteUser"
        " cognito-idp:AdminAddUserToGroup cognito-idp:AdminRemoveUserFromGroup"
        " cognito-idp:CreateGroup cognito-idp:UpdateGroup cognito-idp:DeleteGroup"
        " cognito-idp:GetGroup cognito-idp:ListUsers cognito-idp:ListIdentityProviders",
        "pool",
        "whoever is restored may differ in any part, have groups, or need somebody to give way",
        _SHOWN,
    ),
    Reason(
        *("function", "restorepart", "dynamodb:PutItem", "records"),
        "somebody was changed or deleted meanwhile, which is captured",
        _SHOWN,
    ),
    Reason(
        *("function", "restorepart", "dynamodb:PutItem dynamodb:GetItem", "changes"),
        "an undelete, or what is put back to a time, is asked for as a change",
        _SHOWN,
    ),
    Reason(
        *("function", "restorepart", "dynamodb:BatchGetItem dynamodb:Scan", "tables of a time"),
        "only a restore to a time reads one",
        _SHOWN,
    ),
)
