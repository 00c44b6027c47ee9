"""How long AWS takes and how much it stores: assumed, because nothing here runs on AWS.

The figure for listings leans on what the guide of AWS's own export measured: a page of 60 with its
three writes of 25 items took 0.79 s (100,000 and 250,000 users) to 1.05 s (500,000); the listing's
part of that is assumed to be 0.3 s, in both models. The others are round figures of the usual size.
"""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Latencies:
    """Seconds, on average; a single answer takes 0.6 to 1.8 times as long."""

    list_page: float = 0.3
    """ListUsers, ListUsersInGroup."""
    list_groups: float = 0.15
    describe: float = 0.15
    refusal: float = 0.03
    """TooManyRequestsException."""
    query_page: float = 0.12
    """Query of an index, up to 1 MB an answer."""
    batch_get: float = 0.02
    put_item: float = 0.01
    s3_put: float = 0.05
    s3_get: float = 0.03
    s3_list: float = 0.04
    transition: float = 0.03
    """A state of a Standard machine beside its task."""
    map_start: float = 1.0
    """A Distributed Map until its first child runs."""
    child_start: float = 0.15
    """StartExecution of an Express child and its first state."""
    cold_start: float = 0.9
    """A function's first call in a sandbox: Python and boto3."""
    warm_start: float = 0.015


SPREAD = (0.6, 1.8, 0.6)
"""Lowest and highest factor on a latency, and the most frequent one: a long tail."""
MEAN_OF_SPREAD = sum(SPREAD) / 3

RECORD_BYTES = 190
"""A record in the index `by-shard`: names and values of what stacks/data_stack.py projects."""
LEDGER_BYTES = 310
"""A row in the ledger's index `by-shard`, as stacks/constructs/storage/ledger.py projects it."""
MAX_QUERY_BYTES = 1024 * 1024
READ_UNIT_BYTES = 4096
FUNCTION_MB = 1024
"""Memory of the functions that work on many users."""
FULL_CORE_MB = 1769
"""Lambda gives one core at this memory, and less in proportion (Lambda developer guide)."""

LISTED_USER_SECONDS = 100e-6
COMPARED_ITEM_SECONDS = 65e-6
"""What a function of that size computes for each user listed and for each record or row compared,
the SDK's parsing included. Kept fixed, so that a run is repeatable; the bench prints what it
measures beside it."""


class Delays:
    """Draws latencies, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def of(self, seconds: float) -> float:
        """One answer's time."""
        return seconds * self._random.triangular(*SPREAD) / MEAN_OF_SPREAD
