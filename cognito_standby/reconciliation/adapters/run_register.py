"""What a Region notes about its runs, in the ledger table. Shapes: docs/data.md.

The lock has no lease: Step Functions says whether its run goes on. A run that failed leaves its
lock behind, and the next run finds that the lock's execution has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cognito_standby.core.adapters.aws_errors import translated, unless_refused
from cognito_standby.core.adapters.items import Item, wire
from cognito_standby.core.adapters.pool_notes import PoolNoteItems
from cognito_standby.core.domain.errors import LeaseHeldError
from cognito_standby.core.domain.ledger_keys import FIRST_POOL, QUESTION, QUESTIONS, RUN
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.core.ports import Clock
from cognito_standby.failures.domain.executions import GOING
from cognito_standby.failures.ports import Describing
from cognito_standby.reconciliation.domain.reconciliation import Run
from cognito_standby.reconciliation.ports import Question

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LOCK_DAYS = 60
"""After that nobody asks any more; a run ends within the time limit of its machine, 14 days."""

_DAY = 86_400
_TAKE_OVERS = 3
"""Somebody else takes the lock over at the same moment, at most so often in a row."""


class DynamoRunRegister(PoolNoteItems):
    """RunRegister. `executions` tells whether the holder of the lock goes on."""

    def __init__(
        self, client: DynamoDBClient, table_name: str, clock: Clock, executions: Describing
    ) -> None:
        super().__init__(client, table_name)
        self._clock, self._executions = clock, executions

    def open(self, run: Run) -> Run:
        """One conditional PutItem; where it is refused, one GetItem and one DescribeExecution.

        LeaseHeldError: other runs took the lock over at every attempt.
        """
        free, seen = "attribute_not_exists(subject)", Item()
        for _ in range(_TAKE_OVERS):
            bound = {":own": run.execution, **seen}
            if self._put_if(_locked(run, self._now()), f"{free} OR execution = :own", bound):
                return run
            holder = self.current()
            if holder is None:
                free, seen = "attribute_not_exists(subject)", Item()
            elif self._goes_on(holder):
                return holder
            else:
                free, seen = "execution = :seen", {":seen": holder.execution}
        raise LeaseHeldError("other runs begin at the same moment")

    def close(self, run: Run) -> None:
        """One conditional DeleteItem."""
        unless_refused(
            lambda: self._client.delete_item(
                TableName=self._table,
                Key=wire({"subject": RUN}),
                ConditionExpression="attribute_not_exists(subject) OR execution = :own",
                ExpressionAttributeValues=wire({":own": run.execution}),
            )
        )

    def current(self) -> Run | None:
        """One consistent GetItem. InvalidRecordError: the lock is not of the documented shape."""
        item = self._get(RUN)
        return _run(item) if item else None

    def pool_of_record(self, user_pool_id: str) -> str:
        """One conditional PutItem; where it is refused, one consistent GetItem."""
        noted = {"subject": FIRST_POOL, "user_pool_id": user_pool_id}
        if self._put_if(noted, "attribute_not_exists(subject)", {}):
            return user_pool_id
        return self.known_pool() or user_pool_id

    def ask(self, question: Question) -> None:
        """One PutItem, then its name in the list of open ones."""
        run = question.run
        item = {
            **_fields(run),
            "subject": QUESTION + run.id,
            "reasons": list(question.reasons),
            "task_token": question.task_token,
            "asked_at": int(question.asked_at.timestamp()),
            "expires_at": int(question.expires_at.timestamp()),
        }
        with translated():
            self._client.put_item(TableName=self._table, Item=wire(item))
        self._set(QUESTIONS, "ADD runs :run", {":run": {run.id}})

    def question(self, run_id: str) -> Question | None:
        """One consistent GetItem; time to live deletes late, so a date in the past counts."""
        item = self._get(QUESTION + run_id)
        if not item or item.get("expires_at", 0) <= self._now():
            return None
        return _question(item)

    def questions(self) -> Sequence[Question]:
        """One consistent GetItem, and one for each open question: there is hardly ever a second."""
        listed = sorted(self._get(QUESTIONS).get("runs", ()))
        found = [self.question(run_id) for run_id in listed]
        return [question for question in found if question is not None]

    def settle(self, run_id: str) -> None:
        """Its name is removed from the list first, so that a crash in between leaves no question
        that looks open."""
        self._set(QUESTIONS, "DELETE runs :run", {":run": {run_id}})
        with translated():
            self._client.delete_item(
                TableName=self._table, Key=wire({"subject": QUESTION + run_id})
            )

    def _goes_on(self, holder: Run) -> bool:
        found = self._executions.describe(holder.execution)
        return found is not None and found.status in GOING

    def _put_if(self, item: Item, condition: str, bound: Item) -> bool:
        more: Any = {"ExpressionAttributeValues": wire(bound)} if bound else {}
        return unless_refused(
            lambda: self._client.put_item(
                TableName=self._table, Item=wire(item), ConditionExpression=condition, **more
            )
        )

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _locked(run: Run, now: int) -> Item:
    return {**_fields(run), "subject": RUN, "expires_at": now + LOCK_DAYS * _DAY}


def _fields(run: Run) -> Item:
    """A lock does not note who asked for the run, because no step asks while it goes on."""
    fields = to_plain(run)
    del fields["scheduled"]
    return {"run_id": fields.pop("id"), **fields}


def _run(item: Item) -> Run:
    told = {**item, "id": item.get("run_id")}
    return from_plain(Run, told, wrong="the ledger's note of a run is not of its shape")


def _question(item: Item) -> Question:
    return Question(
        run=_run(item),
        reasons=tuple(str(reason) for reason in item.get("reasons", ())),
        task_token=str(item.get("task_token", "")),
        asked_at=datetime.fromtimestamp(int(item.get("asked_at", 0)), UTC),
        expires_at=datetime.fromtimestamp(int(item["expires_at"]), UTC),
    )
