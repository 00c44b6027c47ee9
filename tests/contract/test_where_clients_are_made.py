"""A client of AWS that does not look at its answers takes half of one for "there is nothing": what
is shipped makes none. Clients are made in few places, and there each is handed to `whole`."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ("cognito_standby", "tasks", "stacks", "workflows", "deploying", "preflight")
MAKERS = {
    "cognito_standby/core/adapters/clients.py",
    "cognito_standby/core/adapters/trigger_clients.py",
    "cognito_standby/operator/adapters/connection.py",
    "preflight/aws.py",
}
HARMLESS = "boto3.dynamodb.types"
_MAKING = {"client", "create_client", "resource"}


def _sources() -> Iterator[Path]:
    for tree in SHIPPED:
        yield from sorted((ROOT / tree).rglob("*.py"))
    yield ROOT / "app.py"


def imported(source: str) -> set[str]:
    """By which modules of the SDK a source could make clients."""
    found: set[str] = set()
    if "boto" not in source:  # most sources; to parse them all takes a second
        return found
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {each.name for each in names}
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module, *(f"{module}.{each.name}" for each in names)}
            case _:
                pass
    makers = {name for name in found if name.split(".")[0] == "boto3" or "botocore.session" in name}
    return {name for name in makers if not name.startswith(HARMLESS)}


def unguarded(source: str) -> list[int]:
    """Lines on which a client is made that is not handed to `whole` at once."""
    tree = ast.parse(source)
    guarded = {
        id(argument)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "whole"
        for argument in node.args
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in _MAKING
        and id(node) not in guarded
    ]


def test_only_the_makers_know_how_to_make_one() -> None:
    knowing = {
        str(path.relative_to(ROOT)) for path in _sources() if imported(path.read_text("utf-8"))
    }
    assert knowing == MAKERS


@pytest.mark.parametrize("maker", sorted(MAKERS))
def test_each_that_is_made_looks_at_its_answers(maker: str) -> None:
    assert unguarded((ROOT / maker).read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("source", "makers"),
    [
        ("import boto3", {"boto3"}),
        ("from boto3 import client", {"boto3", "boto3.client"}),
        ("from boto3.session import Session", {"boto3.session", "boto3.session.Session"}),
        ("from botocore import session", {"botocore.session"}),
        ("import botocore.session as s", {"botocore.session"}),
        ("from boto3.dynamodb.types import TypeSerializer", set()),
        ("from botocore.exceptions import ClientError", set()),
    ],
)
def test_how_the_sdk_comes_in(source: str, makers: set[str]) -> None:
    assert imported(source) == makers


def test_what_is_not_handed_on_is_found() -> None:
    source = "a = whole(s.client('x'))\nb = s.client('y')\nc = f(whole, s.create_client('z'))"
    assert unguarded(source) == [2, 3]


def made_twice(source: str) -> list[str]:
    """Functions that make two clients of one service, by the makers of `clients`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            made = Counter(
                call.func.attr
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "clients"
                and call.func.attr != "of"
            )
            found += [f"{node.name}: {name}" for name, number in made.items() if number > 1]
    return found


def test_a_step_makes_one_client_of_each_service() -> None:
    """Each has connections of its own, which a cold start waits for."""
    twice = {
        path.name: found
        for path in sorted((ROOT / "tasks").glob("*.py"))
        if (found := made_twice(path.read_text("utf-8")))
    }
    assert twice == {}


def test_a_second_client_is_found() -> None:
    source = "def f():\n    a(clients.cognito())\n    b(clients.cognito(), clients.s3())"
    assert made_twice(source) == ["f: cognito"]
