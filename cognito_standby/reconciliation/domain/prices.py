"""What AWS charges: list prices of us-east-1, on demand, without free tiers and taxes.

The only place with prices. They change, and differ by Region: every figure made of them is shown
with `DATE` and `SOURCE`, and says that it is an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping

DATE = "2026-11"
SOURCE = "AWS price lists, us-east-1, on demand (Lambda on arm64), without free tiers"
MILLION = 1_000_000

STATE_TRANSITION = 25 / MILLION
EXPRESS_REQUEST = 1 / MILLION
EXPRESS_GB_SECOND = 16.67 / MILLION
"""Of an Express execution's duration, in steps of 64 MB; ours are small."""

LAMBDA_REQUEST = 0.2 / MILLION
LAMBDA_GB_SECOND = 13.3334 / MILLION
READ_UNIT = 0.125 / MILLION
WRITE_UNIT = 0.625 / MILLION
"""Of the table's own replica; a global table bills the same again in each other Region."""

S3_PUT = 5 / MILLION
S3_GET = 0.4 / MILLION

STORED_GIGABYTE, RECOVERABLE_GIGABYTE = 0.25, 0.20
"""Of a table a month; the second is point-in-time recovery."""

LOG_GIGABYTE = 0.5
ALARM_METRIC, DASHBOARD, CUSTOM_METRIC = 0.1, 3.0, 0.3
KEY, SECRET = 1.0, 0.4
CUSTOM_EVENT = 1 / MILLION
GIGABYTE = 1_000_000_000

ACTIVE_USER: Mapping[str, float] = {"Lite": 0.0055, "Essentials": 0.015, "Plus": 0.02}
"""One monthly active user by the pool's plan. Lite's falls with the number: this is its first
step, so that an estimate is never too low."""

REPLICATED_ACTIVE_USER = 0.0045
"""One monthly active user of Cognito's own replication, on Essentials."""


def active_users_usd(users: int) -> dict[str, float]:
    """Plan -> dollars for so many more monthly active users."""
    return {plan: round(users * price, 2) for plan, price in ACTIVE_USER.items()}
