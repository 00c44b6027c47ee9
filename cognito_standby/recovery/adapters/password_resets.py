"""Resets of passwords: what the ledger's rows tell of them, and the sessions that they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.items import row_of_its_shape
from cognito_standby.core.adapters.ledger_table import LedgerItems
from cognito_standby.core.adapters.ledger_writes import update_request
from cognito_standby.core.domain.epochs import Epoch
from cognito_standby.core.domain.errors import PlanStaleError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.changed_passwords import ResetNote, Stage

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class DynamoResetNotes(LedgerItems):
    """ResetNotes in the ledger table. Shape: docs/data.md."""

    def read(self, subject: Subject) -> ResetNote | None:
        """One consistent GetItem. InvalidRecordError: the row has not the documented shape."""
        item = self._get(subject.key)
        with row_of_its_shape():
            if "reset_stage" not in item:
                return None
            epoch = Epoch(int(item["reset_epoch"]), str(item["reset_region"]))
            return ResetNote(epoch, Stage(item["reset_stage"]))

    def note(self, subject: Subject, holder: str, note: ResetNote) -> None:
        """One UpdateItem."""
        values = {
            "reset_epoch": note.epoch.number,
            "reset_region": note.epoch.region,
            "reset_stage": note.stage.value,
        }
        request = update_request(self._table, subject, holder, values, ())
        if not unless_refused(lambda: self._client.update_item(**request)):
            raise PlanStaleError("the lease is lost")


class CognitoSessions:
    """Sessions of one pool's users."""

    def __init__(self, client: CognitoIdentityProviderClient, user_pool_id: str) -> None:
        self._client, self._pool = client, user_pool_id

    def end_all(self, username: str) -> None:
        """AdminUserGlobalSignOut."""
        with translated():
            try:
                self._client.admin_user_global_sign_out(UserPoolId=self._pool, Username=username)
            except self._client.exceptions.UserNotFoundException:
                return
