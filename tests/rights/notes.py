"""What one installation was judged for, kept for `python -m tests.rights`."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

from local.control import RIGHTS, read_state
from local.remote import RemoteStage

FOLDER = "RIGHTS_NOTES"
"""Environment variable: the folder in which each stage of a run leaves a file."""


def keep(stage: RemoteStage) -> dict[str, Any]:
    """What was judged; with `FOLDER` set, written there with roles named as the templates do."""
    judged = read_state(stage.outputs.endpoint, RIGHTS)
    if folder := os.environ.get(FOLDER):
        names = _logical_names(stage)
        used = [{**one, "role": names.get(one["role"], one["role"])} for one in judged["used"]]
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        note = {**judged, "used": used}
        (path / f"{uuid.uuid4().hex}.json").write_text(json.dumps(note, indent=1))
    return judged


def _logical_names(stage: RemoteStage) -> dict[str, str]:
    """Physical -> logical id of every role."""
    regions = (stage.outputs.primary.region, stage.outputs.backup.region)
    return {
        name: logical for region in regions for name, logical in roles_of(stage, region).items()
    }


def roles_of(stage: RemoteStage, region: str) -> dict[str, str]:
    """Physical -> logical id of the roles of one Region's stacks."""
    found: dict[str, str] = {}
    formation = stage.client("cloudformation", region)
    for stack in formation.describe_stacks()["Stacks"]:
        told = formation.describe_stack_resources(StackName=stack["StackName"])
        for one in told["StackResources"]:
            if one["ResourceType"] == "AWS::IAM::Role":
                found[one["PhysicalResourceId"]] = one["LogicalResourceId"]
    return found
