"""The store of the one change that an explored machine of the Admin API works on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cognito_standby.changes.domain.changes import Change, ChangeKind, ChangeRequest, ChangeStatus
from cognito_standby.changes.domain.saga import ChangePlan


class OneChange:
    """ChangeStore of the one change. What it is asked for, nobody else sees."""

    def __init__(
        self,
        change_id: str,
        origin_sub: str,
        kind: ChangeKind,
        plan: Any,
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        request = ChangeRequest(kind, origin_sub=origin_sub, attributes=dict(attributes or {}))
        self.plan = ChangePlan.from_dict(plan) if plan else None
        self._change = Change(change_id, kind, ChangeStatus.RUNNING, "", "", request=request)

    def claim(self, _id: str, _execution: str) -> Change:
        return self._change

    def note_plan(self, _id: str, _execution: str, plan: ChangePlan) -> None:
        self.plan = plan

    def plan_of(self, _id: str) -> ChangePlan | None:
        return self.plan

    def note_problem(self, _id: str, _execution: str, _problem: Any) -> None:
        """Nobody is told."""
