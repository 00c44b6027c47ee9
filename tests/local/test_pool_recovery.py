"""Point-in-time recovery of a pool on the local AWS."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.domain.absence import Recovery
from cognito_standby.core.domain.errors import PoolPausedError
from local.emulator import LocalAws
from tests.local.conftest import REGION, refused, unique
from tests.local.pools import PASSWORD

pytestmark = pytest.mark.local_aws


class Recoverable:
    """A pool with Ann in the group staff, and a moment before anything else happened."""

    def __init__(self, aws: LocalAws) -> None:
        self.client: Any = aws.client("cognito-idp", REGION)
        self.id = self.client.create_user_pool(PoolName=unique())["UserPool"]["Id"]
        self.client.create_group(UserPoolId=self.id, GroupName="staff")
        self.create("ann")
        self.client.admin_add_user_to_group(UserPoolId=self.id, Username="ann", GroupName="staff")
        time.sleep(0.01)
        self.moment = datetime.now(UTC)
        time.sleep(0.01)

    def create(self, name: str) -> None:
        self.client.admin_create_user(
            UserPoolId=self.id, Username=name, TemporaryPassword=PASSWORD, MessageAction="SUPPRESS"
        )

    def initiate(self) -> str:
        answer = self.client.initiate_point_in_time_recovery(
            UserPoolId=self.id, RestoreTimestamp=self.moment
        )
        return str(answer["Restoration"]["RestoreId"])

    def start(self, name: str) -> None:
        self.client.start_point_in_time_recovery(UserPoolId=self.id, RestoreId=name)

    def cancel(self, name: str) -> None:
        self.client.cancel_point_in_time_recovery(UserPoolId=self.id, RestoreId=name)

    def names(self) -> list[str]:
        users = self.client.list_users(UserPoolId=self.id)["Users"]
        return sorted(user["Username"] for user in users)

    def groups_of(self, name: str) -> list[str]:
        groups = self.client.admin_list_groups_for_user(UserPoolId=self.id, Username=name)
        return [group["GroupName"] for group in groups["Groups"]]


@pytest.fixture
def pool(aws: LocalAws) -> Recoverable:
    return Recoverable(aws)


def test_users_and_groups_are_as_they_were(pool: Recoverable) -> None:
    pool.create("ben")
    pool.client.admin_delete_user(UserPoolId=pool.id, Username="ann")
    pool.client.delete_group(UserPoolId=pool.id, GroupName="staff")
    pool.start(pool.initiate())
    assert pool.names() == ["ann"]
    assert pool.groups_of("ann") == ["staff"]
    pool.create("cyd")
    assert pool.names() == ["ann", "cyd"]


def test_writes_are_refused_until_it_ends_and_reads_are_not(pool: Recoverable) -> None:
    name = pool.initiate()
    with refused("OperationNotEnabledException"):
        pool.create("ben")
    with refused("OperationNotEnabledException"):
        pool.client.admin_disable_user(UserPoolId=pool.id, Username="ann")
    assert pool.names() == ["ann"]
    with refused("ConcurrentModificationException"):
        pool.initiate()
    pool.cancel(name)
    pool.create("ben")
    assert pool.names() == ["ann", "ben"]
    with refused("InvalidParameterException"):
        pool.start(name)


def test_the_adapter_sees_recoveries_and_what_they_refuse(pool: Recoverable) -> None:
    directory = CognitoUserDirectory(pool.client, pool.id)
    assert directory.recoveries() == ()
    name = pool.initiate()
    with pytest.raises(PoolPausedError):
        directory.set_enabled("ann", False)
    (found,) = directory.recoveries()
    assert found.under_way
    pool.start(name)
    assert directory.recoveries() == (Recovery(name, "RESTORE_COMPLETED"),)


def test_a_moment_before_the_pool_is_refused(pool: Recoverable) -> None:
    pool.moment = datetime(2020, 1, 1, tzinfo=UTC)
    with refused("InvalidParameterException"):
        pool.initiate()
