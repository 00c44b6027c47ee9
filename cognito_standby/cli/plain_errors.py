"""What is wrong with an argument, in words of ours: Typer passes on what Pydantic says of it."""

from __future__ import annotations

from typing import Any

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

_BOUNDS = {
    "greater_than": "{value} is not above {gt}",
    "greater_than_equal": "{value} is below {ge}, the least",
    "less_than": "{value} is not below {lt}",
    "less_than_equal": "{value} is above {le}, the most",
}
_KINDS = {"int": "a whole number", "float": "a number", "bool": "yes or no", "date": "a date"}
_REFUSED = "value_error"
"""A check of ours, or of Typer's: its text is the whole message."""


class PlainErrors(TyperGroup):
    """The commands below it are refused in plain words."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was typed."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            if isinstance(error.__cause__, ValidationError):
                error.message = told(error.__cause__)
            raise


def told(error: ValidationError) -> str:
    """The first fault. What was typed is repeated as it was, so that a shell's surprise shows."""
    fault = error.errors(include_url=False)[0]
    kind, value = fault["type"], repr(fault["input"])
    if kind == _REFUSED:
        return str(fault.get("ctx", {}).get("error", fault["msg"]))
    if kind in _BOUNDS:
        return _BOUNDS[kind].format(value=fault["input"], **fault.get("ctx", {}))
    if kind == "finite_number":
        return f"{value} is no number"
    wanted = _KINDS.get(kind.partition("_")[0])
    return f"{value} is not {wanted}" if wanted else f"{value}: {fault['msg']}"
