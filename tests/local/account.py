"""A small account with quotas, in a process of its own: `python -m tests.local.account`."""

from __future__ import annotations

import sys

from local.emulator import LocalAws
from local.quotas.account import AccountQuotas, BucketSize
from local.quotas.categories import RATES, Category
from local.settings import LocalSettings

# Small where a test must exceed it, however slow its machine is.
QUOTAS = AccountQuotas(
    rates={**RATES, Category.USER_POOL_READ: 1},
    lambda_concurrency=10,
    mails_a_day=3,
    start_bucket=BucketSize(8, 0.5),
    transition_bucket=BucketSize(500, 500),
)

if __name__ == "__main__":
    with LocalAws(settings=LocalSettings(wait_scale=0.05, quotas=QUOTAS, rights=False)) as aws:
        sys.stdout.write(f"{aws.endpoint}\n")
        sys.stdout.flush()
        sys.stdin.read()
