"""boto3 clients of a stage, each made once."""

from __future__ import annotations

import threading
from typing import Any

import boto3
from botocore.config import Config

_CONFIG = Config(
    connect_timeout=2,
    read_timeout=60,
    retries={"total_max_attempts": 2, "mode": "standard"},
    max_pool_connections=50,
    s3={"addressing_style": "path"},
)


class Clients:
    """Makes and keeps the clients of one endpoint; clients may be shared by threads. A local key is
    the number of its account."""

    def __init__(self, endpoint: str, account: str) -> None:
        self._endpoint, self._account = endpoint, account
        self._session: Any = boto3.session.Session()
        self._made: dict[tuple[str, str, str], Any] = {}
        self._lock = threading.Lock()

    def __call__(self, service: str, region: str, account: str = "") -> Any:
        """The client of a service in a Region, of another account than these clients' if one is
        named."""
        key = (service, region, account or self._account)
        with self._lock:
            if key not in self._made:
                self._made[key] = self._session.client(
                    service, region_name=region, config=_CONFIG, **self._local(key[-1])
                )
            return self._made[key]

    def _local(self, account: str) -> dict[str, str]:
        """No endpoint means AWS itself, with the credentials of the environment."""
        if not self._endpoint:
            return {}
        return {
            "endpoint_url": self._endpoint,
            "aws_access_key_id": account,
            "aws_secret_access_key": "local",
        }
