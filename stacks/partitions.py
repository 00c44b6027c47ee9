"""Which Regions an installation can be in: those of AWS's standard partition, `aws`.

Others are refused when the config is read, for reasons that no option would fix:

- China (aws-cn) has no Cognito user pools (AWS Regional services list).
- GovCloud (aws-us-gov), the isolated partitions and the European sovereign cloud (aws-eusc): the
  state machines name service integrations by `arn:aws:states:::...`, which belong to a partition,
  and nothing here was ever run there. EventBridge Pipes, which replication goes through, has no
  endpoint of aws-us-gov in the SDK's table (botocore, 2026-11).

A global table does not leave its partition, so a mixed pair could not exist anyway.
"""

from __future__ import annotations

from difflib import get_close_matches

REGIONS = frozenset(
    (
        *("af-south-1", "ap-east-1", "ap-east-2", "ap-northeast-1", "ap-northeast-2"),
        *("ap-northeast-3", "ap-south-1", "ap-south-2", "ap-southeast-1", "ap-southeast-2"),
        *("ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6"),
        *("ap-southeast-7", "ca-central-1", "ca-west-1", "eu-central-1", "eu-central-2"),
        *("eu-north-1", "eu-south-1", "eu-south-2", "eu-west-1", "eu-west-2", "eu-west-3"),
        *("il-central-1", "me-central-1", "me-south-1", "me-west-1", "mx-central-1"),
        *("sa-east-1", "sa-west-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"),
    )
)
"""Of the partition `aws`, as the locked SDK knows them; a test compares. A name that is written
wrongly would else be found by a deployment, half way."""

OTHERS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
    "eusc-": "aws-eusc",
}
"""Prefix of a Region's name -> the partition that it is of."""


def in_standard_partition(region: str) -> str:
    """The Region itself. ValueError: it is of another partition, or there is none of this name."""
    for prefix, partition in OTHERS.items():
        if region.startswith(prefix):
            reason = (
                "it has no Cognito user pools"
                if partition == "aws-cn"
                else "the state machines are written for the partition aws"
            )
            raise ValueError(f"{region} is of the partition {partition}: {reason}")
    if region not in REGIONS:
        near = get_close_matches(region.strip().lower(), sorted(REGIONS), n=1, cutoff=0)
        raise ValueError(f"no Region {region!r} is known; the nearest name is {near[0]}")
    return region


def in_standard_arn(arn: str) -> str:
    """The ARN itself. ValueError: it is of another partition."""
    if not arn.startswith("arn:aws:"):
        partition = arn.split(":")[1]
        raise ValueError(f"{arn} is of the partition {partition}; only aws is supported")
    return arn
