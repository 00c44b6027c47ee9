"""Which rights an update brings, and an update that is taken back takes away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.upgrade.assemblies import new_rights


def _assembly(folder: Path, functions: list[str], actions: list[str]) -> Path:
    """A role that may call these functions, and do these things anywhere."""
    folder.mkdir()
    resources: dict[str, Any] = {
        name: {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": f"standby-{name}"}}
        for name in functions
    }
    called = [{"Fn::GetAtt": [name, "Arn"]} for name in functions]
    statements = [
        {"Action": "lambda:InvokeFunction", "Resource": called},
        {"Action": actions, "Resource": "*"},
    ]
    resources["Policy"] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": {"Statement": statements}},
    }
    (folder / "one.template.json").write_text(json.dumps({"Resources": resources}))
    return folder


def test_a_new_action_and_a_new_function_are_new_rights(tmp_path: Path) -> None:
    before = _assembly(tmp_path / "before", ["plan", "replay"], ["s3:GetObject"])
    after = _assembly(
        tmp_path / "after", ["plan", "replay", "record"], ["s3:GetObject", "s3:PutObject"]
    )
    assert new_rights(before, after) == {
        ("*Role*", "lambda:InvokeFunction", "*:function:standby-record"),
        ("*Role*", "s3:PutObject", "*"),
    }
    assert new_rights(after, before) == set()
