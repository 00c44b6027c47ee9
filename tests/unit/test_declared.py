"""What a tree imports is declared for it: what another package brings along today may be gone with
its next version."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = {
    "": PROJECT["project"]["dependencies"],
    **PROJECT["dependency-groups"],
    **PROJECT["project"]["optional-dependencies"],
}
USES = {
    "cognito_standby": ("functions",),
    "cognito_standby/cli": ("",),
    "cognito_standby/console": ("", "console"),
    "tasks": ("functions",),
    "workflows": (),
    "stacks": ("", "cdk"),
    "deploying": ("", "cdk"),
    "preflight": ("", "cdk"),
    "local": ("", "local"),
    "local/console": ("", "local", "console"),
    "tests": tuple(GROUPS),
}
"""Tree -> the groups that are installed wherever it runs; "": what the wheel
brings, the command included."""
TOGETHER = {"botocore": "boto3"}
"""Released with what is declared, and told by its documentation."""
STUBS = "mypy_boto3_"
(_EXTRAS,) = (each for each in GROUPS["dev"] if each.startswith("boto3-stubs"))
_INSIDE = {*sys.stdlib_module_names, *USES, "app"}
_MENTIONED = re.compile(
    r"(?:^|[;:])[ \t]*(?:from[ \t]+(\w[\w.]*)[ \t]+import\b|import[ \t]+(.+))", re.M
)
_ODD = re.compile(r";[^\n]*\bimport\b|\bimport\b[^\n]*;|\f")
"""Several statements on a line: such a source is parsed in any case."""
_STUBBED = set(_EXTRAS.partition("[")[2].rstrip("]").split(","))


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def declared(groups: tuple[str, ...]) -> set[str]:
    """Distributions."""
    names = (re.match(r"[\w.-]+", each) for group in groups for each in GROUPS[group])
    return {_canonical(name[0]) for name in names if name}


def imported(source: str) -> set[str]:
    """Modules from outside, and outside of the standard library, by their first name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found |= {each.name.split(".")[0] for each in names}
            case ast.ImportFrom(module=str(module), level=0):
                found.add(module.split(".")[0])
            case _:
                pass
    return found - _INSIDE


def mentioned(source: str) -> set[str]:
    """All that is `imported` by a source that is not odd, and what only looks so: to parse every
    source takes long."""
    names = (name for each in _MENTIONED.findall(source) for name in ",".join(each).split(","))
    return {name.split()[0].split(".")[0] for name in names if name.strip()} - _INSIDE


def _undeclared(tree: str) -> Iterator[str]:
    brought, known = packages_distributions(), declared(USES[tree])

    def reproach(module: str) -> str:
        if module.startswith(STUBS):  # for types alone
            extra = module.removeprefix(STUBS).replace("_", "-")
            return "" if extra in _STUBBED else "no extra of boto3-stubs"
        by = {_canonical(name) for name in brought.get(module, [module])}
        return "" if {*by, TOGETHER.get(module, "")} & known else f"of {', '.join(sorted(by))}"

    apart = [ROOT / other for other in USES if other.startswith(f"{tree}/")]
    for path in sorted((ROOT / tree).rglob("*.py")):
        if any(path.is_relative_to(other) for other in apart):
            continue
        source = path.read_text("utf-8")
        if not (_ODD.search(source) or any(reproach(module) for module in mentioned(source))):
            continue
        for module in sorted(imported(source)):
            if why := reproach(module):
                yield f"{path.relative_to(ROOT)} imports {module}: {why}"


@pytest.mark.parametrize("tree", USES)
def test_what_is_imported_is_declared(tree: str) -> None:
    assert [*_undeclared(tree)] == []


def test_imports_are_seen_wherever_they_are() -> None:
    source = (
        "import os, a.b\ndef f():\n    from c.d import e\n    from . import g\n    import tests.x"
    )
    assert imported(source) == {"a", "c"}
    assert mentioned(f"{source}\nif 1: import h, i.j as k") == {"a", "c", "h", "i"}
    for odd in ("import os as o, h as r; import i", "x = 1; import h", "\x0cimport h"):
        assert _ODD.search(odd)
