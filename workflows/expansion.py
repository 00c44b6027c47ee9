"""Names in the machines' files, and what they stand for: each rule that several states share is
written once, in `named/*.json`, with the reason for it.

`"@name"` as a value      the named value
`"@name"` in a list       the named value, or its elements where it is a list itself
`@name` in an expression  the named expression, in parentheses
`"Like": "@name"`         the fields of the named object, beside those that the object has itself

A name may stand for what has names in it. Retry rules are always named: a literal one is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

FOLDER = "named"
"""Where the names are defined, beside the machines."""

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_EXPRESSION = re.compile(r"\{%(.*)%\}", re.DOTALL)
_PATH = re.compile(r"\s*\$[\w.]+\s*")
_IN_EXPRESSION = re.compile(r"(?<![\w@])@([a-z][a-z0-9_]*)")
"""JSONata's own `@` is followed by a `$`."""


class DefinitionError(ValueError):
    """A definition, or what it is given, is refused; the message names file, state and cause."""


@dataclass(frozen=True)
class Named:
    """What a name stands for, with names in it, and the file that says so."""

    file: str
    why: str
    value: Any


Names = Mapping[str, Named]
"""Name, without its @ -> what it stands for."""


@dataclass(frozen=True)
class _Place:
    """Where a value stands: its file, its state, and the names that led there."""

    file: str
    state: str = ""
    within: tuple[str, ...] = ()

    def refuse(self, what: str) -> DefinitionError:
        place = f"{self.file}, {self.state}" if self.state else self.file
        led = f" (by {', '.join(f'@{name}' for name in self.within)})" if self.within else ""
        return DefinitionError(f"{place}{led}: {what}")


def read_json(path: Path) -> Any:
    """The value in a file. DefinitionError: it is not JSON, or an object has a field twice, of
    which the last would silently count."""
    place = _Place(path.name)

    def once(fields: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in fields]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise place.refuse(f"has {', '.join(twice)} twice in one object")
        return dict(fields)

    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=once)
    except DefinitionError:
        raise
    except ValueError as error:
        raise place.refuse(f"is not JSON: {error}") from error


def read_names(directory: Path) -> dict[str, Named]:
    """Every name that is defined beside the machines of a directory.

    DefinitionError: a name is malformed, defined twice, or has no reason.
    """
    found: dict[str, Named] = {}
    for path in sorted((directory / FOLDER).glob("*.json")):
        place = _Place(f"{FOLDER}/{path.name}")
        for name, entry in read_json(path).items():
            if not _NAME.fullmatch(name):
                raise place.refuse(f"{name!r} is no snake_case name")
            if name in found:
                raise place.refuse(f"{name} is defined in {found[name].file}, too")
            if not isinstance(entry, dict) or set(entry) != {"why", "is"} or not entry["why"]:
                raise place.refuse(f"{name} needs a `why` and an `is`, and nothing else")
            found[name] = Named(place.file, entry["why"], entry["is"])
    return found


def expand(value: Any, names: Names, file: str) -> Any:
    """The value with everything in the place of its name.

    DefinitionError: a name is unknown, stands for itself, or for something of another kind than
    its place wants; a Retry is not named; an object repeats a field of what it is like.
    """
    return _expanded(value, names, _Place(file))


def used_by(values: Sequence[Any], names: Names) -> frozenset[str]:
    """The names in values, and those that these stand for."""
    found: set[str] = set()
    ahead = [name for value in values for name in _names_in(value)]
    while ahead:
        name = ahead.pop()
        if name not in found and name in names:
            found.add(name)
            ahead += _names_in(names[name].value)
    return frozenset(found)


def computed(value: Any, state: str = "") -> Iterator[tuple[str, str]]:
    """State and text of each expression that computes something. A mere path or variable is a name
    already."""
    match value:
        case str() if (found := _EXPRESSION.fullmatch(value)) and not _PATH.fullmatch(found[1]):
            yield state, value
        case list():
            for part in value:
                yield from computed(part, state)
        case dict():
            for name, part in value.items():
                within = part.items() if name == "States" else [(state, part)]
                for inner, one in within:
                    yield from computed(one, inner)
        case _:
            pass


def _names_in(value: Any) -> Iterator[str]:
    match value:
        case str() if value.startswith("@"):
            yield value[1:]
        case str() if _EXPRESSION.fullmatch(value):
            yield from _IN_EXPRESSION.findall(value)
        case list():
            for part in value:
                yield from _names_in(part)
        case dict():
            for part in value.values():
                yield from _names_in(part)
        case _:
            pass


def _expanded(value: Any, names: Names, place: _Place) -> Any:
    match value:
        case str() if value.startswith("@"):
            return _named(value[1:], names, place)
        case str() if _EXPRESSION.fullmatch(value):
            return _IN_EXPRESSION.sub(lambda m: f"({_inlined(m[1], names, place)})", value)
        case list():
            return list(_elements(value, names, place))
        case dict():
            return _object(value, names, place)
        case _:
            return value


def _named(name: str, names: Names, place: _Place) -> Any:
    if name not in names:
        raise place.refuse(f"@{name} is not defined in {FOLDER}/")
    if name in place.within:
        raise place.refuse(f"@{name} stands for itself")
    return _expanded(names[name].value, names, replace(place, within=(*place.within, name)))


def _inlined(name: str, names: Names, place: _Place) -> str:
    value = _named(name, names, place)
    found = _EXPRESSION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise place.refuse(f"@{name} in an expression is none itself")
    return found[1].strip()


def _elements(parts: list[Any], names: Names, place: _Place) -> Iterator[Any]:
    for part in parts:
        value = _expanded(part, names, place)
        if isinstance(part, str) and part.startswith("@") and isinstance(value, list):
            yield from value
        else:
            yield value


def _object(fields: dict[str, Any], names: Names, place: _Place) -> dict[str, Any]:
    own = {name: part for name, part in fields.items() if name != "Like"}
    alike = _like(fields["Like"], names, place) if "Like" in fields else {}
    if repeated := sorted(set(alike) & set(own)):
        raise place.refuse(f"has {', '.join(repeated)}, as has {fields['Like']}")
    expanded = {name: _field(name, part, names, place) for name, part in own.items()}
    # Comment first, as somebody would write it.
    first = {name: expanded.pop(name) for name in ("Comment",) if name in expanded}
    return {**first, **alike, **expanded}


def _like(name: Any, names: Names, place: _Place) -> dict[str, Any]:
    if not (isinstance(name, str) and name.startswith("@")):
        raise place.refuse(f"is like {name!r}, which is no name")
    value = _named(name[1:], names, place)
    if not isinstance(value, dict):
        raise place.refuse(f"is like {name}, which is no object")
    return value


def _field(name: str, value: Any, names: Names, place: _Place) -> Any:
    if name == "States" and isinstance(value, dict):
        return {
            state: _expanded(part, names, replace(place, state=state))
            for state, part in value.items()
        }
    if name == "Retry":
        return _retry(value, names, place)
    return _expanded(value, names, place)


def _retry(value: Any, names: Names, place: _Place) -> list[Any]:
    parts = value if isinstance(value, list) else [value]
    if not all(isinstance(part, str) and part.startswith("@") for part in parts):
        raise place.refuse(f"a Retry that is not named; define it in {FOLDER}/")
    rules = list(_elements(parts, names, place))
    if not all(isinstance(rule, dict) and "ErrorEquals" in rule for rule in rules):
        raise place.refuse(f"{', '.join(parts)} is not all retry policies")
    return rules
