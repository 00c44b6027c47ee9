"""Guards for the few places where a gap replaces something inside the emulator.

The emulator is pinned exactly, so an upgrade is a deliberate act; a patch that no longer fits must
then fail at start-up with a sentence, never silently leave the gap open.
"""

from collections.abc import Callable
from typing import Any

Wrap = Callable[[Callable[..., Any]], Callable[..., Any]]


class EmulatorChangedError(AssertionError):
    """An internal that a gap relies on is not what it was in the pinned emulator."""


def require(condition: object, what: str) -> None:
    """Refuse to start when an assumption about the emulator no longer holds."""
    if not condition:
        raise EmulatorChangedError(f"the emulator changed: {what}; look at the gap that patches it")


def replace(module: Any, name: str, wrap: Wrap) -> None:
    """Replace the function `name` of `module` by `wrap(function)`."""
    original = getattr(module, name, None)
    require(callable(original), f"{module.__name__}.{name} is gone")
    setattr(module, name, wrap(original))  # type: ignore[arg-type]


def replace_handlers(kind: str, **wraps: Wrap) -> None:
    """Replace what CloudFormation does with a type of resource: `create=`, `update=`, `delete=`.

    Each `wrap(handler)` stands around whatever gap came before.
    """
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    handlers = provisioners._RESOURCE_HANDLERS.get(kind, {})
    for action, wrap in wraps.items():
        require(callable(handlers.get(action)), f"CloudFormation no longer does {action} of {kind}")
        handlers[action] = wrap(handlers[action])
