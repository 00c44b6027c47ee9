"""Which resources' logical ids and names are pinned, and the writer of `pinned_ids.json`."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest

from stacks.packaged_node import use_packaged_node
from tests.stacks.conftest import Synthesizer
from tests.stacks.templates import Assembly, Template
from tests.stacks.variants import VARIANTS

FILE = Path(__file__).parent / "pinned_ids.json"

NAME_OF = {
    "AWS::Cognito::UserPool": "UserPoolName",
    "AWS::Cognito::UserPoolClient": "ClientName",
    "AWS::Cognito::UserPoolDomain": "Domain",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::KMS::Key": "",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Archive": "ArchiveName",
    "AWS::CloudTrail::Trail": "TrailName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::ApiGateway::RestApi": "Name",
}
"""Type -> the property that is its physical name. All hold data, subscriptions, an address or a
history; keys have no name."""


def pinned(assembly: Assembly) -> dict[str, dict[str, Any]]:
    """Stack -> full logical id -> its type and physical name, as the template has them."""
    stacks = (assembly.data, *assembly.regions)
    return {stack.name: dict(sorted(_of(stack).items())) for stack in stacks}


def _of(stack: Template) -> dict[str, Any]:
    return {
        key: [one["Type"], one.get("Properties", {}).get(NAME_OF[one["Type"]], "")]
        for key, one in stack.resources.items()
        if one["Type"] in NAME_OF
    }


def _write() -> None:
    use_packaged_node()
    with tempfile.TemporaryDirectory() as name:
        layer = Path(name) / "layer"
        (layer / "python").mkdir(parents=True)
        synthesizer = Synthesizer(Path(name), layer, pytest.MonkeyPatch())
        found = {variant: pinned(synthesizer.assembly(variant)) for variant in VARIANTS}
    FILE.write_text(_text(found))


def _text(found: dict[str, Any]) -> str:
    """One resource a line."""
    variants = []
    for variant, stacks in found.items():
        told = []
        for stack, resources in stacks.items():
            lines = [f"{json.dumps(key)}: {json.dumps(one)}" for key, one in resources.items()]
            inside = ",\n      ".join(lines)
            told.append(f"{json.dumps(stack)}: {{\n      {inside}\n    }}")
        variants.append(f"{json.dumps(variant)}: {{\n    {', '.join(told)}\n  }}")
    return "{\n  " + ",\n  ".join(variants) + "\n}\n"


if __name__ == "__main__":
    _write()
