"""Why rights stay that only an upgrade needs."""

from __future__ import annotations

from tests.rights.reason import Reason

_REPLAYED = "replayprofile replaymemberships confirmsync"
_KEPT = "called only by executions that began with the definition of the release before"
_UPGRADE = "tests/former/test_worlds.py"
FORMER: tuple[Reason, ...] = (
    *(
        Reason("function", _REPLAYED, actions, resource, _KEPT, _UPGRADE)
        for resource, actions in {
            "ledger": "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:PutItem dynamodb:UpdateItem"
            " dynamodb:DeleteItem",
            "records": "dynamodb:BatchGetItem dynamodb:BatchWriteItem dynamodb:DescribeTable"
            " dynamodb:PutItem dynamodb:Query",
            "names' key": "secretsmanager:GetSecretValue",
            "pool": "cognito-idp:DescribeUserPool cognito-idp:ListIdentityProviders"
            " cognito-idp:GetUserPoolMfaConfig cognito-idp:AdminGetUserAuthFactors"
            " cognito-idp:AdminSetUserMFAPreference"
            " cognito-idp:AdminGetUser cognito-idp:AdminLinkProviderForUser"
            " cognito-idp:AdminDisableProviderForUser"
            " cognito-idp:AdminListGroupsForUser cognito-idp:ListUsers cognito-idp:GetGroup"
            " cognito-idp:AdminCreateUser cognito-idp:AdminUpdateUserAttributes"
            " cognito-idp:AdminDeleteUserAttributes cognito-idp:AdminEnableUser"
            " cognito-idp:AdminDisableUser cognito-idp:AdminSetUserPassword"
            " cognito-idp:AdminDeleteUser cognito-idp:CreateGroup cognito-idp:UpdateGroup"
            " cognito-idp:DeleteGroup cognito-idp:AdminAddUserToGroup"
            " cognito-idp:AdminRemoveUserFromGroup",
            "bus": "events:PutEvents",
        }.items()
    ),
    *(
        Reason("machine", "syncuser", "lambda:InvokeFunction", f"function {task}", _KEPT, _UPGRADE)
        for task in _REPLAYED.split()
    ),
)
"""What goes with the next release."""
