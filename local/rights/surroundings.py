"""What a request alone does not tell: where it was sent, and what the deployed resources are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Surroundings:
    """Facts of the deployed templates."""

    partition_keys: Mapping[str, str] = field(default_factory=dict)
    """ARN of a table or an index -> name of its partition key."""
    customer_keys: Mapping[str, str] = field(default_factory=dict)
    """ARN of a table, queue, topic, bucket -> ARN of the KMS key it is encrypted with, if that is
    a customer's (AWS's own keys ask for no rights)."""
    tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """ARN of a user pool -> its tags, by which rights on it are judged; a pool without tags, or
    that is not there, is missing."""


@dataclass(frozen=True)
class Place:
    """One Region of one account, and what is in it."""

    region: str
    account: str
    surroundings: Surroundings = field(default_factory=Surroundings)
    partition: str = "aws"

    def arn(self, service: str, rest: str) -> str:
        """Of something in this Region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{rest}"

    def partition_key(self, arn: str) -> str:
        """Of a table or an index; "" where no such table is: nothing is told of a key then, so that
        a right that asks for one refuses, and any other meets the service's own answer."""
        return self.surroundings.partition_keys.get(arn, "")
