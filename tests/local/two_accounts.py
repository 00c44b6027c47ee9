"""The second account of the local AWS, as the helpers of these tests want one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.emulator import LocalAws

SECOND = "222222222222"


@dataclass(frozen=True)
class InAccount:
    """A local AWS, seen with the credentials of one of its accounts."""

    aws: LocalAws
    account: str = SECOND

    @property
    def endpoint(self) -> str:
        return self.aws.endpoint

    def client(self, service: str, region: str) -> Any:
        return self.aws.client(service, region, self.account)
