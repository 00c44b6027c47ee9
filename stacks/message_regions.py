"""From which Regions a pool can send mail and SMS.

Source: Amazon Cognito developer guide, "Email settings for Amazon Cognito user pools" (table of SES
Regions) and "SMS message settings for Amazon Cognito user pools" (table of SMS message Regions),
2026-11. A Region that the tables do not name uses its own.
"""

from __future__ import annotations

_FIRST = ("us-east-1", "us-west-2", "eu-west-1")
"""What pools of Cognito's first Regions could use, and still can."""

_BACKWARDS_COMPATIBLE = (
    *("us-east-1", "us-east-2", "us-west-2", "ca-central-1", "ap-northeast-1", "ap-northeast-2"),
    *("ap-south-1", "ap-southeast-1", "ap-southeast-2", "eu-west-1", "eu-west-2", "eu-central-1"),
)
_ALTERNATE = {
    "ca-west-1": "ca-central-1",
    "mx-central-1": "us-east-1",
    "ap-east-1": "ap-southeast-1",
    "ap-southeast-5": "ap-southeast-2",
    "ap-southeast-7": "ap-southeast-1",
    "ap-south-2": "ap-south-1",
    "ap-southeast-4": "ap-southeast-2",
    "eu-central-2": "eu-central-1",
    "eu-south-2": "eu-west-3",
    "me-central-1": "eu-central-1",
}
"""No SES there: the first listed Region is the one of a pool that uses its owner's SES."""

_SMS_ELSEWHERE = {
    "ap-northeast-2": "ap-northeast-1",
    "ap-southeast-5": "ap-southeast-1",
    "ap-southeast-7": "ap-south-1",
    "ap-east-1": "ap-southeast-1",
}
_SMS_ALSO = {
    "us-east-2": "us-east-1",
    "ca-central-1": "us-east-1",
    "eu-central-1": "eu-west-1",
    "eu-west-2": "eu-west-1",
    "ap-south-1": "ap-southeast-1",
}


def mail_regions(pool_region: str) -> tuple[str, ...]:
    """Where an SES identity may be that a pool of this Region sends with; its own first."""
    if alternate := _ALTERNATE.get(pool_region):
        return (alternate,)
    if pool_region in _BACKWARDS_COMPATIBLE:
        return (pool_region, *(each for each in _FIRST if each != pool_region))
    return (pool_region,)


def sms_regions(pool_region: str) -> tuple[str, ...]:
    """From where a pool of this Region can send SMS; the one to use first."""
    if elsewhere := _SMS_ELSEWHERE.get(pool_region):
        return (elsewhere,)
    also = _SMS_ALSO.get(pool_region)
    return (pool_region, also) if also else (pool_region,)
