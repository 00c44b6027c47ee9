"""Clients for the trigger, whose cold start a person waits for, by botocore alone.

The trigger would use nothing of boto3 but `client`, and importing boto3 imports s3transfer as well.
Every client refuses truncated answers.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

from cognito_standby.core.adapters.whole_answers import whole


def of(service: str, config: Config, region: str | None = None) -> Any:
    """A client in a Region; None: the environment's."""
    return whole(_session().create_client(service, region_name=region, config=config))


@cache
def _session() -> Session:
    """One for all: it keeps what it has read of endpoints and credentials."""
    return get_session()
