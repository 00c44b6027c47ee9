"""The table of changes of one Region, which is the idempotency store as well. Shape of the items:
docs/data.md.

What is personal, the request and the plan, is JSON in two attributes of their own. They are removed
when the change has ended for good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from cognito_standby.changes.domain.changes import (
    KEPT,
    RECENT_INDEX,
    Change,
    ChangeKind,
    ChangeRequest,
    ChangeResult,
    ChangeStatus,
    Problem,
)
from cognito_standby.changes.domain.saga import ChangePlan
from cognito_standby.changes.ports import ChangePage, Stored, Submission, Taken
from cognito_standby.core.adapters.aws_errors import is_refused, translated, unless_refused
from cognito_standby.core.adapters.items import Item, plain, wire
from cognito_standby.core.domain.errors import (
    InvalidRecordError,
    PlanStaleError,
    ServiceUnavailableError,
)
from cognito_standby.core.domain.plain import from_plain, to_plain
from cognito_standby.core.ports import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_ALL = "changes"
"""Value of `listed`, partition key of the index: one page-able list. What is told of a change there
is projected; the throttling of the API keeps it below the limit of a partition, 1,000 writes/s."""

_OPEN = ":accepted, :running, :failed"
_MINE = f"execution = :execution AND #status IN ({_OPEN})"
_FREE = f"(attribute_not_exists(execution) OR execution = :execution) AND #status IN ({_OPEN})"
_STATUSES = {
    ":accepted": ChangeStatus.ACCEPTED.value,
    ":running": ChangeStatus.RUNNING.value,
    ":failed": ChangeStatus.FAILED.value,
}


class DynamoChangeStore:
    """ChangeStore."""

    def __init__(self, client: DynamoDBClient, table_name: str, clock: Clock) -> None:
        self._client, self._table, self._clock = client, table_name, clock

    def submit(self, submission: Submission) -> Stored:
        """One conditional PutItem; where the id is taken, one GetItem besides."""
        item: Item = {
            "id": submission.id,
            "listed": _ALL,
            "kind": submission.request.kind.value,
            "status": ChangeStatus.ACCEPTED.value,
            "asked_by": submission.asked_by,
            "requested_at": submission.requested_at.isoformat(),
            "request": json.dumps(submission.request.to_dict()),
            "digest": submission.digest,
            "expires_at": int((submission.requested_at + KEPT).timestamp()),
        }
        item |= {"subject": submission.subject} if submission.subject else {}
        # Time to live removes with a delay of days, so a date in the past counts.
        is_new = unless_refused(
            lambda: self._client.put_item(
                TableName=self._table,
                Item=wire(item),
                ConditionExpression="attribute_not_exists(id) OR expires_at < :now",
                ExpressionAttributeValues=wire({":now": self._now()}),
            )
        )
        if is_new:
            return Stored(Taken.NEW, _change(item))
        if (found := self._get(submission.id)) is None:
            raise ServiceUnavailableError("the change expired between two looks")
        same = found.get("digest") == submission.digest
        return Stored(Taken.EXISTING if same else Taken.OTHER_BODY, _change(found))

    def read(self, change_id: str) -> Change | None:
        """One consistent GetItem."""
        item = self._get(change_id)
        return None if item is None else _change(item)

    def claim(self, change_id: str, execution: str) -> Change | None:
        """One conditional UpdateItem. It removes what an earlier failure had noted for the
        caller."""
        known = self.read(change_id)
        again = known is not None and known.status is ChangeStatus.FAILED
        values = {"status": ChangeStatus.RUNNING.value, "execution": execution}
        gone = ("ended_at", "problem") if again else ()
        try:
            return _change(self._update(change_id, execution, values, _FREE, gone))
        except PlanStaleError:
            return None

    def plan_of(self, change_id: str) -> ChangePlan | None:
        """One consistent GetItem."""
        return _plan(self._get(change_id) or {})

    def with_plan(self, change_id: str) -> tuple[Change, ChangePlan | None] | None:
        """One consistent GetItem."""
        item = self._get(change_id)
        return None if item is None else (_change(item), _plan(item))

    def note_plan(self, change_id: str, execution: str, plan: ChangePlan) -> None:
        """One conditional UpdateItem."""
        values = {"subject": plan.subject, "plan": json.dumps(plan.to_dict())}
        self._update(change_id, execution, values, _MINE)

    def note_problem(self, change_id: str, execution: str, problem: Problem) -> None:
        """One conditional UpdateItem."""
        self._update(change_id, execution, {"problem": _dumped(problem)}, _MINE)

    def finish(
        self,
        change_id: str,
        execution: str,
        status: ChangeStatus,
        problem: Problem | None,
        result: ChangeResult | None,
    ) -> bool:
        """One conditional UpdateItem."""
        values: Item = {"status": status.value, "ended_at": self._clock.now().isoformat()}
        values |= {"problem": _dumped(problem)} if problem else {}
        values |= {"result": _dumped(result)} if result else {}
        gone = [*(("request", "plan") if status.final else ()), *(() if problem else ("problem",))]
        try:
            self._update(change_id, execution, values, _MINE, tuple(gone))
        except PlanStaleError:
            return False
        return True

    def recent(self, limit: int, token: str = "") -> ChangePage:
        """One Query of the index, newest first."""
        start = {"ExclusiveStartKey": _key(token)} if token else {}
        with translated({"ValidationException": InvalidRecordError}):
            answer = self._client.query(
                TableName=self._table,
                IndexName=RECENT_INDEX,
                KeyConditionExpression="listed = :all",
                FilterExpression="expires_at > :now",
                ExpressionAttributeValues=wire({":all": _ALL, ":now": self._now()}),
                ScanIndexForward=False,
                Limit=limit,
                **start,
            )
        changes = tuple(_change(plain(item)) for item in answer["Items"])
        last = answer.get("LastEvaluatedKey")
        return ChangePage(changes, _token(plain(last)) if last else "")

    def _get(self, change_id: str) -> Item | None:
        with translated():
            answer = self._client.get_item(
                TableName=self._table, Key=wire({"id": change_id}), ConsistentRead=True
            )
        item = plain(answer.get("Item", {}))
        return item if item.get("expires_at", 0) > self._now() else None

    def _update(
        self,
        change_id: str,
        execution: str,
        values: Mapping[str, Any],
        condition: str,
        remove: tuple[str, ...] = (),
    ) -> Item:
        """PlanStaleError: the condition does not hold."""
        names = {f"#{name}": name for name in ("status", *values, *remove)}
        text = "SET " + ", ".join(f"#{name} = :{name}_" for name in values)
        text += " REMOVE " + ", ".join(f"#{name}" for name in remove) if remove else ""
        bound = {f":{name}_": value for name, value in values.items()}
        with translated():
            try:
                answer = self._client.update_item(
                    TableName=self._table,
                    Key=wire({"id": change_id}),
                    UpdateExpression=text,
                    ConditionExpression=f"{condition} AND expires_at > :now",
                    ExpressionAttributeNames=names,
                    ExpressionAttributeValues=wire(
                        {**bound, **_STATUSES, ":execution": execution, ":now": self._now()}
                    ),
                    ReturnValues="ALL_NEW",
                )
            except ClientError as error:
                if is_refused(error):
                    raise PlanStaleError("the change is another's, or has ended") from None
                raise
        return plain(answer["Attributes"])

    def _now(self) -> int:
        return int(self._clock.now().timestamp())


def _plan(item: Item) -> ChangePlan | None:
    return ChangePlan.from_dict(_json(item["plan"])) if "plan" in item else None


def _change(item: Item) -> Change:
    """A change as read. InvalidRecordError: not the documented shape."""
    try:
        problem, result = item.get("problem"), item.get("result")
        return Change(
            id=str(item["id"]),
            kind=ChangeKind(item["kind"]),
            status=ChangeStatus(item["status"]),
            asked_by=str(item["asked_by"]),
            requested_at=str(item["requested_at"]),
            subject=str(item.get("subject", "")),
            ended_at=str(item.get("ended_at", "")),
            request=ChangeRequest.from_dict(_json(item["request"])) if "request" in item else None,
            problem=from_plain(Problem, _json(problem)) if problem else None,
            result=from_plain(ChangeResult, _json(result)) if result else None,
            execution=str(item.get("execution", "")),
        )
    except (KeyError, TypeError, ValueError):
        raise InvalidRecordError("a stored change does not have its shape") from None


def _dumped(value: Problem | ChangeResult) -> str:
    return json.dumps(to_plain(value))


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        raise InvalidRecordError("a stored change is not JSON") from None


def _token(key: Item) -> str:
    return ".".join((str(key["requested_at"]), str(key["id"])))


def _key(token: str) -> Any:
    at, dot, change_id = token.rpartition(".")
    if not (at and dot and change_id):
        raise InvalidRecordError("the page token is none of ours")
    return wire({"listed": _ALL, "requested_at": at, "id": change_id})
