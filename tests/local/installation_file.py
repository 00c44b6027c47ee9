"""The outputs file of an installation of which only pools are there, for commands that ask no more
than where the local AWS listens, and for a pool."""

from __future__ import annotations

from pathlib import Path

from local.emulator import LocalAws
from local.outputs import RegionOutputs, StageOutputs
from tests.local.conftest import OTHER_REGION, REGION


def outputs_file(
    aws: LocalAws, folder: Path, *, primary_pool: str = "", backup_pool: str = "", client: str = ""
) -> str:
    """Path of the file."""
    primary, backup = (
        RegionOutputs(region, pool, client, {}, "", "", "")
        for region, pool in ((REGION, primary_pool), (OTHER_REGION, backup_pool))
    )
    path = folder / "outputs.json"
    StageOutputs(aws.endpoint, aws.account, "", primary, backup).write(path)
    return str(path)
