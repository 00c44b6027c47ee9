"""Conditions of a statement.

Source: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for
multivalued context keys". What a key means when the request does not have it decides much: an
operator does not hold then, its negation does, `...IfExists` does, `ForAllValues:` does, and
`ForAnyValue:` does not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum

from local.rights.model import Context, UnknownToJudgeError
from local.rights.patterns import arn_matches, matches
from local.rights.policies import Condition

Compare = Callable[[str, str], bool]
"""(the policy's value, the request's value)"""


class _Set(Enum):
    """How an operator looks at a key with several values."""

    NONE = ""
    ALL = "ForAllValues:"
    ANY = "ForAnyValue:"


def _same_but_for_case(wanted: str, found: str) -> bool:
    return wanted.lower() == found.lower()


def _numbers(compare: Callable[[Decimal, Decimal], bool]) -> Compare:
    def holds_for(wanted: str, found: str) -> bool:
        try:
            return compare(Decimal(found), Decimal(wanted))
        except InvalidOperation:
            return False

    return holds_for


def _dates(compare: Callable[[datetime, datetime], bool]) -> Compare:
    def holds_for(wanted: str, found: str) -> bool:
        return compare(_date(found), _date(wanted))

    return holds_for


def _date(text: str) -> datetime:
    """ISO 8601, or seconds since 1970."""
    try:
        if text.isdigit():
            return datetime.fromtimestamp(int(text), UTC)
        read = datetime.fromisoformat(text)
    except ValueError:
        raise UnknownToJudgeError(f"{text!r} as a date") from None
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_POSITIVE: dict[str, Compare] = {
    "StringEquals": operator.eq,
    "StringEqualsIgnoreCase": _same_but_for_case,
    "StringLike": matches,
    "ArnEquals": arn_matches,
    "ArnLike": arn_matches,
    "Bool": _same_but_for_case,
    "NumericEquals": _numbers(operator.eq),
    "NumericLessThan": _numbers(operator.lt),
    "NumericLessThanEquals": _numbers(operator.le),
    "NumericGreaterThan": _numbers(operator.gt),
    "NumericGreaterThanEquals": _numbers(operator.ge),
    "DateEquals": _dates(operator.eq),
    "DateLessThan": _dates(operator.lt),
    "DateLessThanEquals": _dates(operator.le),
    "DateGreaterThan": _dates(operator.gt),
    "DateGreaterThanEquals": _dates(operator.ge),
}
_NEGATED: dict[str, Compare] = {
    "StringNotEquals": operator.eq,
    "StringNotEqualsIgnoreCase": _same_but_for_case,
    "StringNotLike": matches,
    "ArnNotEquals": arn_matches,
    "ArnNotLike": arn_matches,
    "NumericNotEquals": _numbers(operator.eq),
    "DateNotEquals": _dates(operator.eq),
}
"""Each with what it negates: it holds if that is true of none of the policy's values."""

_IF_EXISTS = "IfExists"
_MULTIVALUED = frozenset({"dynamodb:leadingkeys", "aws:tagkeys"})
"""Keys of several values, however many a request has (service authorization reference, `ArrayOf`):
they need a set operator, and values that resolve to nothing are none."""


def holds(condition: Condition, context: Context) -> bool:
    """Whether the request meets it. UnknownToJudgeError: an operator that is not known, or a key
    with several values under an operator that says nothing of all or any."""
    found, several = context.get(condition.key, ()), condition.key in _MULTIVALUED
    if several:
        found = tuple(filter(None, found))
    if condition.operator == "Null":
        return _is_null(condition, found)
    kind, name = _set_of(condition.operator)
    name, if_exists = name.removesuffix(_IF_EXISTS), name.endswith(_IF_EXISTS)
    negated = name in _NEGATED
    compare = (_NEGATED if negated else _POSITIVE).get(name)
    if compare is None:
        raise UnknownToJudgeError(f"the condition operator {condition.operator}")
    if kind is _Set.NONE and (several or len(found) > 1):
        raise UnknownToJudgeError(f"{condition.operator} for a key of several values")
    if not found:
        return _without_key(kind, negated=negated, if_exists=if_exists)

    def meets(value: str) -> bool:
        return any(compare(wanted, value) for wanted in condition.values) is not negated

    if kind is _Set.ANY:
        return any(map(meets, found))
    return all(map(meets, found))


def _set_of(name: str) -> tuple[_Set, str]:
    for kind in (_Set.ALL, _Set.ANY):
        if name.startswith(kind.value):
            return kind, name.removeprefix(kind.value)
    return _Set.NONE, name


def _without_key(kind: _Set, *, negated: bool, if_exists: bool) -> bool:
    if if_exists or kind is _Set.ALL:
        return True
    return negated and kind is _Set.NONE


def _is_null(condition: Condition, found: tuple[str, ...]) -> bool:
    """`"Null": {key: "true"}` asks that the key be absent, "false" that it be there."""
    if len(condition.values) != 1 or condition.values[0].lower() not in ("true", "false"):
        raise UnknownToJudgeError(f"Null with {condition.values}")
    return (condition.values[0].lower() == "true") is not bool(found)
