"""The state machines: ASL files in JSONata, and what reads them.

What several states share has a name in the files and is put in its place when they are read
(`expansion`). A definition names the functions and queues that it calls only by quoted placeholders
such as "${plan_sync_arn}", which CloudFormation fills in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workflows.expansion import (
    DefinitionError,
    Names,
    computed,
    expand,
    read_json,
    read_names,
    used_by,
)

__all__ = ["DIRECTORY", "Definition", "DefinitionError", "load", "load_all", "names"]

DIRECTORY = Path(__file__).parent
"""Where the definitions and what they share lie."""

FAILS_IN_PLACE = "fails_in_place.json"
"""Which errors are neither retried nor caught, on purpose; it shares the machines' names."""

_SUFFIX = ".asl.json"
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_QUOTED = re.compile(r'"\$\{([a-z][a-z0-9_]*_(?:arn|url|name))\}"')


@dataclass(frozen=True)
class Definition:
    """One machine's ASL text, compact, with its placeholders and without names."""

    name: str
    text: str
    placeholders: frozenset[str]

    @property
    def parsed(self) -> dict[str, Any]:
        """The definition as a value."""
        parsed: dict[str, Any] = json.loads(self.text)
        return parsed

    def substitutions(self, values: Mapping[str, str]) -> dict[str, str]:
        """Exactly the values that the definition asks for.

        DefinitionError: a placeholder has no value, or a value no placeholder.
        """
        self._require(values)
        return {name: values[name] for name in sorted(self.placeholders)}

    def _require(self, given: Iterable[str]) -> None:
        names = set(given)
        if missing := sorted(self.placeholders - names):
            raise DefinitionError(f"{self.name}: no value for {', '.join(missing)}")
        if unknown := sorted(names - self.placeholders):
            raise DefinitionError(f"{self.name}: no placeholder for {', '.join(unknown)}")


def load(name: str, directory: Path = DIRECTORY) -> Definition:
    """Read `<name>.asl.json`.

    DefinitionError: it is missing, is not JSON, cannot be expanded, or has a placeholder that is
    not a quoted `${snake_case_arn}`, `_url` or `_name` of its own.
    """
    return _definition(name, _source(name, directory), read_names(directory))


def _definition(name: str, source: Any, known: Names) -> Definition:
    parsed = expand(source, known, name + _SUFFIX)
    text = json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))
    quoted = _QUOTED.findall(text)
    if len(quoted) != len(found := _PLACEHOLDER.findall(text)):
        wrong = sorted(set(found) - set(quoted)) or sorted(set(found))
        raise DefinitionError(
            f"{name}: not a quoted ${{snake_case_arn}}, _url or _name: {', '.join(wrong)}"
        )
    return Definition(name, text, frozenset(quoted))


def load_all(directory: Path = DIRECTORY) -> list[Definition]:
    """Every machine.

    DefinitionError: as `load`; or a name is used nowhere; or an expression stands in two places.
    """
    machines = {name: _source(name, directory) for name in names(directory)}
    known = read_names(directory)
    _refuse_repetition({name + _SUFFIX: source for name, source in machines.items()}, known)
    sources = list(machines.values())
    if (directory / FAILS_IN_PLACE).exists():
        sources.append(read_json(directory / FAILS_IN_PLACE))
    for name in sorted(set(known) - used_by(sources, known)):
        raise DefinitionError(f"{known[name].file}: @{name} is used nowhere")
    return [_definition(name, source, known) for name, source in machines.items()]


def names(directory: Path = DIRECTORY) -> list[str]:
    """All machines, by name."""
    return sorted(path.name.removesuffix(_SUFFIX) for path in directory.glob(f"*{_SUFFIX}"))


def _refuse_repetition(sources: Mapping[str, Any], known: Names) -> None:
    """DefinitionError: an expression that computes something was written twice."""
    written = {f"{one.file}, @{name}": one.value for name, one in known.items()} | dict(sources)
    seen: dict[str, str] = {}
    for file, source in written.items():
        for state, text in computed(source):
            place = f"{file}, {state}" if state else file
            if text in seen:
                raise DefinitionError(f"{place}: repeats {text}, as in {seen[text]}; name it")
            seen[text] = place


def _source(name: str, directory: Path) -> Any:
    """What the file says, with names. DefinitionError: there is none, or it is not JSON."""
    path = directory / f"{name}{_SUFFIX}"
    if not path.exists():
        raise DefinitionError(f"{name}: there is no {path.name}")
    return read_json(path)
