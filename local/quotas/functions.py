"""Lambda's concurrency where invocations begin, whoever asks for them.

An invocation counts from when it is asked for until it has ended, the time in which it waits for
one of the few processes of this machine included: on AWS it would run meanwhile. So what counts
here is at least what would run on AWS at once, and who is admitted here is admitted there.

Who calls synchronously is refused (Step Functions: `Lambda.TooManyRequestsException`; API Gateway:
500; a Cognito trigger: the call fails); an asynchronous invocation waits and is tried again for
six hours ("Error handling for asynchronous invocation", Lambda developer guide).

Limits: what waits is lost with the process; a trigger that Cognito gave up after its 5 seconds
does not count any more, although it may still run.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from local.patching import replace, require
from local.quotas.account import AccountQuotas, Place
from local.quotas.concurrency import Concurrency, Limit, refused_reservation
from local.quotas.counts import Counts

THROTTLED = "TooManyRequestsException"
CONCURRENCY = "Lambda concurrency"
_FIRST_DELAY, _LAST_DELAY, _AGE_SECONDS = 0.2, 5.0, 6 * 3600
_counted: ContextVar[bool] = ContextVar("counted", default=False)
_waiting: ContextVar[bool] = ContextVar("waiting", default=False)


class Invocations:
    """The concurrency of every account and Region."""

    def __init__(self, quotas: AccountQuotas, counts: Counts) -> None:
        from ministack.services import lambda_svc  # noqa: PLC0415

        self._functions, self._counts = lambda_svc._functions, counts
        require(hasattr(self._functions, "all_items"), "Lambda's store of functions")
        self.limit = quotas.lambda_concurrency
        self._lock = threading.Lock()
        self._places: defaultdict[Place, Concurrency] = defaultdict(lambda: Concurrency(self.limit))

    def enter(self, arn: str) -> Limit | None:
        """Count an invocation that is asked for, or say why it is refused."""
        place, name = _function(arn)
        with self._lock:
            refused = self._places[place].enter(name, self.reserved(place))
        self._counts.note(place.region, CONCURRENCY, name, refused=refused is not None)
        return refused

    def leave(self, arn: str) -> None:
        """It has ended."""
        place, name = _function(arn)
        with self._lock:
            self._places[place].leave(name)

    @contextmanager
    def trigger(self, arn: str) -> Iterator[str]:
        """A trigger's whole call, its wait for a process included; the error if it is refused."""
        if self.enter(arn):
            yield THROTTLED
            return
        token = _counted.set(True)
        try:
            yield ""
        finally:
            _counted.reset(token)
            self.leave(arn)

    def reserved(self, place: Place) -> dict[str, int]:
        """Function -> its reservation."""
        return {
            name: int(function["concurrency"])
            for (account, region, name), function in self._functions.all_items()
            if (account, region) == place and function.get("concurrency") is not None
        }

    def state(self) -> dict[str, Any]:
        """The highest peaks of any account, by Region."""
        told: dict[str, Any] = {}
        with self._lock:
            for place, at in self._places.items():
                so_far = told.get(place.region, {"peak": 0, "peaks": {}})
                told[place.region] = {
                    "limit": self.limit,
                    "peak": max(so_far["peak"], at.peak),
                    "peaks": dict(Counter(so_far["peaks"]) | at.peaks),
                }
        return told


def install(invocations: Invocations) -> None:
    """Ask before each invocation; refuse reservations that the account cannot make."""
    from ministack.services import lambda_svc  # noqa: PLC0415
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    for name in ("_release_execution_slot", "_throttle_response"):
        require(hasattr(lambda_svc, name), f"lambda_svc.{name} is gone")
    replace(lambda_svc, "_acquire_execution_slot", lambda _: _acquiring(invocations))
    replace(lambda_svc, "_release_execution_slot", lambda _: _releasing(invocations))
    replace(lambda_svc, "_execute_function", _patient)
    replace(lambda_svc, "invoke_async_with_retry", _asynchronous)
    replace(lambda_svc, "_put_function_concurrency", lambda put: _reserving(invocations, put))
    replace(lambda_svc, "lambda_execute_result_to_api_proxy_response", _answering)
    replace(sf, "_call_lambda", lambda call: _named(sf, call))


def _acquiring(invocations: Invocations) -> Callable[..., Any]:
    def acquired(_func: dict[str, Any], config: dict[str, Any]) -> tuple[str | None, str | None]:
        if _counted.get():
            return "", None
        arn = str(config["FunctionArn"])
        refused = invocations.enter(arn)
        if refused is None:
            return arn, None
        return None, "function" if refused is Limit.FUNCTION else "account"

    return acquired


def _releasing(invocations: Invocations) -> Callable[..., None]:
    def released(slot: str) -> None:
        if slot:
            invocations.leave(slot)

    return released


def _patient(execute: Callable[..., Any]) -> Callable[..., Any]:
    """What was asked for asynchronously waits as long as it is refused."""

    def executed(func: dict[str, Any], event: Any) -> Any:
        result = execute(func, event)
        began, wait = time.monotonic(), _FIRST_DELAY
        while result.get("throttle") and _waiting.get():
            if time.monotonic() - began > _AGE_SECONDS:
                break
            time.sleep(wait)
            wait = min(_LAST_DELAY, 2 * wait)
            result = execute(func, event)
        return result

    return executed


def _asynchronous(invoke: Callable[..., Any]) -> Callable[..., Any]:
    def invoked(func: dict[str, Any], event: Any) -> Any:
        token = _waiting.set(True)
        try:
            return invoke(func, event)
        finally:
            _waiting.reset(token)

    return invoked


def _reserving(invocations: Invocations, put: Callable[..., Any]) -> Callable[..., Any]:
    def reserved(name: str, data: dict[str, Any]) -> Any:
        from ministack.core.responses import (  # noqa: PLC0415
            error_response_json,
            get_account_id,
            get_region,
        )

        others = invocations.reserved(Place(get_account_id(), get_region()))
        others.pop(name, None)
        wanted = int(data.get("ReservedConcurrentExecutions", 0))
        refused = refused_reservation(invocations.limit, sum(others.values()), wanted)
        if refused:
            return error_response_json("InvalidParameterValueException", refused, 400)
        return put(name, data)

    return reserved


def _answering(shape: Callable[..., Any]) -> Callable[..., Any]:
    """A REST API's caller does not learn that a function was throttled."""

    def shaped(result: dict[str, Any]) -> Any:
        if not result.get("throttle"):
            return shape(result)
        body = json.dumps({"message": "Internal server error"})
        told = {"Content-Type": "application/json"}
        return {"statusCode": 500, "headers": told, "body": body}, None

    return shaped


def _named(sf: Any, call: Callable[..., Any]) -> Callable[..., Any]:
    def called(reference: str, event: Any) -> Any:
        try:
            return call(reference, event)
        except sf._ExecutionError as error:
            if error.error == "Lambda.Unknown" and f'"{THROTTLED}"' in error.cause:
                raise sf._ExecutionError(f"Lambda.{THROTTLED}", error.cause) from None
            raise

    return called


def _function(arn: str) -> tuple[Place, str]:
    parts = arn.split(":")
    return Place(account=parts[4], region=parts[3]), parts[6]
