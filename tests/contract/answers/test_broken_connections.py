"""A connection that breaks is an error of the taxonomy, whatever an adapter was doing: what gets
through as botocore raised it is retried by no machine, and its text names the endpoint."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ConnectionClosedError

from cognito_standby.core.domain.errors import ServiceUnavailableError
from tests.contract.answers.every_call import CALLS
from tests.contract.backends import PRIMARY

ONCE = Config(retries={"total_max_attempts": 1})


def broken(service: str) -> Any:
    """A client whose every connection is closed without an answer."""

    def cut(request: Any, **_: Any) -> None:
        raise ConnectionClosedError(endpoint_url=request.url)

    make: Any = boto3.client
    client = make(service, region_name=PRIMARY, config=ONCE)
    client.meta.events.register("before-send", cut)
    return client


@pytest.mark.parametrize("call", CALLS)
def test_a_broken_connection(call: str, socket_disabled: None, no_credentials: None) -> None:
    with pytest.raises(ServiceUnavailableError) as caught:
        CALLS[call](broken)
    assert "https" not in str(caught.value)
