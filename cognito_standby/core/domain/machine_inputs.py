"""The input of a state machine that people start: checked alike, and refused in the same words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from cognito_standby.core.domain.errors import InvalidRecordError


def input_object(raw: Any, keys: Collection[str]) -> Mapping[str, Any]:
    """The input itself. InvalidRecordError: it has other keys than these, or is no object."""
    if not isinstance(raw, dict):
        raise InvalidRecordError("the input is not a JSON object")
    if unknown := sorted(set(raw) - set(keys)):
        raise InvalidRecordError(f"the input has unknown keys: {', '.join(map(str, unknown))}")
    return raw


def flags_in(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, bool]:
    """Flags of an input, false where they are left out. InvalidRecordError: one is none."""
    flags = {name: given.get(name, False) for name in names}
    for name, value in flags.items():
        if not isinstance(value, bool):
            raise InvalidRecordError(f"`{name}` is neither true nor false")
    return flags
