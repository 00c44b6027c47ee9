"""Where a global table can have multi-Region strong consistency (MRSC).

Source: Amazon DynamoDB developer guide, "How DynamoDB global tables work", section "Multi-Region
strong consistency": exactly three Regions of one set, as three replicas or two and a witness; no
time to live; no transactions; a concurrent write elsewhere is ReplicatedWriteConflictException.
"""

from __future__ import annotations

REGION_SETS: dict[str, frozenset[str]] = {
    "US": frozenset({"us-east-1", "us-east-2", "us-west-2"}),
    "EU": frozenset({"eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"}),
    "AP": frozenset({"ap-northeast-1", "ap-northeast-2", "ap-northeast-3"}),
}
"""Region set -> its Regions."""


def in_one_set(regions: frozenset[str]) -> bool:
    """Whether one set holds them all."""
    return any(regions <= members for members in REGION_SETS.values())


def described() -> str:
    """The sets, for a message."""
    return "; ".join(f"{name}: {', '.join(sorted(REGION_SETS[name]))}" for name in REGION_SETS)
