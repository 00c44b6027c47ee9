"""Where a Region's export and an import's notes lie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.after_failover import AfterFailover
from cognito_standby.core.domain.errors import MisconfiguredError
from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.core.settings import ReplaySettings
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.recovery.adapters.transfer_files import BucketFiles, FolderFiles
from cognito_standby.recovery.adapters.transfer_installation import open_transfer
from tests.unit.world import BACKUP, PRIMARY

pytestmark = pytest.mark.usefixtures("socket_disabled")
OUTPUTS = {
    **{"Region": BACKUP, "Role": "backup", "Installation": "standby", "UserPoolId": "pool"},
    **{"RecordsTable": "records", "LedgerTable": "ledger", "BusName": "bus"},
    "ReconcileBucket": "bucket",
}


def connection() -> Any:
    return Mock(spec=Connection)


def test_a_run_is_noted_in_the_bucket_wherever_the_export_lies(tmp_path: Path) -> None:
    here = open_transfer(connection(), OUTPUTS, PRIMARY, tmp_path)
    assert isinstance(here.files, FolderFiles)
    assert isinstance(here.notes, BucketFiles)
    assert isinstance(open_transfer(connection(), OUTPUTS, PRIMARY).files, BucketFiles)


def test_users_are_judged_as_the_replays_of_the_stack_judge_them() -> None:
    kinds = {"Apple": "pairwise", "Google": "public"}
    told = ReplaySettings(AfterFailover.OTP, FederatedWay.STAGED, kinds).to_env()
    outputs = {**OUTPUTS, "ReplaySettings": json.dumps(told)}
    sync = open_transfer(connection(), outputs, PRIMARY).sync
    directory = sync.directory
    assert isinstance(directory, CognitoUserDirectory)
    assert sync.federated is FederatedWay.STAGED
    assert directory._pairwise == {"Apple"}
    of_the_release_before = open_transfer(connection(), OUTPUTS, PRIMARY).sync
    assert of_the_release_before.federated is FederatedWay.ON_SIGN_IN


def test_a_folder_that_cannot_be_written_or_read_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    files = FolderFiles(tmp_path / "file")
    for refused in (
        lambda: files.write("a/b", b"x"),
        lambda: files.write_new("a/b", b"x"),
        lambda: files.read("a/b"),
    ):
        with pytest.raises(MisconfiguredError, match="Not a directory"):
            refused()
    there = FolderFiles(tmp_path / "made" / "new")
    assert there.write_new("a/b", b"x")
    assert not there.write_new("a/b", b"y")
    assert there.read("a/b") == b"x"
    assert there.read("a/c") is None
