"""What `reconcile_pool` and `restore_pool` do alike: maps over items that S3 gives, children of
which one that fails does so alone, and Tasks between them.

Both interpreters run the children of a Distributed Map one after the other here (`width` is 1);
neither limits a child to the 5 minutes that an Express execution has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.workflows.judges import Answer, fails, returns
from tests.workflows.scenarios import Call, Scenario, disturbances, disturbed
from tests.workflows.scenarios.retries import (
    CALLED,
    CALLED_IN_TURN,
    DOUBTED,
    PATIENTLY,
    PERMANENT,
    UNEXPECTED,
)

READER_ATTEMPTS = 8
RARE = ("NewerSchemaError", "PlanStaleError", *DOUBTED)
DOUBT = {DOUBTED: PATIENTLY[DOUBTED]}


@dataclass(frozen=True)
class Map:
    """A Distributed Map.

    state   its name
    child   the state of each child, and `called` what that calls
    file    where its items are
    key     what tells its items apart, and `more` what else is in each
    """

    state: str
    child: str
    called: str
    file: str
    key: str = "id"
    more: tuple[tuple[str, str], ...] = ()

    def item(self, number: int) -> dict[str, str]:
        """One of its items."""
        return {**dict(self.more), self.key: str(number)}

    def first_call(self, base: Scenario) -> int:
        """How much is called before any child."""
        return next(n for n, (called, _) in enumerate(base.calls) if called == self.called)


def reading(base: Scenario, files: Mapping[str, list[Any]]) -> Scenario:
    """The base, in which S3 gives these items, file by file."""
    read = {f"s3:getObject {file}": [returns(items)] for file, items in files.items()}
    return replace(base, script={**read, **base.script})


def cut(base: Scenario, at: Map, name: str, script: dict[str, list[Answer]]) -> Scenario:
    """The base, as far as a map whose items are not read."""
    return replace(
        base,
        name=name,
        script=script,
        path=base.path[: base.path.index(at.state) + 1],
        calls=base.calls[: at.first_call(base)],
        output=None,
        error="States.ItemReaderFailed",
    )


def unread(base: Scenario, at: Map) -> list[Scenario]:
    """S3 does not give a map its items at once, and never."""
    read, broken = f"s3:getObject {at.file}", fails("States.ItemReaderFailed")
    again = {**base.script, read: [broken, *base.script[read]]}
    never = {**base.script, read: [broken] * (READER_ATTEMPTS + 1)}
    return [
        replace(base, name=f"{at.state} reads its items again", script=again),
        cut(base, at, f"{at.state} cannot read its items", never),
    ]


def children(base: Scenario, of: Map) -> list[Scenario]:
    """What becomes of each error of a child: every one a child of its own in one map."""
    once = [[error] for rule in CALLED for error in rule]
    lost = [[error, "!"] for error in (*PERMANENT, *UNEXPECTED, "KeyError")]
    worn = [
        [*(rule[n % len(rule)] for n in range(attempts)), rule[-1], "!"]
        for rule, attempts in CALLED.items()
    ]
    return [
        _over(base, of, once, "what is retried and then succeeds"),
        _over(base, of, lost, "what fails at once fails alone"),
        _over(base, of, worn, "what is retried in vain fails alone"),
    ]


def _over(base: Scenario, of: Map, fates: list[list[str]], name: str) -> Scenario:
    """The base, whose map now has a child for each fate: the errors of its calls, before it
    succeeds; a child that fails for good (`!`) does not succeed, and does not stop the others."""
    items = [of.item(number) for number in range(len(fates))]
    first = of.first_call(base)
    last = max(n for n, (called, _) in enumerate(base.calls) if called == of.called)
    answers: list[Answer] = []
    calls: list[Call] = []
    for item, errors in zip(items, fates, strict=True):
        failures = [fails(error) for error in errors if error != "!"]
        made = failures if errors[-1] == "!" else [*failures, returns({"done": True})]
        answers += made
        calls += [(of.called, {**base.calls[first][1], "item": item})] * len(made)
    at, until = base.path.index(of.child), len(base.path) - base.path[::-1].index(of.child)
    script = {**base.script, of.called: answers, f"s3:getObject {of.file}": [returns(items)]}
    return replace(
        base,
        name=f"{of.child}: {name}",
        script=script,
        path=[*base.path[:at], *[of.child] * len(fates), *base.path[until:]],
        calls=[*base.calls[:first], *calls, *base.calls[last + 1 :]],
    )


def steps_of(
    base: Scenario, names: Mapping[str, str], *, held: bool, doubted: bool = False
) -> list[Scenario]:
    """Every error of Tasks, by state what each calls. What is retried comes all in one run, so
    that runs stay few."""
    permanent = (*PERMANENT, *(RARE if held else UNEXPECTED), "KeyError")
    permanent = tuple(error for error in permanent if not (doubted and error in DOUBTED))
    rules = (CALLED_IN_TURN if held else CALLED) | (DOUBT if doubted else {})
    every = [error for rule in rules for error in rule]
    found = []
    for state, called in names.items():
        found.append(disturbed(base, state, called, every))
        found += [one for one in disturbances(base, state, called, rules, permanent) if one.error]
    return found
