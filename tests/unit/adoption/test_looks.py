"""What the doctor says of what it could not look up."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from cognito_standby.adoption.adapters.looks import looking
from cognito_standby.adoption.ports import NotSeenError

pytestmark = pytest.mark.usefixtures("socket_disabled")
RIGHT = "servicequotas:ListServiceQuotas"


@pytest.mark.parametrize(
    ("code", "told", "needs"),
    [
        ("AccessDeniedException", "ListServiceQuotas: AccessDeniedException", RIGHT),
        ("TooManyRequestsException", "ListServiceQuotas: TooManyRequestsException", ""),
        (
            "400",
            "ListServiceQuotas: HTTP 400 without an error code; what answers there does not know "
            f"this service, as the local AWS knows no Service Quotas. On AWS it takes {RIGHT}",
            "",
        ),
    ],
)
def test_the_cause_is_named_and_the_right(code: str, told: str, needs: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": "somebody"}}, "ListServiceQuotas")
    with pytest.raises(NotSeenError) as caught, looking(RIGHT):
        raise error
    assert (str(caught.value), caught.value.needs) == (told, needs)
