"""Frozen dataclasses to plain data and back: files, items and inputs that a later release reads.

The one codec of what is stored as it is declared. These are read by hand, each for its reason:

    hints, records, ledger rows   anybody can write them: what is wrong is said field by field
    usage                         what cannot be read counts as nothing: no report fails for it
    suspects, visits, pieces of rows, progress of a listing   rows by the thousands, kept short
    questions                     times as numbers, for DynamoDB's time to live
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Any,
    TypeVar,
    Union,
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
    if not sparse:
        return cast(dict[str, Any], _writer(cast(Any, type(value)))(value))
    given = {each.name: (each, getattr(value, each.name)) for each in fields(value)}
    return {name: _plain(of) for name, (each, of) in given.items() if of != _default(each)}


def from_plain(kind: type[T], data: Any, *, whole: bool = False, wrong: str = "") -> T:
    """Read it back. What is not known is ignored, what has a default may be missing.

    whole  nothing may be missing
    wrong  what the error says instead of naming the field

    InvalidRecordError: something is missing, or is of another type.
    """
    try:
        return cast(T, _reader(cast(Any, kind), whole)(data, getattr(kind, "__name__", "value")))
    except InvalidRecordError:
        if wrong:
            raise InvalidRecordError(wrong) from None
        raise


def _default(each: Field[Any]) -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


_ALREADY_PLAIN = frozenset({str, int, float, bool, NoneType})
"""Most of what is stored. These types alone: an enumeration of words is a `str`, too."""


def _plain(value: Any) -> Any:
    kind: Any = type(value)
    return value if kind in _ALREADY_PLAIN else _writer(kind)(value)


@cache
def _writer(kind: type) -> Callable[[Any], Any]:
    """Of values of exactly this type. Made once for each, as a reader is."""
    if is_dataclass(kind):
        return _object_writer(kind)
    if issubclass(kind, Enum):
        return lambda value: value.value
    if issubclass(kind, Mapping):
        return lambda value: {_plain(name): _plain(each) for name, each in value.items()}
    if issubclass(kind, tuple | list):
        return lambda value: [_plain(each) for each in value]
    if issubclass(kind, AbstractSet):
        return lambda value: sorted(_plain(each) for each in value)
    return lambda value: value


def _object_writer(kind: type) -> Callable[[Any], dict[str, Any]]:
    names = tuple(each.name for each in fields(kind))
    return lambda value: {name: _plain(getattr(value, name)) for name in names}


Read = Callable[[Any, str], Any]
"""Reads a value of one type; the path names it."""


@cache
def _reader(kind: Any, whole: bool) -> Read:
    """Of a declared type. Made once for each: a run's files hold objects by the thousands."""
    origin, given = get_origin(kind), get_args(kind)
    if kind is Any:
        return lambda data, _: data
    if is_dataclass(kind):
        return _object_reader(cast(type, kind), whole)
    if origin in (Union, UnionType):  # of a type and None; no field has another choice
        (one,) = (each for each in given if each is not NoneType)
        return _optional_reader(_reader(one, whole))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_reader(_reader(given[1], whole))
    if origin is not None and issubclass(origin, Sequence):
        return _list_reader(list if origin is list else tuple, _reader(given[0], whole))
    if origin is frozenset:
        return _list_reader(frozenset, _reader(given[0], whole))
    return _simple_reader(kind)


def _optional_reader(read: Read) -> Read:
    return lambda data, path: None if data is None else read(data, path)


def _mapping_reader(read: Read) -> Read:
    def read_mapping(data: Any, path: str) -> Any:
        pairs = _checked(data, dict, path).items()
        inner = f"{path}.*"
        return {str(name): read(each, inner) for name, each in pairs}

    return read_mapping


def _list_reader(make: Callable[[Iterator[Any]], Any], read: Read) -> Read:
    return lambda data, path: make(read(each, path) for each in _checked(data, list, path))


def _object_reader(kind: type, whole: bool) -> Read:
    # By the first value, not here: a type may hold others of its own kind.
    @cache
    def declared() -> tuple[tuple[str, Read, bool], ...]:
        hints = get_type_hints(kind)
        return tuple(
            (
                each.name,
                _reader(hints[each.name], whole),
                whole or (each.default is MISSING and each.default_factory is MISSING),
            )
            for each in fields(kind)
        )

    def read_object(data: Any, path: str) -> Any:
        given = _checked(data, dict, path)
        values = {}
        for name, read, needed in declared():
            if name in given:
                values[name] = read(given[name], f"{path}.{name}")
            elif needed:
                raise InvalidRecordError(f"{path}.{name} is missing")
        return kind(**values)

    return read_object


def _simple_reader(kind: Any) -> Read:
    def read_simple(data: Any, path: str) -> Any:
        return data if type(data) is kind else _simple(kind, data, path)

    return read_simple


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
