"""Step Functions' buckets: starts are refused, transitions wait.

A refused StartExecution is ThrottlingException; rules, pipes and schedules try again. A transition
without a token is delayed and reported as throttled, never failed ("Service quotas", Step
Functions developer guide). Both are of Standard machines; Express ones have no such limits here.

Limits: the first state and each following one count, a retry counts again; children of a Map count
with their parent's kind, and their starts are not counted.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from local.patching import replace, require
from local.quotas.account import AccountQuotas, Place
from local.quotas.buckets import Bucket
from local.quotas.counts import Counts

STARTS, TRANSITIONS = "StartExecution", "StateTransition"
_STATES = ("_execute_pass", "_execute_task", "_execute_choice", "_execute_wait")


class Machines:
    """The buckets of every account and Region. Safe for threads."""

    def __init__(
        self,
        quotas: AccountQuotas,
        counts: Counts,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self._counts, self._clock, self._sleep = counts, clock, sleep
        self._sizes = {STARTS: quotas.starts, TRANSITIONS: quotas.transitions}
        self._buckets: dict[tuple[str, Place], Bucket] = {}
        self._lock = threading.Lock()

    def may_start(self, place: Place, machine: str) -> bool:
        """Count a StartExecution, or refuse it."""
        with self._lock:
            admitted = self._bucket(STARTS, place).take(self._clock())
        self._counts.note(place.region, STARTS, machine, refused=not admitted)
        return admitted

    def pass_on(self, place: Place, machine: str) -> None:
        """Return when the next transition may happen; delayed ones count as refused."""
        with self._lock:
            wait = self._bucket(TRANSITIONS, place).wait(self._clock())
        self._counts.note(place.region, TRANSITIONS, machine, refused=wait > 0)
        if wait > 0:
            self._sleep(wait)

    def _bucket(self, kind: str, place: Place) -> Bucket:
        if (kind, place) not in self._buckets:
            told = self._sizes[kind](place.region)
            self._buckets[kind, place] = Bucket(told.size, told.rate)
        return self._buckets[kind, place]


def install(machines: Machines) -> None:
    """Stand before StartExecution and before each state."""
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    require(hasattr(sf, "_resolve_state_machine_arn"), "stepfunctions' look-up of machines")
    replace(sf, "_start_execution", lambda start: _starting(sf, machines, start))
    for name in (*_STATES, "_execute_parallel", "_execute_map"):
        replace(sf, name, lambda run: _entering(sf, machines, run))


def _starting(sf: Any, machines: Machines, start: Callable[..., Any]) -> Callable[..., Any]:
    def started(data: dict[str, Any]) -> Any:
        from ministack.core.responses import error_response_json  # noqa: PLC0415

        arn = sf._resolve_state_machine_arn(str(data.get("stateMachineArn", "")).split("#")[0])
        machine = sf._state_machines.get(arn) if arn else None
        limited = machine is not None and machine.get("type") != "EXPRESS"
        if machine and limited and not machines.may_start(_here(), str(machine["name"])):
            return error_response_json("ThrottlingException", "Rate exceeded", 400)
        return start(data)

    return started


def _entering(sf: Any, machines: Machines, run: Callable[..., Any]) -> Callable[..., Any]:
    def entered(*given: Any) -> Any:
        machine = _machine(sf, given[-1])
        if machine.get("type") != "EXPRESS":
            machines.pass_on(_here(), str(machine.get("name", "")))
        return run(*given)

    return entered


def _here() -> Place:
    from ministack.core.responses import get_account_id, get_region  # noqa: PLC0415

    return Place(get_account_id(), get_region())


def _machine(sf: Any, context: Any) -> dict[str, Any]:
    told = (context or {}).get("StateMachine") or {}
    return dict(sf._state_machines.get(told.get("Id")) or {})
