"""Guards for the few places where a gap replaces something inside the emulator.

The emulator is pinned exactly, so an upgrade is a deliberate act; a patch that no longer fits must
then fail at start-up with a sentence, never silently leave the gap open.
"""

from collections.abc import Callable
from typing import Any


class EmulatorChangedError(AssertionError):
    """An internal that a gap relies on is not what it was in the pinned emulator."""


def require(condition: object, what: str) -> None:
    """Refuse to start when an assumption about the emulator no longer holds."""
    if not condition:
        raise EmulatorChangedError(f"the emulator changed: {what}; look at the gap that patches it")


def replace(
    module: Any, name: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> None:
    """Replace the function `name` of `module` by `wrap(function)`."""
    original = getattr(module, name, None)
    require(callable(original), f"{module.__name__}.{name} is gone")
    setattr(module, name, wrap(original))  # type: ignore[arg-type]
