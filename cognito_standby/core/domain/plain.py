"""Frozen dataclasses to plain data and back: files, items and inputs that a later release reads.

The one codec of what is stored as it is declared. These are read by hand, each for its reason:

    hints, records, ledger rows   anybody can write them: what is wrong is said field by field
    usage                         what cannot be read counts as nothing: no report fails for it
    suspects, visits, pieces of rows, progress of a listing   rows by the thousands, kept short
    questions                     times as numbers, for DynamoDB's time to live
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from cognito_standby.core.domain.errors import InvalidRecordError

T = TypeVar("T")


def to_plain(value: Any, *, sparse: bool = False) -> dict[str, Any]:
    """Plain data that `json.dumps` and DynamoDB take, in the order of the fields.

    sparse  without what is as its default
    """
    given = {each.name: getattr(value, each.name) for each in fields(value)}
    if sparse:
        unset = {each.name: _default(each) for each in fields(value)}
        given = {name: each for name, each in given.items() if each != unset[name]}
    return {name: _plain(each) for name, each in given.items()}


def from_plain(kind: type[T], data: Any, *, whole: bool = False, wrong: str = "") -> T:
    """Read it back. What is not known is ignored, what has a default may be missing.

    whole  nothing may be missing
    wrong  what the error says instead of naming the field

    InvalidRecordError: something is missing, or is of another type.
    """
    try:
        return cast(T, _Reader(whole).read(kind, data, getattr(kind, "__name__", "value")))
    except InvalidRecordError:
        if wrong:
            raise InvalidRecordError(wrong) from None
        raise


def _default(each: Field[Any]) -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return to_plain(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {_plain(name): _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, AbstractSet):
        return sorted(_plain(each) for each in value)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


class _Reader:
    """Reads by the declared types."""

    def __init__(self, whole: bool) -> None:
        self._whole = whole

    def read(self, kind: Any, data: Any, path: str) -> Any:
        """One value; `path` names it."""
        if kind is Any:
            return data
        if is_dataclass(kind):
            return self._object(cast(type, kind), data, path)
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return self._either(inner, data, path)
        if origin is not None and issubclass(origin, Mapping):
            pairs = _checked(data, dict, path).items()
            return {str(name): self.read(inner[1], each, f"{path}.*") for name, each in pairs}
        if origin is not None and issubclass(origin, Sequence):
            found = [self.read(inner[0], each, path) for each in _checked(data, list, path)]
            return found if origin is list else tuple(found)
        if origin is frozenset:
            return frozenset(self.read(inner[0], each, path) for each in _checked(data, list, path))
        return _simple(kind, data, path)

    def _either(self, kinds: tuple[Any, ...], data: Any, path: str) -> Any:
        """Of a type and None; no field has another choice."""
        if data is None and NoneType in kinds:
            return None
        (kind,) = (each for each in kinds if each is not NoneType)
        return self.read(kind, data, path)

    def _object(self, kind: type, data: Any, path: str) -> Any:
        given = _checked(data, dict, path)
        values = {}
        for each in fields(kind):
            if each.name in given:
                inner = _hints(kind)[each.name]
                values[each.name] = self.read(inner, given[each.name], f"{path}.{each.name}")
            elif self._whole or (each.default is MISSING and each.default_factory is MISSING):
                raise InvalidRecordError(f"{path}.{each.name} is missing")
        return kind(**values)


def _simple(kind: Any, data: Any, path: str) -> Any:
    if isinstance(data, Decimal):  # DynamoDB's numbers; a field says which kind it wants
        data = int(data) if data == int(data) else float(data)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise InvalidRecordError(f"{path}: not a known word") from None
    if kind is float:
        return float(_checked(data, (int, float), path))
    return _checked(data, kind, path)


def _checked(data: Any, kind: Any, path: str) -> Any:
    wrong = not isinstance(data, kind) or (kind is not bool and isinstance(data, bool))
    if wrong:
        raise InvalidRecordError(f"{path}: not of the documented type")
    return data
