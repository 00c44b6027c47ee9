"""typer's runner, which makes the command of an app once for all tests of a process: of a call of
`standby` in a test, two thirds went into making its thirty commands anew."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import FunctionType

from typer import main, testing

_INVOKE = testing.CliRunner.invoke
assert "_get_command" in _INVOKE.__code__.co_names, "typer makes commands in another way"
_seen = {**vars(testing), "_get_command": cache(main.get_command)}
"""The runner's module as its `invoke` sees it here; everybody else sees it as it is."""


class CliRunner(testing.CliRunner):
    """An app must be whole when it is first run."""

    invoke: Callable[..., testing.Result] = FunctionType(
        _INVOKE.__code__, _seen, _INVOKE.__name__, _INVOKE.__defaults__
    )
