"""Every command of the runbooks is executed by a test, or it is said that and why it is not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.aws_commands import faults
from tests.docs.runbook_commands import EXECUTED, NOT_EXECUTED
from tests.docs.runbook_pages import ROOT, RUNBOOKS, commands, of_runbooks, shown

HIGH_LEVEL = ("aws s3 rm ", "aws s3 rb ")
"""Commands that the CLI builds of several operations; the models do not know them."""


@pytest.mark.parametrize("page", RUNBOOKS, ids=[page.stem for page in RUNBOOKS])
def test_every_command_is_accounted_for(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    unknown = [one for one in commands(text) if one not in EXECUTED and one not in NOT_EXECUTED]
    assert unknown == [], "add them to tests/docs/runbook_commands.py"
    prompts = len(re.findall(r"^ *\$ |^    standby ", text, re.MULTILINE))
    assert prompts == len(list(commands(text))), "a command outside of a console block"


@pytest.mark.parametrize("page", RUNBOOKS, ids=[page.stem for page in RUNBOOKS])
def test_what_nothing_executes_is_said_beside_it(page: Path) -> None:
    told = {each: "not executed" in each.remark for each in shown(page.read_text(encoding="utf-8"))}
    assert {each.command for each, says in told.items() if says} == {
        each.command for each in told if each.command in NOT_EXECUTED
    }
    assert all("checked" in each.remark for each in told if each.command.startswith("aws "))


def test_nothing_is_accounted_for_that_no_runbook_has() -> None:
    assert (set(EXECUTED) | set(NOT_EXECUTED)) - of_runbooks() == set()
    assert not set(EXECUTED) & set(NOT_EXECUTED)
    assert all(NOT_EXECUTED.values())


@pytest.mark.parametrize("test", sorted(set(EXECUTED.values())))
def test_the_tests_exist_and_run_it(test: str) -> None:
    """The command's verb and each of its options are words of the test's file, and no part of
    another word: `status`, `--all`, `preflight` ..."""
    file, name = test.split("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    said = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
    for command in (one for one, by in EXECUTED.items() if by == test):
        words = command.partition(" > ")[0].removeprefix(".venv/bin/python -m ").split()
        verb = words[1] if words[0] in ("standby", "make") else words[0]
        verb = words[1] if words[:2] == ["preflight", "key-policy"] else verb
        wanted = {verb, *(word for word in words if word.startswith("--"))}
        assert wanted <= said, command


def test_commands_of_the_aws_cli_exist() -> None:
    asked = [each for each in of_runbooks() if each.startswith("aws ")]
    assert asked
    told = {each: faults(each) for each in asked if not each.startswith(HIGH_LEVEL)}
    assert {each: found for each, found in told.items() if found} == {}


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("aws cloudformation delete-stak --stack-name x", "has no operation delete-stak"),
        ("aws cloudformation delete-stack --name x", "has no option --name"),
        ("aws cloudformation delete-stack", "needs --stack-name"),
        ("aws cloudformation wait stack-gone --stack-name x", "has no waiter stack-gone"),
        ("aws cloudfront2 x", "no service cloudfront2"),
    ],
)
def test_the_look_up_refuses(command: str, told: str) -> None:
    assert any(told in fault for fault in faults(command))
