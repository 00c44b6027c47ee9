"""Ask Operator: notes the brake's question and tells the operators of it.

Input: {"run", "token": the task token that answers, "seconds": how long the question waits}.
Whoever answers gives `{"approved": true or false}` back with the token (SendTaskSuccess).
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Any

from cognito_standby.core.adapters import clients
from cognito_standby.core.adapters.notices import TopicNotices
from cognito_standby.core.domain.metrics import Metric
from cognito_standby.reconciliation.ports import Question
from tasks.reconcile_step import run_of, settings, world
from tasks.reporting import counted, logger, report
from tasks.sync_step import text_of


@counted
def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer nothing: the state ends when an operator answers the question."""
    run, ctx = run_of(event), world(event, context)
    judged = ctx.store(run).judgement()
    asked_at = ctx.clock.now()
    question = Question(
        run=run,
        reasons=judged.reasons if judged else (),
        task_token=text_of(event, "token"),
        asked_at=asked_at,
        expires_at=asked_at + timedelta(seconds=int(event["seconds"])),
    )
    ctx.register.ask(question)
    _notices().tell(f"{logger().service}: a reconciliation waits for you", message(question))
    report("ask_operator: asked", {Metric.QUESTIONS: 1}, run=run.id, reasons=len(question.reasons))
    return {}


def message(question: Question) -> str:
    """What operators read."""
    run = question.run
    reasons = "\n".join(f"- {reason}" for reason in question.reasons)
    return (
        f"The reconciliation {run.id} of {run.user_pool_id} in {run.region} has compared everything"
        f" and stopped before it changes anything:\n\n{reasons}\n\n"
        f"Look first:  standby reconcile --follow {run.id} --region {run.region}\n"
        f"Then either: standby approve {run.id}\n"
        f"or:          standby reject {run.id}\n\n"
        f"No answer until {question.expires_at:%Y-%m-%d %H:%M} UTC is a no. Nothing is changed "
        "before a yes.\n"
    )


@cache
def _notices() -> TopicNotices:
    return TopicNotices(clients.sns(), settings().alarm_topic_arn)
