"""The changes of one Region, and the bus that wakes their machine."""

from __future__ import annotations

from dataclasses import replace

from cognito_standby.changes.domain.changes import (
    KEPT,
    Change,
    ChangeRequest,
    ChangeResult,
    ChangeStatus,
    Problem,
)
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.changes.ports import ChangePage, Stored, Submission, Taken
from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    PlanStaleError,
    RetryableError,
    ServiceUnavailableError,
)
from cognito_standby.core.ports import Clock

_Kept = tuple[Change, str, float, ChangePlan | None]
"""A change, the digest of its request, when it is forgotten (epoch seconds), and its plan."""


class InMemoryChangeStore:
    """ChangeStore of one Region."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._items: dict[str, _Kept] = {}

    def submit(self, submission: Submission) -> Stored:
        """Store a change unless its id is taken."""
        if (kept := self._kept(submission.id)) is not None:
            same = kept[1] == submission.digest
            return Stored(Taken.EXISTING if same else Taken.OTHER_BODY, kept[0])
        change = Change(
            id=submission.id,
            kind=submission.request.kind,
            status=ChangeStatus.ACCEPTED,
            asked_by=submission.asked_by,
            requested_at=submission.requested_at.isoformat(),
            subject=submission.subject,
            # What is stored is read back: a request that could not be is found here.
            request=ChangeRequest.from_dict(submission.request.to_dict()),
        )
        until = submission.requested_at.timestamp() + KEPT.total_seconds()
        self._items[change.id] = (change, submission.digest, until, None)
        return Stored(Taken.NEW, change)

    def read(self, change_id: str) -> Change | None:
        """One change."""
        kept = self._kept(change_id)
        return kept[0] if kept else None

    def claim(self, change_id: str, execution: str) -> Change | None:
        """Begin, or go on, as this execution."""
        change = self.read(change_id)
        if change is None or change.status.final or change.execution not in ("", execution):
            return None
        running = replace(
            change,
            status=ChangeStatus.RUNNING,
            execution=execution,
            ended_at="",
            problem=None if change.status is ChangeStatus.FAILED else change.problem,
        )
        self._put(running)
        return running

    def plan_of(self, change_id: str) -> ChangePlan | None:
        """What the execution is going to write."""
        kept = self._kept(change_id)
        return kept[3] if kept else None

    def with_plan(self, change_id: str) -> tuple[Change, ChangePlan | None] | None:
        """Both."""
        kept = self._kept(change_id)
        return (kept[0], kept[3]) if kept else None

    def note_plan(self, change_id: str, execution: str, plan: ChangePlan) -> None:
        """Note what is going to be written."""
        change = self._guarded(change_id, execution)
        self._put(replace(change, subject=plan.subject), plan)

    def note_problem(self, change_id: str, execution: str, problem: Problem) -> None:
        """Note why it is going to be refused or taken back."""
        self._put(replace(self._guarded(change_id, execution), problem=problem))

    def finish(
        self,
        change_id: str,
        execution: str,
        status: ChangeStatus,
        problem: Problem | None,
        result: ChangeResult | None,
    ) -> bool:
        """Note the end; a final one drops request and plan."""
        try:
            change = self._guarded(change_id, execution)
        except PlanStaleError:
            return False
        ended = replace(
            change,
            status=status,
            problem=problem,
            result=result,
            ended_at=self._clock.now().isoformat(),
        )
        if status.final:
            _, digest, until, _ = self._items[change_id]
            self._items[change_id] = (replace(ended, request=None), digest, until, None)
        else:
            self._put(ended)
        return True

    def recent(self, limit: int, token: str = "") -> ChangePage:
        """The latest changes."""
        found = [kept[0] for key in self._items if (kept := self._kept(key))]
        found.sort(key=lambda change: (change.requested_at, change.id), reverse=True)
        ids = [change.id for change in found]
        if token and token not in ids:
            raise InvalidRecordError("the page token is none of ours")
        begin = ids.index(token) + 1 if token else 0
        page = [replace(change, request=None) for change in found[begin : begin + limit]]
        more = begin + limit < len(found)
        return ChangePage(tuple(page), page[-1].id if page and more else "")

    def _kept(self, change_id: str) -> _Kept | None:
        kept = self._items.get(change_id)
        return kept if kept and kept[2] > self._clock.now().timestamp() else None

    def _put(self, change: Change, plan: ChangePlan | None = None) -> None:
        _, digest, until, before = self._items[change.id]
        self._items[change.id] = (change, digest, until, plan or before)

    def _guarded(self, change_id: str, execution: str) -> Change:
        change = self.read(change_id)
        if change is None or change.execution != execution or change.status.final:
            raise PlanStaleError("the change belongs to another execution, or has ended")
        return change


class InMemoryChangeBus:
    """ChangeBus: `waiting` are ids published and not yet taken."""

    def __init__(self) -> None:
        self.waiting: tuple[str, ...] = ()
        self._failures = 0
        self._error: RetryableError = ServiceUnavailableError("the bus did not take it")

    def fail(self, times: int = 1, error: RetryableError | None = None) -> None:
        """Fail the next calls; -1: every call from now on; 0: no more."""
        self._failures = times
        self._error = error or ServiceUnavailableError("the bus did not take it")

    def publish_change(self, change_id: str) -> None:
        """Put one id on the bus."""
        if self._failures:
            self._failures -= 1
            raise self._error
        self.waiting = (*self.waiting, change_id)

    def take(self) -> str:
        """Take the oldest id."""
        first, *rest = self.waiting
        self.waiting = tuple(rest)
        return first
