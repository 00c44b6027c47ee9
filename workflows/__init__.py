"""The state machines: ASL files in JSONata, and what reads them.

A definition names the functions and queues that it calls only by quoted placeholders such as
"${plan_sync_arn}", which CloudFormation fills in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

DIRECTORY = Path(__file__).parent
"""Where the definitions and the retry policies lie."""

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_QUOTED = re.compile(r'"\$\{([a-z][a-z0-9_]*_(?:arn|url|name))\}"')


class DefinitionError(ValueError):
    """A definition and what it is given do not fit together; the message names both."""


@dataclass(frozen=True)
class Definition:
    """One machine's ASL text, compact, with its placeholders."""

    name: str
    text: str
    placeholders: frozenset[str]

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

    DefinitionError: it is missing, is not JSON, or has a placeholder that is not a quoted
    `${snake_case_arn}`, `_url` or `_name` of its own.
    """
    path = directory / f"{name}.asl.json"
    try:
        parsed = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DefinitionError(f"{name}: there is no {path.name}") from error
    except ValueError as error:
        raise DefinitionError(f"{name}: {path.name} is not JSON: {error}") from error
    text = json.dumps(parsed, ensure_ascii=False, separators=(",", ":"))
    quoted = _QUOTED.findall(text)
    if len(quoted) != len(found := _PLACEHOLDER.findall(text)):
        wrong = sorted(set(found) - set(quoted)) or sorted(set(found))
        raise DefinitionError(
            f"{name}: not a quoted ${{snake_case_arn}}, _url or _name: {', '.join(wrong)}"
        )
    return Definition(name, text, frozenset(quoted))


def names(directory: Path = DIRECTORY) -> list[str]:
    """All machines, by name."""
    return sorted(path.name.removesuffix(".asl.json") for path in directory.glob("*.asl.json"))
