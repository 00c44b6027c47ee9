"""Rules that keep two invocations from acting at once under one lease."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.lint.facts import Facts, Rule
from workflows.lint.walk import State, function_of, tasks

UNSURE = frozenset(
    {
        "Lambda.AWSLambdaException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.SdkClientException",
        "Lambda.ServiceException",
    }
)
"""The invocation got no answer, so the function may be running (Step Functions developer guide,
"Handle Lambda service exceptions")."""

_ANYTHING = frozenset({"States.ALL", "States.TaskFailed"})

COLD_START_SECONDS = 10
"""Lambda's limit for starting an environment, before the function's own time begins (Lambda
developer guide, "Lambda runtime environment", init phase)."""


def holders_name_their_run(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """A lease is held by one run of an execution: after a stop and a redrive the call that the stop
    left behind and the first call of the redrive would otherwise act under one lease."""
    del machine
    for name, state in tasks(definition):
        if _holder(state) not in (None, facts.holder):
            yield name, "its holder is not @holder, which names the execution and its redrives"


def first_runs_are_waited_for(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Where the first invocation may still run, a holder of a lease is called again only after the
    function's time limit; full jitter would begin at zero."""
    del machine
    for name, state in tasks(definition):
        limit = (facts.function_seconds or {}).get(function_of(state) or "")
        left = UNSURE if limit and _holder(state) else frozenset()
        for rule in state.get("Retry", ()):
            named = left if _ANYTHING & set(rule["ErrorEquals"]) else left & {*rule["ErrorEquals"]}
            left -= named
            late = rule["IntervalSeconds"] > (limit or 0) + COLD_START_SECONDS
            if named and not (late and "JitterStrategy" not in rule):
                yield name, f"repeats {min(named)} while the first run may go on"


def _holder(state: State) -> str | None:
    payload = state.get("Arguments", {}).get("Payload", {})
    return payload.get("holder") if isinstance(payload, Mapping) else None


RULES: tuple[Rule, ...] = (holders_name_their_run, first_runs_are_waited_for)
