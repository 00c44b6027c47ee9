"""Frozen dataclasses to plain data and back, for files that a later release reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from cognito_standby.core.domain.errors import InvalidRecordError

T = TypeVar("T")


def to_plain(value: Any) -> dict[str, Any]:
    """Plain data that `json.dumps` takes (members of a StrEnum are strings)."""
    return asdict(value)


def from_plain(kind: type[T], data: Any) -> T:
    """Read it back. What is not known is ignored, what has a default may be missing.

    InvalidRecordError: something is missing, or is of another type; the text names the field.
    """
    return cast(T, _read(kind, data, kind.__name__))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, data: Any, path: str) -> Any:
    if is_dataclass(kind):
        return _object(cast(type, kind), data, path)
    origin, inner = get_origin(kind), get_args(kind)
    if origin is tuple:
        return tuple(_read(inner[0], each, path) for each in _checked(data, list, path))
    if origin is not None and issubclass(origin, Mapping):
        pairs = _checked(data, dict, path).items()
        return {str(name): _read(inner[1], value, f"{path}.*") for name, value in pairs}
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise InvalidRecordError(f"{path}: not a known word") from None
    if kind is float:
        return float(_checked(data, (int, float), path))
    return _checked(data, kind, path)


def _object(kind: type, data: Any, path: str) -> Any:
    given = _checked(data, dict, path)
    values = {}
    for each in fields(kind):
        if each.name in given:
            inner = _hints(kind)[each.name]
            values[each.name] = _read(inner, given[each.name], f"{path}.{each.name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            raise InvalidRecordError(f"{path}.{each.name} is missing")
    return kind(**values)


def _checked(data: Any, kind: Any, path: str) -> Any:
    wrong = not isinstance(data, kind) or (kind is not bool and isinstance(data, bool))
    if wrong:
        raise InvalidRecordError(f"{path}: not of the documented type")
    return data
