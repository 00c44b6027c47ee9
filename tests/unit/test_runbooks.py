"""Every command of the runbooks is executed by a test, or it is said that and why it is not."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.aws_commands import faults
from tests.runbook_commands import EXECUTED, NOT_EXECUTED

ROOT = Path(__file__).parents[2]
RUNBOOKS = sorted((ROOT / "docs" / "runbooks").glob("*.md"))
HIGH_LEVEL = ("aws s3 rm ", "aws s3 rb ")
"""Commands that the CLI builds of several operations; the models do not know them."""


def _commands(text: str) -> Iterator[str]:
    """Lines after a prompt in console blocks, without comments; blocks may be indented."""
    for block in re.findall(r"^ *```console\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            if line.lstrip().startswith("$ "):
                yield re.sub(r"\s+#.*$", "", line.lstrip()[2:]).strip()


def _all() -> set[str]:
    return {each for page in RUNBOOKS for each in _commands(page.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", RUNBOOKS, ids=[page.stem for page in RUNBOOKS])
def test_every_command_is_accounted_for(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    unknown = [one for one in _commands(text) if one not in EXECUTED and one not in NOT_EXECUTED]
    assert unknown == [], "add them to tests/runbook_commands.py"
    prompts = len(re.findall(r"^ *\$ ", text, re.MULTILINE))
    assert prompts == len(list(_commands(text))), "a command outside of a console block"


def test_nothing_is_accounted_for_that_no_runbook_has() -> None:
    assert (set(EXECUTED) | set(NOT_EXECUTED)) - _all() == set()
    assert not set(EXECUTED) & set(NOT_EXECUTED)
    assert all(NOT_EXECUTED.values())


@pytest.mark.parametrize("test", sorted(set(EXECUTED.values())))
def test_the_tests_exist_and_run_it(test: str) -> None:
    """The command's verb is in the test's file: `status`, `redrive`, `preflight` ..."""
    file, name = test.split("::")
    source = (ROOT / file).read_text(encoding="utf-8")
    functions = [n.name for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    assert name in functions
    for command in (one for one, by in EXECUTED.items() if by == test):
        words = command.removeprefix(".venv/bin/python -m ").split()
        verb = words[1] if words[0] in ("standby", "make") else words[0]
        assert verb in source, command


def test_commands_of_the_aws_cli_exist() -> None:
    asked = [each for each in _all() if each.startswith("aws ")]
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
