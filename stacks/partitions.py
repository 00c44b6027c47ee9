"""Which Regions an installation can be in: those of AWS's standard partition, `aws`.

Others are refused when the config is read, for reasons that no option would mend:

- China (aws-cn) has no Cognito user pools (AWS Regional services list).
- GovCloud (aws-us-gov), the isolated partitions and the European sovereign cloud (aws-eusc): the
  state machines name service integrations by `arn:aws:states:::...`, which belong to a partition,
  and nothing here was ever run there. EventBridge Pipes, which replication goes through, has no
  endpoint of aws-us-gov in the SDK's table (botocore, 2026-11).

A global table does not leave its partition, so a mixed pair could not exist anyway.
"""

from __future__ import annotations

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
    """The Region itself. ValueError: it is of another partition."""
    for prefix, partition in OTHERS.items():
        if region.startswith(prefix):
            reason = (
                "it has no Cognito user pools"
                if partition == "aws-cn"
                else "the state machines are written for the partition aws"
            )
            raise ValueError(f"{region} is of the partition {partition}: {reason}")
    return region


def in_standard_arn(arn: str) -> str:
    """The ARN itself. ValueError: it is of another partition."""
    if not arn.startswith("arn:aws:"):
        partition = arn.split(":")[1]
        raise ValueError(f"{arn} is of the partition {partition}; only aws is supported")
    return arn
