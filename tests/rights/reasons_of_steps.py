"""Why rights of the steps of `sync_user` and `apply_admin_change` stay that a run did not use."""

from __future__ import annotations

from tests.rights.reason import Reason

CHANGES = "snapshotuser writerecord compensatechange"
MANY = "repairbatch restorepart"
"""Whoever sends many through the steps of sync_user."""
RESETS = "resetchangedpasswords"
LOOKING = f"plansync capturerecord replayrecord containfailure {CHANGES} applychange"
"""Whoever looks at a subject: records, pool, and whose an address in the way is."""
SAGA = "tests/saga/test_faults.py"
CONTAIN = "tests/unit/failures/test_contain.py"
REPAIRS = "tests/property/test_reconciliation.py"

LOOKS: tuple[Reason, ...] = (
    Reason(
        *("function", f"{LOOKING} adminapi {RESETS}", "cognito-idp:ListUsers", "pool"),
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
        *("function", f"{LOOKING} adminapi planlisting listpart"),
        *("dynamodb:BatchGetItem", "ledger"),
        "whose a local sub is, where the user's own copy does not tell or an address is held",
        "tests/unit/replication/test_taken_addresses.py",
    ),
    Reason(
        *("function", f"{LOOKING} adminapi notefailure", "dynamodb:GetItem", "ledger"),
        "the row of somebody whose creation was cut off, and the Region's notes",
        "tests/unit/changes/test_ids_of_others.py",
    ),
    Reason(
        *("function", "notefailure", "dynamodb:BatchGetItem", "ledger"),
        "whom a failed hint was about that names a local sub",
        "tests/unit/failures/test_failures.py",
    ),
)
"""What looks need only of a few users."""

WRITES: tuple[Reason, ...] = (
    Reason(
        "function",
        f"plansync capturerecord containfailure {CHANGES}",
        "dynamodb:PutItem",
        "ledger",
        "the reverse map of a creation that was found again after its execution had died, and of a"
        " provider's user whom a record knows",
        "tests/unit/replication/test_plan_sync.py",
    ),
    Reason(
        *("function", f"plansync capturerecord replayrecord {CHANGES}", "dynamodb:DeleteItem"),
        "ledger",
        "the list of conflicts of somebody who was erased",
        "tests/unit/core/test_conflicts.py",
    ),
    Reason(
        *("function", "plansync replayrecord", "dynamodb:PutItem", "records"),
        "an own tombstone beside the other Region's",
        "tests/property/test_explorer.py",
    ),
    Reason(
        *("function", f"{CHANGES} applychange", "dynamodb:PutItem", "records"),
        "who is changed first here after a failover, who is removed, and a removal taken back",
        SAGA,
    ),
    Reason(
        *(
            "function",
            f"plansync replayrecord repairbatch restorepart applychange containfailure {CHANGES}",
        ),
        "secretsmanager:GetSecretValue",
        "names' key",
        "only where a record of a user is written, or a provider's user is not known, once a"
        " process",
        "tests/contract/replication/test_name_walk.py",
    ),
    Reason(
        *(
            "function",
            f"plansync replayrecord repairbatch restorepart applychange {CHANGES} sweepfailures",
        ),
        "dynamodb:BatchWriteItem",
        "records",
        "only where somebody comes or goes, or has another name, and what an older release wrote",
        "tests/contract/core/test_names.py",
    ),
    Reason(
        "function",
        f"plansync capturerecord replayrecord {MANY} applychange containfailure {CHANGES}",
        "dynamodb:Query",
        "records",
        "whose the identity of a provider's user is whom neither ledger nor records know",
        "tests/unit/replication/fidelity/test_completed.py",
    ),
    Reason(
        *("function", "sweepfailures"),
        "dynamodb:BatchGetItem dynamodb:UpdateItem dynamodb:DeleteItem",
        "records",
        "what an older release or a crash left, and there is something to look at",
        "tests/contract/replication/test_name_walk.py",
    ),
    Reason(
        *("function", f"capturerecord {CHANGES} judgedrift {MANY} openrestore replayrecord"),
        "dynamodb:DescribeTable",
        "records",
        "which table it is, asked once a minute and only before somebody is made or removed",
        "tests/unit/core/test_absence.py",
    ),
    Reason(
        *("function", f"capturerecord {CHANGES} judgedrift {MANY} openrun"),
        "cognito-idp:ListPointInTimeRecoveries",
        "pool",
        "asked only before a deletion, or somebody who is back, is believed",
        "tests/unit/core/test_absence.py",
    ),
    Reason(
        "function",
        f"capturerecord replayrecord containfailure {CHANGES} judgedrift {MANY} sweepfailures",
        "events:PutEvents",
        "bus",
        "wakes the sync of a group that is missing, or of somebody who has to give way or waits",
        "tests/property/test_explorer.py",
    ),
)
"""What is written only where something else has moved or failed."""

