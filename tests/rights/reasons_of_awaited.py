"""Why others than the triggers may do more where a pool is filled on demand.

As for the triggers, no stage that the tests share has such a pool (`reasons_of_arrivals`).
"""

from __future__ import annotations

from tests.rights.reason import Reason

_API = "tests/unit/changes/test_awaited.py"
OF_VARIANTS: tuple[Reason, ...] = (
    Reason(
        *("function", "adminapi", "dynamodb:Query", "records"),
        "who is awaited is found by a name of their record",
        _API,
    ),
    Reason(
        *("function", "adminapi", "secretsmanager:GetSecretValue", "names' key"),
        "without it no name is found",
        _API,
    ),
    Reason(
        *("function", "snapshotuser"),
        "cognito-idp:AdminCreateUser cognito-idp:AdminSetUserPassword"
        " cognito-idp:AdminAddUserToGroup cognito-idp:AdminRemoveUserFromGroup"
        " cognito-idp:AdminUpdateUserAttributes cognito-idp:AdminDeleteUserAttributes"
        " cognito-idp:AdminEnableUser cognito-idp:AdminDisableUser cognito-idp:AdminDeleteUser"
        " cognito-idp:AdminLinkProviderForUser cognito-idp:AdminSetUserMFAPreference",
        "pool",
        "whoever is awaited is made as a replay makes them, before they are changed",
        _API,
    ),
    Reason(
        *("function", "comparebucket", "dynamodb:BatchGetItem", "records"),
        "how those get in who are awaited: no listing shows them",
        "tests/unit/reconciliation/test_awaited.py",
    ),
)
