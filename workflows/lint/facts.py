"""What definitions are judged against, and what a judgement looks like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import workflows
from cognito_standby.core.domain import errors
from workflows.expansion import expand, read_json, read_names

_OURS = ("cognito_standby.", "tasks.")


@dataclass(frozen=True)
class LintFinding:
    """One broken rule. `where` is a state, or nothing for the machine as a whole."""

    rule: str
    machine: str
    where: str
    what: str

    def __str__(self) -> str:
        place = f"{self.machine}, {self.where}" if self.where else self.machine
        return f"{place}: {self.what} [{self.rule}]"


@dataclass(frozen=True)
class Facts:
    """What a definition cannot say about itself.

    policies         name -> the retry rule of that name
    holder           the expression that names who holds a lease
    fails_in_place   machine -> state -> errors that neither Retry nor Catch takes, on purpose:
                     the execution fails there, and a redrive resumes that very state
    taxonomy         names of the concrete error classes, any of which a function may raise
    function_seconds function -> its time limit; None: not known here, and not judged
    """

    policies: Mapping[str, Mapping[str, Any]]
    holder: str
    fails_in_place: Mapping[str, Mapping[str, list[str]]]
    taxonomy: frozenset[str]
    function_seconds: Mapping[str, int] | None = field(default=None)


Rule = Callable[[str, Mapping[str, Any], Facts], Iterator[tuple[str, str]]]
"""(machine, definition, facts) -> (state, what is wrong with it)."""


def load_facts(
    function_seconds: Mapping[str, int] | None = None, directory: Path = workflows.DIRECTORY
) -> Facts:
    """The facts beside the definitions. The time limits of the functions are the stacks' to
    tell."""
    names = read_names(directory)
    declared = workflows.FAILS_IN_PLACE
    return Facts(
        policies={
            name: expand(one.value, names, one.file)
            for name, one in names.items()
            if isinstance(one.value, Mapping) and "ErrorEquals" in one.value
        },
        holder=expand("@holder", names, "the lint"),
        fails_in_place=expand(read_json(directory / declared), names, declared),
        taxonomy=taxonomy(),
        function_seconds=function_seconds,
    )


def taxonomy() -> frozenset[str]:
    """The concrete classes of the error taxonomy, by name."""
    return frozenset(_leaves(errors.StandbyError))


def _leaves(family: type[errors.StandbyError]) -> Iterator[str]:
    members = [cls for cls in family.__subclasses__() if f"{cls.__module__}.".startswith(_OURS)]
    if not members:
        yield family.__name__
    for member in members:
        yield from _leaves(member)
