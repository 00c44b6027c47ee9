"""What the tasks of `apply_admin_change` share: context, input, report.

Input of every step: {"change_id": str, "holder": execution ARN and redrive count}. Ids only travel
through the machine; request and plan lie encrypted in the table of changes.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from cognito_standby.changes.services.context import ChangeContext
from cognito_standby.core.domain.ledger import execution_of
from cognito_standby.core.domain.subjects import digest
from tasks.composition import change_context
from tasks.reporting import report
from tasks.sync_step import text_of


@cache
def context() -> ChangeContext:
    """One context for the life of the process."""
    return change_context()


def named(event: dict[str, Any]) -> tuple[str, str]:
    """The change's id, and the holder of the lease. InvalidRecordError."""
    return text_of(event, "change_id"), text_of(event, "holder")


def tell(
    event: dict[str, Any], step: str, subject: str, counts: dict[str, float], **facts: Any
) -> None:
    """One line about an outcome: ids, names of fields, reasons."""
    change_id, holder = named(event)
    report(
        step,
        counts,
        user=digest(subject) if subject else "",
        change_id=change_id,
        execution=execution_of(holder),
        **facts,
    )
