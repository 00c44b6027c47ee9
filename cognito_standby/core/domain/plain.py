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
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal
from enum import Enum, auto
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    TypeVar,
    Union,
    assert_never,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

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


@dataclass(frozen=True)
class _Declared:
    """A field as it is declared; looked up once, for files hold objects by the thousands."""

    name: str
    kind: Any
    has_default: bool


@cache
def _declared(kind: type) -> tuple[_Declared, ...]:
    hints = get_type_hints(kind)
    return tuple(
        _Declared(
            each.name,
            hints[each.name],
            each.default is not MISSING or each.default_factory is not MISSING,
        )
        for each in fields(kind)
    )


class _Shape(Enum):
    """How a declared type is read."""

    ANY = auto()
    OBJECT = auto()
    EITHER = auto()
    MAPPING = auto()
    LIST = auto()
    TUPLE = auto()
    SET = auto()
    SIMPLE = auto()


@cache
def _shape(kind: Any) -> tuple[_Shape, Any]:
    """And the type inside: of the values, or the one beside None."""
    origin, inner = get_origin(kind), get_args(kind)
    if kind is Any:
        return _Shape.ANY, None
    if is_dataclass(kind):
        return _Shape.OBJECT, None
    if origin in (Union, UnionType):
        (one,) = (each for each in inner if each is not NoneType)
        return _Shape.EITHER, one
    if origin is not None and issubclass(origin, Mapping):
        return _Shape.MAPPING, inner[1]
    if origin is not None and issubclass(origin, Sequence):
        return (_Shape.LIST if origin is list else _Shape.TUPLE), inner[0]
    if origin is frozenset:
        return _Shape.SET, inner[0]
    return _Shape.SIMPLE, None


class _Reader:
    """Reads by the declared types."""

    def __init__(self, whole: bool) -> None:
        self._whole = whole

    def read(self, kind: Any, data: Any, path: str) -> Any:
        """One value; `path` names it."""
        shape, inner = _shape(kind)
        match shape:
            case _Shape.SIMPLE:
                return _simple(kind, data, path)
            case _Shape.OBJECT:
                return self._object(cast(type, kind), data, path)
            case _Shape.MAPPING:
                pairs = _checked(data, dict, path).items()
                return {str(name): self.read(inner, each, f"{path}.*") for name, each in pairs}
            case _Shape.EITHER:  # of a type and None; no field has another choice
                return None if data is None else self.read(inner, data, path)
            case _Shape.LIST:
                return [self.read(inner, each, path) for each in _checked(data, list, path)]
            case _Shape.TUPLE:
                return tuple(self.read(inner, each, path) for each in _checked(data, list, path))
            case _Shape.SET:
                return frozenset(
                    self.read(inner, each, path) for each in _checked(data, list, path)
                )
            case _Shape.ANY:
                return data
            case _:
                assert_never(shape)

    def _object(self, kind: type, data: Any, path: str) -> Any:
        given = _checked(data, dict, path)
        values = {}
        for each in _declared(kind):
            if each.name in given:
                inner = f"{path}.{each.name}"
                values[each.name] = self.read(each.kind, given[each.name], inner)
            elif self._whole or not each.has_default:
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
