"""Not a gap, but what it costs: the emulator parses an expression each time it evaluates it, with a
parser that each thread, and so each execution, makes anew.

That is most of the processor time that a state machine takes here. Whatever is parsed is the same
for the same text and is only read by an evaluation, whose closures are objects of its own; so
threads share it, and one parser, which parses for one thread at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from local.patching import replace


def once(parse: Callable[..., Any]) -> Callable[..., Any]:
    """The parser's method, which parses each text once; one that does not parse fails each time.

    The texts are those of the definitions, and of partial applications in them: they are bounded.
    """
    known: dict[tuple[Any, ...], Any] = {}
    turn = threading.RLock()

    def parsed(parser: Any, text: str | None, *engine: Any) -> Any:
        key = (text, *engine)
        found = known.get(key)
        if found is None:
            with turn:
                found = known[key] = parse(parser, text, *engine)
        return found

    return parsed


def install() -> None:
    """For all who evaluate in this process."""
    from jsonata import parser  # noqa: PLC0415
    from jsonata.jsonata import Jsonata  # noqa: PLC0415

    replace(parser.Parser, "parse", once)
    replace(Jsonata, "get_parser", cache)
