"""What becomes of invocations while their function is updated."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from local.emulator import LocalAws
from tests.local.assemblies import status_of
from tests.local.conftest import OTHER_REGION, REGION, ROLE, eventually, unique, zipped

pytestmark = pytest.mark.local_aws
FORMER = """
import os, pathlib, time
def handler(event, context):
    if "folder" in event:
        (pathlib.Path(event["folder"]) / "begun").touch()
        while not (pathlib.Path(event["folder"]) / "enough").exists():
            time.sleep(0.02)
    return ["former", os.environ["RELEASE"]]
"""
NEW = "import os\ndef handler(event, context): return ['new', os.environ['RELEASE']]"


def test_whoever_has_begun_ends_as_they_began(aws: LocalAws, tmp_path: Path) -> None:
    """In the Region of the update; and so does the function of the same name in the other one."""
    name = unique("updated")
    clients = [aws.client("lambda", region) for region in (REGION, OTHER_REGION)]
    folders = [tmp_path / region for region in (REGION, OTHER_REGION)]
    for client in clients:
        _create(client, name)
    with ThreadPoolExecutor() as pool:
        for folder in folders:
            folder.mkdir()
        pairs = zip(clients, folders, strict=True)
        begun = [pool.submit(_invoke, c, name, folder=str(f)) for c, f in pairs]
        eventually(lambda: all((folder / "begun").exists() for folder in folders))
        clients[0].update_function_code(FunctionName=name, ZipFile=zipped(NEW))
        clients[0].update_function_configuration(FunctionName=name, Environment=_variables("2"))
        after = [_invoke(client, name) for client in clients]
        for folder in folders:
            (folder / "enough").touch()
        ended = [one.result() for one in begun]
    assert after == [["new", "2"], ["former", "1"]]
    assert ended == [["former", "1"], ["former", "1"]]
    assert [_invoke(client, name) for client in clients] == after


def test_a_stack_elsewhere_leaves_those_of_the_same_name_alone(
    aws: LocalAws, tmp_path: Path
) -> None:
    """Both Regions have the same functions, and one of them is deployed while the other works."""
    name, client = unique("deployed"), aws.client("lambda", REGION)
    _create(client, name)
    with ThreadPoolExecutor() as pool:
        begun = pool.submit(_invoke, client, name, folder=str(tmp_path))
        eventually((tmp_path / "begun").exists)
        formation = aws.client("cloudformation", OTHER_REGION)
        formation.create_stack(StackName=name, TemplateBody=_template(name))
        eventually(lambda: status_of(formation, name) == "CREATE_COMPLETE")
        (tmp_path / "enough").touch()
        assert begun.result() == ["former", "1"]
    assert _invoke(aws.client("lambda", OTHER_REGION), name) == ["new", "2"]


def test_a_deleted_function_makes_no_log_group(aws: LocalAws, tmp_path: Path) -> None:
    name, client = unique("deleted"), aws.client("lambda", REGION)
    _create(client, name)
    with ThreadPoolExecutor() as pool:
        begun = pool.submit(_invoke, client, name, folder=str(tmp_path))
        eventually((tmp_path / "begun").exists)
        client.delete_function(FunctionName=name)
        assert begun.result()["errorType"] == "Runtime.ExitError"
    logs = aws.client("logs", REGION)
    assert not logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{name}")["logGroups"]


def _create(client: Any, name: str) -> None:
    client.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="index.handler",
        Role=ROLE,
        Timeout=600,
        Code={"ZipFile": zipped(FORMER)},
        Environment=_variables("1"),
    )


def _template(name: str) -> str:
    """A stack with a function, as CloudFormation takes it."""
    properties = {
        "FunctionName": name,
        "Runtime": "python3.13",
        "Handler": "index.handler",
        "Role": ROLE,
        "Code": {"ZipFile": NEW},
        "Environment": _variables("2"),
    }
    resource = {"Type": "AWS::Lambda::Function", "Properties": properties}
    return json.dumps({"Resources": {"Function": resource}})


def _variables(release: str) -> dict[str, dict[str, str]]:
    return {"Variables": {"RELEASE": release}}


def _invoke(client: Any, name: str, **event: Any) -> Any:
    reply = client.invoke(FunctionName=name, Payload=json.dumps(event))
    return json.loads(reply["Payload"].read())
