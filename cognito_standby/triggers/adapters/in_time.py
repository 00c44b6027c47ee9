"""A time limit for a whole call: the SDK's own limits are about single reads of a socket."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")


def in_time(seconds: float, ask: Callable[[], T]) -> T:
    """What `ask` returns or raises. TimeoutError: it takes longer; its own limits end it later, and
    what it then says is heard by nobody."""
    done = SimpleQueue[tuple[bool, T | BaseException]]()

    def run() -> None:
        try:
            done.put((True, ask()))
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            done.put((False, error))

    threading.Thread(target=run, daemon=True).start()
    try:
        well, outcome = done.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no answer within {seconds:.1f} s") from None
    if not well:
        raise outcome  # type: ignore[misc]
    return outcome  # type: ignore[return-value]
