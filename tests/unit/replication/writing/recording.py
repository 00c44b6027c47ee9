"""Every write to a pool and every note before it, in order, as lines that a person can compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.ledger import Intent
from cognito_standby.core.domain.subjects import Subject

_NOTES = ("note_intent", "note_created")
"""Of the ledger only what names a write is recorded."""

_LOOKS = (
    *("schema", "get_user_by_sub", "get_profile_by_sub", "get_group"),
    *("listed_by_sub", "listed_with", "recoveries"),
)
"""Looks at the subject itself come and go with SYNC. Whose a name is: `get_profile`, recorded."""


class _Recorded:
    """A port whose calls are written down; what it refuses, too."""

    def __init__(self, port: Any, lines: list[str]) -> None:
        self._port, self._lines = port, lines

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        told_of = name in _NOTES if isinstance(self._port, Noting) else name not in _LOOKS
        if not callable(real) or not told_of:
            return real

        def call(*given: Any, **named: Any) -> Any:
            told = [_told(each) for each in given]
            self._lines.append(" ".join([name, *told, *(f"{k}={v}" for k, v in named.items())]))
            try:
                return real(*given, **named)
            except StandbyError as error:
                self._lines.append(f"  raised {type(error).__name__}")
                raise

        return call


class Noting:
    """Marks the ledger among the recorded ports."""

    def __init__(self, ledger: Any) -> None:
        self._ledger = ledger

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ledger, name)


@contextmanager
def recorded(side: Any) -> Iterator[list[str]]:
    """The lines of what is called on a side (anything with a `context`) meanwhile."""
    lines: list[str] = []
    real = side.context
    side.context = replace(
        real,
        directory=_Recorded(real.directory, lines),
        ledger=_Recorded(Noting(real.ledger), lines),
    )
    try:
        yield lines
    finally:
        side.context = real


def _told(value: Any) -> str:
    match value:
        case Subject():
            return value.key
        case Intent():
            marks = [name for name in ("restoring", "anew") if getattr(value, name)]
            images = f"base {_image(value.base)} target {_image(value.target)}"
            named = f" as {value.local_username}" if value.local_username else ""
            skipped = f" skipped {sorted(value.skipped)}" if value.skipped else ""
            return " ".join([images + named + skipped, *marks])
        case Mapping():
            return "{" + ", ".join(f"{name}: {each}" for name, each in value.items()) + "}"
        case _:
            return str(value)


def _image(image: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{name} {value[:4]}" for name, value in sorted(image.items())) + "}"
