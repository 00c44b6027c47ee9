"""What an account may do: the numbers, with their sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from local.quotas.categories import RATES, Category

_LARGE = frozenset({"us-east-1", "us-west-2", "eu-west-1"})


class Place(NamedTuple):
    """Where a quota counts: AWS keeps each one by account and by Region."""

    account: str
    region: str


@dataclass(frozen=True)
class BucketSize:
    """A token bucket: tokens at most, and tokens a second."""

    size: float
    rate: float


def starts(region: str) -> BucketSize:
    """StartExecution of Standard machines (Step Functions developer guide, "Service quotas",
    API action throttling)."""
    return BucketSize(1300, 300) if region in _LARGE else BucketSize(800, 150)


def transitions(region: str) -> BucketSize:
    """State transitions of Standard executions (same page, state throttling). New accounts have
    less, AWS does not say how much; these are the lowest figures that it ever published."""
    return BucketSize(5000, 1500) if region in _LARGE else BucketSize(800, 500)


@dataclass(frozen=True)
class AccountQuotas:
    """One account's quotas, in each of its Regions.

    `lambda_concurrency`: invocations at once (Lambda developer guide, "Lambda quotas": 1,000 by
    default, and new accounts begin with less, often 10). `mails_a_day`: by Cognito's own sender,
    for the whole account ("Email settings for Amazon Cognito user pools"). `start_bucket`,
    `transition_bucket`: Step Functions' own; None: what its page says of the Region.
    """

    rates: Mapping[Category, float] = field(default_factory=lambda: RATES)
    lambda_concurrency: int = 1000
    mails_a_day: int = 50
    start_bucket: BucketSize | None = None
    transition_bucket: BucketSize | None = None

    def starts(self, region: str) -> BucketSize:
        """The bucket of StartExecution in a Region."""
        return self.start_bucket or starts(region)

    def transitions(self, region: str) -> BucketSize:
        """The bucket of state transitions in a Region."""
        return self.transition_bucket or transitions(region)
