"""What a pool maker believes of answers that tell it nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.configuration.adapters.making import CognitoPoolMaker
from cognito_standby.configuration.domain.making import RESTORED_FROM
from cognito_standby.core.domain.errors import MisconfiguredError

pytestmark = pytest.mark.usefixtures("socket_disabled")
ARN = "arn:aws:cognito-idp:us-east-1:111111111111:userpool/"
OLDER, NEWER = "us-east-1_older0000", "us-east-1_newer0000"


class Cognito:
    """Two pools of one name; `codes`: what one is answered with instead."""

    def __init__(self, **codes: str) -> None:
        self.codes = codes

    def list_user_pools(self, **_: Any) -> dict[str, Any]:
        made = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
        pools = zip((NEWER, OLDER), reversed(made), strict=True)
        return {"UserPools": [{"Id": i, "Name": "people", "CreationDate": at} for i, at in pools]}

    def describe_user_pool(self, *, UserPoolId: str) -> dict[str, Any]:  # noqa: N803
        if code := self.codes.get(UserPoolId.removeprefix("us-east-1_")):
            raise ClientError({"Error": {"Code": code}}, "DescribeUserPool")
        return {"UserPool": {"Id": UserPoolId, "UserPoolTags": {RESTORED_FROM: "there/then"}}}


def maker(**codes: str) -> CognitoPoolMaker:
    return CognitoPoolMaker(Cognito(**codes), None, None, ARN)


def test_of_two_pools_that_were_made_from_a_snapshot_the_older_is_gone_on_with() -> None:
    assert maker().made_from("there/then", "people") == OLDER
    assert maker(older0000="ResourceNotFoundException").made_from("there/then", "people") == NEWER
    assert maker().made_from("there/other", "people") == ""


def test_a_pool_that_may_not_be_looked_at_is_not_taken_for_none() -> None:
    """Each run would make another one."""
    denied = maker(older0000="AccessDeniedException", newer0000="AccessDeniedException")
    with pytest.raises(MisconfiguredError, match="DescribeUserPool: AccessDenied"):
        denied.made_from("there/then", "people")
    with pytest.raises(MisconfiguredError):
        denied.is_there(OLDER)


def test_a_pool_that_was_deleted_is_not_there() -> None:
    assert not maker(older0000="ResourceNotFoundException").is_there(OLDER)
    assert maker().is_there(OLDER)
