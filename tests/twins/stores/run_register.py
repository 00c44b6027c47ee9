"""A Region's notes about its runs, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cognito_standby.core.ports import Clock
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.ports import Question
from tests.twins.stores.pool_notes import InMemoryPoolNotes


class InMemoryRunRegister(InMemoryPoolNotes):
    """RunRegister. `goes_on` tells whether an execution still runs."""

    def __init__(self, clock: Clock, goes_on: Callable[[str], bool] = lambda _: True) -> None:
        super().__init__()
        self._clock, self._goes_on = clock, goes_on
        self._current: Run | None = None
        self._questions: dict[str, Question] = {}

    def open(self, run: Run) -> Run:
        """Begin, unless another run still goes on."""
        holder = self._current
        others = holder is not None and holder.execution != run.execution
        if holder is not None and others and self._goes_on(holder.execution):
            return holder
        self._current = run
        return run

    def close(self, run: Run) -> None:
        """End; not ours any more is success."""
        if self._current is not None and self._current.execution == run.execution:
            self._current = None

    def current(self) -> Run | None:
        """The run that holds the pool."""
        return self._current

    def ask(self, question: Question) -> None:
        """Note a question."""
        self._questions[question.run.id] = question

    def question(self, run_id: str) -> Question | None:
        """The open question of a run."""
        question = self._questions.get(run_id)
        expired = question is not None and question.expires_at <= self._clock.now()
        return None if expired else question

    def questions(self) -> Sequence[Question]:
        """All open questions."""
        found = [self.question(run_id) for run_id in sorted(self._questions)]
        return [question for question in found if question is not None]

    def settle(self, run_id: str) -> None:
        """The question was answered or expired."""
        self._questions.pop(run_id, None)
