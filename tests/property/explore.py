"""Visit every state within bounds; find wrong rests, and states with no way to a right one."""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise
from time import process_time

from tests.property.environment import Model, describe
from tests.property.properties import check_rest
from tests.property.states import Bounds, State
from tests.property.tokens import TokenCheck
from tests.property.world import WrongError


@dataclass
class Finding:
    """A property that does not hold, and the schedule that shows it."""

    what: str
    schedule: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        steps = "\n".join(f"  {i + 1:3}. {step}" for i, step in enumerate(self.schedule))
        return f"{self.what}\n{steps}"


@dataclass
class Report:
    """What an exploration saw. `complete`: every state within the bounds was visited."""

    bounds: str
    states: int = 0
    steps: int = 0
    rests: int = 0
    seconds: float = 0.0
    complete: bool = False
    finding: Finding | None = None
    outcomes: set[object] = field(default_factory=set)
    """What was seen at rest: pools, records and changes."""

    def __str__(self) -> str:
        how = "all" if self.complete else "the first"
        found = f"\nFOUND {self.finding}" if self.finding else ""
        return (
            f"{self.bounds}: {how} {self.states:,} states, {self.steps:,} steps, "
            f"{self.rests:,} rests, {self.seconds:.1f} s{found}"
        )


class _Search:
    def __init__(self, bounds: Bounds) -> None:
        self.model = Model(bounds)
        self.numbers: dict[State, int] = {}
        self.parents = array("l")
        self.queue: deque[State] = deque()
        self.sources, self.targets = array("l"), array("l")
        self.right: list[int] = []
        self.report = Report(bounds.name)
        self.check_tokens = TokenCheck(self.model)

    def add(self, state: State, parent: int) -> int:
        number = self.numbers.get(state)
        if number is None:
            number = self.numbers[state] = len(self.parents)
            self.parents.append(parent)
            self.queue.append(state)
        return number

    def expand(self, state: State) -> None:
        self.check_tokens(state)
        number = self.numbers[state]
        resting = True
        for edge in self.model.steps(state):
            self.report.steps += 1
            if edge.state == state:
                continue
            target = self.add(edge.state, number)
            if edge.system:
                resting = False
                self.sources.append(number)
                self.targets.append(target)
        if resting:
            self.report.rests += 1
            check_rest(self.model, state)
            env = self.model.envs[state.env]
            self.report.outcomes.add((self.model.shown(state), env.history, env.claims))
            self.right.append(number)

    def schedule(self, state: State) -> list[str]:
        states = list(self.numbers)
        path = [self.numbers[state]]
        while self.parents[path[0]] >= 0:
            path.insert(0, self.parents[path[0]])
        steps = []
        for here, there in pairwise(path):
            edges = self.model.steps(states[here])
            label = next(edge.label for edge in edges if edge.state == states[there])
            steps.append(describe(self.model, label))
        return steps

    def stuck(self) -> State | None:
        """A state from which the system by itself never comes to a right rest."""
        states = list(self.numbers)
        reverse: list[list[int]] = [[] for _ in states]
        for source, target in zip(self.sources, self.targets, strict=True):
            reverse[target].append(source)
        todo = [*self.right, *(self.numbers[state] for state in self.queue)]
        fine = set(todo)
        while todo:
            for source in reverse[todo.pop()]:
                if source not in fine:
                    fine.add(source)
                    todo.append(source)
        return next((state for i, state in enumerate(states) if i not in fine), None)


def explore(
    bounds: Bounds, *, states: int = 1_000_000, seconds: float = 3600.0, deep: bool = False
) -> Report:
    """Explore breadth first, so that a finding's schedule is a shortest one; or `deep`, which
    comes to some finding sooner where there are many. `seconds` of the processor's time: others
    may share it."""
    search, began = _Search(bounds), process_time()
    report = search.report
    state = search.model.start()
    search.add(state, -1)
    try:
        while search.queue and len(search.numbers) < states and process_time() - began < seconds:
            state = search.queue.pop() if deep else search.queue.popleft()
            search.expand(state)
        report.complete = not search.queue
        stuck = search.stuck()
        if stuck is not None:
            report.finding = Finding("no way to a right rest", search.schedule(stuck))
    except WrongError as error:
        report.finding = Finding(str(error), [*search.schedule(state), "(the next step)"])
    report.states, report.seconds = len(search.numbers), process_time() - began
    return report
