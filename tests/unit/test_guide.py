"""What `make up` tells somebody to type first can be typed as it is."""

from __future__ import annotations

import ast
from dataclasses import fields
from typing import Any, get_type_hints

import pytest
from botocore.session import Session
from typer.main import get_command

from cognito_standby.cli.main import app as standby
from local.__main__ import app as local
from local.adopting import adoption_guide
from local.guide import guide
from local.outputs import RegionOutputs, StageOutputs
from tests.aws_commands import faults
from tests.cli_runner import CliRunner

pytestmark = pytest.mark.usefixtures("socket_disabled")
_MADE: dict[Any, Any] = {str: "x", int: 1, float: 1.0, bool: True}


def made_up(kind: Any) -> Any:
    """With something in each field."""
    hints = get_type_hints(kind)
    given = {each.name: _MADE.get(hints[each.name], {}) for each in fields(kind)}
    for name, hint in hints.items():
        if hint is RegionOutputs:
            given[name] = made_up(RegionOutputs)
    return kind(**given)


OUTPUTS: StageOutputs = made_up(StageOutputs)


def test_commands_of_the_aws_cli() -> None:
    told = guide(OUTPUTS, "ann", cli=True).replace("\\\n", "")
    commands = [line for line in told.splitlines() if line.startswith("aws ")]
    assert len(commands) == 3
    assert [fault for each in commands for fault in faults(each)] == []


def test_where_the_aws_cli_is_not_installed_the_sdk_is_used_and_that_is_said() -> None:
    told = guide(OUTPUTS, "ann", cli=False)
    assert "the AWS CLI is not installed here" in told
    assert not [line for line in told.splitlines() if line.startswith("aws ")]
    script = ast.parse(told.split("<<'END'\n")[1].split("\nEND")[0])
    model = Session().get_service_model("cognito-idp")
    known = {each.lower(): each for each in model.operation_names}
    called = {
        known[node.func.attr.replace("_", "")]: {each.arg for each in node.keywords if each.arg}
        for node in ast.walk(script)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr.replace("_", "") in known
    }
    assert set(called) == {"SignUp", "ConfirmSignUp", "ListUsers"}
    for operation, given in called.items():
        shape = model.operation_model(operation).input_shape
        assert shape is not None and given <= set(shape.members), operation


def test_nothing_has_a_margin_or_a_frame() -> None:
    for cli in (True, False):
        assert not [line for line in guide(OUTPUTS, "ann", cli=cli).splitlines() if "│" in line]


class _Account:
    endpoint, account = "http://127.0.0.1:4566", "111111111111"

    def client(self, service: str, region: str) -> Any:
        raise AssertionError("a guide asks nothing")


def test_what_is_told_of_adopting_can_be_typed_as_it_is() -> None:
    told = adoption_guide(_Account(), "us-east-1_aB3dE5fG7").replace("\\\n", "")
    assert ast.parse(told.split("<<'END'\n")[1].split("\nEND")[0]).body
    typed = [line.split() for line in told.splitlines() if line.startswith(".venv/bin/standby ")]
    known = get_command(standby).commands  # type: ignore[attr-defined]
    for _, name, *rest in typed:
        options = {one for each in known[name].params for one in each.opts}
        assert {word for word in rest if word.startswith("--")} <= options, name
    assert [name for _, name, *_ in typed] == [
        *("init", "init", "attach", "reconcile", "attach", "status"),
    ]


@pytest.mark.parametrize("more", [("--console",), ("--assembly", "cdk.out")])
def test_without_an_installation_there_is_nothing_to_deploy_or_look_at(
    more: tuple[str, ...],
) -> None:
    refused = CliRunner().invoke(local, ["up", "--existing-pool", *more])
    assert refused.exit_code == 2
    assert "there is no installation" in refused.output