POOL_WRITES: tuple[Reason, ...] = (
    Reason(
        *("function", "applychange"),
        "cognito-idp:AdminLinkProviderForUser cognito-idp:AdminSetUserMFAPreference",
        "pool",
        "who is undeleted gets back linked identities and second factors; few have any",
        "tests/saga/test_undelete.py",
    ),
    Reason(
        *("function", "snapshotuser", "cognito-idp:GetGroup", "pool"),
        "which of somebody's groups there still are when they are undeleted",
        "tests/saga/test_undelete.py",
    ),
    Reason(
        "function",
        "replayrecord",
        "cognito-idp:AdminDeleteUser cognito-idp:AdminDeleteUserAttributes"
        " cognito-idp:AdminEnableUser cognito-idp:AdminUpdateUserAttributes"
        " cognito-idp:DeleteGroup",
        "pool",
        "a replay may write each part of a profile, and removes the erased; a run of other people"
        " writes others",
        "tests/property/test_explorer.py",
    ),
    Reason(
        *("function", f"{LOOKING} adminapi {MANY} openrestore measurerpo {RESETS}"),
        "cognito-idp:GetUserPoolMfaConfig",
        "pool",
        "which second factors a pool offers, asked only where it has MFA",
        "tests/local/test_factors_port.py",
    ),
    Reason(
        *("function", f"{LOOKING} adminapi {MANY} measurerpo {RESETS}"),
        "cognito-idp:AdminGetUserAuthFactors",
        "pool",
        "passkeys, asked only where the pool offers them",
        "tests/local/test_factors_port.py",
    ),
    Reason(
        *("function", f"replayrecord {MANY} containfailure"),
        "cognito-idp:AdminSetUserMFAPreference",
        "pool",
        "a second factor that somebody turned on or off; a run of other people has none",
        "tests/unit/replication/fidelity/test_factors.py",
    ),
    Reason(
        *("function", f"replayrecord {MANY} containfailure"),
        "cognito-idp:AdminLinkProviderForUser cognito-idp:AdminDisableProviderForUser",
        "pool",
        "an identity that was linked to somebody, or no longer is; a run of other people has none",
        "tests/unit/replication/fidelity/test_linked.py",
    ),
    Reason(
        *("function", "replayrecord", "cognito-idp:AdminRemoveUserFromGroup", "pool"),
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
        SAGA,
    ),
    Reason(
        "function",
        "containfailure",
        "cognito-idp:AdminAddUserToGroup cognito-idp:AdminRemoveUserFromGroup"
        " cognito-idp:AdminDeleteUserAttributes cognito-idp:AdminDisableUser"
        " cognito-idp:AdminEnableUser cognito-idp:AdminUpdateUserAttributes",
        "pool",
        "puts back whatever a replay had half written when it failed",
        CONTAIN,
    ),
    Reason(
        "function",
        "repairbatch",
        "cognito-idp:AdminDeleteUser cognito-idp:AdminDeleteUserAttributes cognito-idp:DeleteGroup",
        "pool",
        "the drift that a reconciliation finds may be in any part of a user or a group, and the"
        " purge removes who was deleted long ago",
        REPAIRS,
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
