"""Rules about Tasks: what they call, how long they wait, and what becomes of each error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workflows.lint.facts import Facts, Rule
from workflows.lint.walk import ASKING, errors_of, expressions, function_of, states, tasks

LAMBDA_TRANSIENT = (
    "Lambda.TooManyRequestsException",
    "Lambda.ServiceException",
    "Lambda.SdkClientException",
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
)
"""What Lambda itself answers now and then (Step Functions developer guide, "Handling errors",
"Transient errors")."""

AWS_ERRORS = frozenset(
    {
        *LAMBDA_TRANSIENT,
        "Lambda.Unknown",
        "Runtime.ExitError",
        "Sandbox.Timedout",
        "States.ALL",
        "States.DataLimitExceeded",
        "States.ExceedToleratedFailureThreshold",
        "States.HeartbeatTimeout",
        "States.ItemReaderFailed",
        "States.Permissions",
        "States.QueryEvaluationError",
        "States.ResultWriterFailed",
        "States.TaskFailed",
        "States.Timeout",
    }
)
"""Names that Step Functions and Lambda report themselves and that a rule can match
(States.Runtime, for one, is never caught)."""

_THROTTLING = frozenset({"Lambda.TooManyRequestsException", "ThrottledError"})

_OF_MAPS = {
    "ItemReader": "States.ItemReaderFailed",
    "ResultWriter": "States.ResultWriterFailed",
}
"""Part of a Map -> what is told when S3 does not answer it."""

_SDK = "arn:aws:states:::aws-sdk:"


def tasks_time_out(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Every Task has TimeoutSeconds: without it a lost answer holds an execution for a year. How
    long a person has to answer may be the config's to say."""
    del machine, facts
    for name, state in tasks(definition):
        seconds = state.get("TimeoutSeconds")
        computed = state.get("Resource") == ASKING and any(expressions(seconds))
        if not computed and (not isinstance(seconds, int) or seconds < 1):
            yield name, "has no TimeoutSeconds"


def tasks_outlive_their_function(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """A state waits longer than its function can run, or a repetition would meet the first run."""
    del machine
    for name, state in tasks(definition):
        function = function_of(state)
        if facts.function_seconds is None or function is None:
            continue
        limit = facts.function_seconds.get(function)
        if limit is None:
            yield name, f"calls {function!r}, which is no function of ours"
            continue
        seconds = state.get("TimeoutSeconds")
        if isinstance(seconds, int) and seconds <= limit:
            yield name, f"gives up after its function's own {limit} s or before"


def tasks_are_named_after_their_function(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """One name for one thing: the state `Plan Sync` calls `plan_sync`."""
    del machine, facts
    for name, state in tasks(definition):
        function = function_of(state)
        if function is not None and function != name.lower().replace(" ", "_"):
            yield name, f"calls {function!r}"


def tasks_retry(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Every Task retries something. That each rule is a named one is the loader's to see to."""
    del machine, facts
    for name, state in tasks(definition):
        if not state.get("Retry"):
            yield name, "has no Retry"


def functions_are_retried_when_lambda_fails(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """What Lambda itself answers now and then is retried."""
    del machine, facts
    for name, state in tasks(definition):
        retried = errors_of(state, "Retry")
        missing = [error for error in LAMBDA_TRANSIENT if error not in retried]
        if function_of(state) is not None and missing and "States.ALL" not in retried:
            yield name, f"does not retry {', '.join(missing)}"


def quotas_are_treated_alike(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Where a refused call of a service is waited for or caught, so is an account without
    concurrency: both last as long as whoever uses up the quota, and nothing was done."""
    del machine, facts
    for name, state in tasks(definition):
        for kind in ("Retry", "Catch"):
            for rule in state.get(kind, ()):
                if len(_THROTTLING & set(rule["ErrorEquals"])) == 1:
                    yield name, f"a {kind} tells {' from '.join(sorted(_THROTTLING))}"


def readers_are_retried(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """A Map that reads its items, or writes its results, meets S3's passing faults by itself: they
    reach the Map and no Task in it (Step Functions developer guide, "Handling errors")."""
    del machine, facts
    for name, state in states(definition):
        retried = errors_of(state, "Retry")
        for part, error in _OF_MAPS.items():
            if part in state and error not in retried:
                yield name, f"does not retry {error}"


def error_names_are_known(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Errors are matched by their literal name, so a misspelt one is never matched."""
    del machine
    for name, state in states(definition):
        for error in (*errors_of(state, "Retry"), *errors_of(state, "Catch")):
            known = error in facts.taxonomy | AWS_ERRORS or _of_the_service(error, state)
            if not known:
                yield name, f"{error!r} is neither of the taxonomy nor of AWS"


def error_names_are_not_shadowed(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """The first rule that names an error decides, so a second one, or one after States.ALL, never
    matches."""
    del machine, facts
    for name, state in states(definition):
        for kind in ("Retry", "Catch"):
            seen: list[str] = []
            for error in errors_of(state, kind):
                if error in seen or "States.ALL" in seen:
                    yield name, f"{error!r} is matched by an earlier {kind} rule"
                seen.append(error)


def every_error_has_a_fate(
    machine: str, definition: Mapping[str, Any], facts: Facts
) -> Iterator[tuple[str, str]]:
    """Each error that a function can raise is retried, caught, or declared to fail in place."""
    declared = facts.fails_in_place.get(machine, {})
    for name, state in tasks(definition):
        if function_of(state) is None:
            continue
        handled = {*errors_of(state, "Retry"), *errors_of(state, "Catch")}
        fails = set(declared.get(name, ()))
        if handled & {"States.ALL", "States.TaskFailed"}:
            handled |= facts.taxonomy - fails
        for error in sorted(facts.taxonomy - handled - fails):
            yield name, f"{error} is neither retried nor caught nor declared to fail in place"
        for error in sorted(fails & handled):
            yield name, f"{error} is declared to fail in place, but is retried or caught"
        for error in sorted(fails - facts.taxonomy):
            yield name, f"{error} is declared to fail in place, but does not exist"
    for name in sorted(set(declared) - {name for name, _ in tasks(definition)}):
        yield name, "is declared in fails_in_place.json, but does not exist"


def _of_the_service(error: str, state: Mapping[str, Any]) -> bool:
    """Whether the error bears the prefix of the SDK integration that the Task calls, as
    `Sqs.QueueDoesNotExist` does ("AWS SDK service integrations", error names)."""
    resource = str(state.get("Resource", ""))
    service = resource.removeprefix(_SDK).split(":")[0]
    return resource.startswith(_SDK) and error.lower().startswith(f"{service}.")


RULES: tuple[Rule, ...] = (
    tasks_time_out,
    tasks_outlive_their_function,
    tasks_are_named_after_their_function,
    tasks_retry,
    functions_are_retried_when_lambda_fails,
    quotas_are_treated_alike,
    readers_are_retried,
    error_names_are_known,
    error_names_are_not_shadowed,
    every_error_has_a_fate,
)
