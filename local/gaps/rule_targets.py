"""Gap: a rule's state machine target is tried once, and what it refuses is gone.

EventBridge retries a target that cannot take an event, by default for 24 hours and up to 185 times,
with backoff and jitter; an event that is not delivered in the end, or that cannot be (the target
does not exist), goes to the target's dead-letter queue with the reasons as message attributes
(Amazon EventBridge user guide, "How EventBridge retries delivering events" and "Using dead-letter
queues to process undelivered events"). The emulator logs a warning.

What a rule or a schedule may not hand over goes to that queue at once, with `NO_PERMISSIONS`.

Limits: retries only for targets that are state machines; delays are between 0.2 and 5 s, where AWS
takes longer; what waits for a retry is lost with the process; the letter's body is the target's
input.
"""

from __future__ import annotations

import contextvars
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local.faults import Faults
from local.patching import replace
from local.rights.hops import Hops

logger = logging.getLogger(__name__)
OK = 200
ATTEMPTS, AGE_SECONDS = 185, 86400
FIRST_DELAY, LAST_DELAY = 0.2, 5.0
Start = Callable[[str, str], str]
NO_PERMISSIONS = "NO_PERMISSIONS"
_FINAL = ("StateMachineDoesNotExist", "AccessDeniedException", "InvalidArn", NO_PERMISSIONS)
_delivery: contextvars.ContextVar[Delivery | None] = contextvars.ContextVar(
    "delivery", default=None
)


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one target of one rule."""

    rule_arn: str
    target_arn: str
    attempts: int
    age: float
    dead_letter_arn: str
    target: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, target: dict[str, Any], rule: dict[str, Any]) -> Delivery:
        """Read a target's retry policy and dead-letter queue."""
        policy = target.get("RetryPolicy") or {}
        return cls(
            rule_arn=str(rule.get("Arn", "")),
            target_arn=str(target.get("Arn", "")),
            attempts=int(policy.get("MaximumRetryAttempts", ATTEMPTS)),
            age=float(policy.get("MaximumEventAgeInSeconds", AGE_SECONDS)),
            dead_letter_arn=str((target.get("DeadLetterConfig") or {}).get("Arn", "")),
            target=target,
        )


def install(faults: Faults, hops: Hops) -> None:
    """Deliver to state machines with retries, and letters in the end; only where it is allowed."""
    from ministack.services import eventbridge, stepfunctions  # noqa: PLC0415

    def remembering(invoke: Callable[..., Any]) -> Callable[..., Any]:
        def invoked(target: dict[str, Any], event: Any, rule: dict[str, Any], *rest: Any) -> Any:
            delivery = Delivery.of(target, rule)
            if ":states:" not in delivery.target_arn and not _may(hops, delivery):
                whole = eventbridge._pattern_event_view(event).event_with_detail()
                _send_letter(hops, delivery, json.dumps(whole), NO_PERMISSIONS, "NonRetryable", 0)
                return None
            token = _delivery.set(delivery)
            try:
                return invoke(target, event, rule, *rest)
            finally:
                _delivery.reset(token)

        return invoked

    def delivering(_original: Callable[..., Any]) -> Callable[..., Any]:
        def delivered(arn: str, payload: str) -> None:
            delivery = _delivery.get() or Delivery.of({"Arn": arn}, {})
            error = start(arn, payload)
            if error:
                context = contextvars.copy_context()
                more = (_insist, start, hops, delivery, payload, error)
                threading.Thread(target=context.run, args=more, daemon=True).start()

        return delivered

    def start(arn: str, payload: str) -> str:
        failure = faults.edge_fails("rule->machine", arn.split(":")[3])
        if not failure and (delivery := _delivery.get()) and not _may(hops, delivery):
            return NO_PERMISSIONS
        return failure or _start(stepfunctions, arn, payload)

    replace(eventbridge, "_invoke_target", remembering)
    replace(eventbridge, "_dispatch_to_stepfunctions", delivering)


def _may(hops: Hops, delivery: Delivery) -> bool:
    """Whether the rule, or the schedule, may hand this to its target."""
    return not hops.rights.enforced or not hops.to_target(delivery.target, delivery.rule_arn)


def _start(stepfunctions: Any, arn: str, payload: str) -> str:
    """The error's name, or "" when an execution was started."""
    status, _, body = stepfunctions._start_execution({"stateMachineArn": arn, "input": payload})
    return "" if status == OK else str(json.loads(body).get("__type", "Unknown"))


def _insist(start: Start, hops: Hops, delivery: Delivery, payload: str, error: str) -> None:
    started, retries, wait = time.monotonic(), 0, FIRST_DELAY
    condition = "NonRetryable"
    while error not in _FINAL:
        if retries >= delivery.attempts:
            condition = "MaximumRetryAttempts"
            break
        if time.monotonic() - started + wait > delivery.age:
            condition = "MaximumEventAgeInSeconds"
            break
        time.sleep(wait)
        retries, wait = retries + 1, min(LAST_DELAY, wait * 2)
        error = start(delivery.target_arn, payload)
        if not error:
            return
    _send_letter(hops, delivery, payload, error, condition, retries)


def _send_letter(
    hops: Hops, delivery: Delivery, payload: str, error: str, condition: str, retries: int
) -> None:
    from ministack.services import sqs  # noqa: PLC0415

    queue = sqs._queue_by_arn(delivery.dead_letter_arn) if delivery.dead_letter_arn else None
    letters = delivery.dead_letter_arn
    if queue and hops.rights.enforced:
        denied = hops.to_letters(letters, delivery.target, delivery.rule_arn)
        queue = None if denied else queue
    if queue is None:
        logger.error("rule %s: an event was lost: %s", delivery.rule_arn, error)
        return
    told = {
        "RULE_ARN": delivery.rule_arn,
        "TARGET_ARN": delivery.target_arn,
        "ERROR_CODE": error,
        "EXHAUSTED_RETRY_CONDITION": condition,
        "RETRY_ATTEMPTS": str(retries),
    }
    attributes = {k: {"DataType": "String", "StringValue": v} for k, v in told.items() if v}
    message = {"QueueUrl": queue["url"], "MessageBody": payload, "MessageAttributes": attributes}
    sqs._HANDLERS["SendMessage"](message, queue["url"])
