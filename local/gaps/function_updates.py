"""Gap: an update of a function kills what it is doing.

On AWS an invocation ends with the code and the configuration with which it began, and until an
update is complete new ones begin with the former (AWS Lambda developer guide, "Lambda function
states"). The emulator kills all workers of the function at once, those of the same name in other
Regions included where only the configuration changes, or where CloudFormation makes one; one that
is about to be taken can even be taken afterwards, with the former code, and one that is just being
started finds its code gone ("No module named ..."). Here whoever works ends first, and no worker
serves another code than it was started for.

And what a deleted function still logs makes no log group: its role may not create one, as the roles
of an installation may not. The emulator makes it again right after CloudFormation has deleted it.

Limits: a function that is deleted ends at once; an update is complete at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import replace, require

_RETIRED = "_retired_by_an_update"


def install() -> None:
    """Let workers that are busy end, and start none of another code."""
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import lambda_svc  # noqa: PLC0415

    require(hasattr(lambda_runtime, "_workers"), "where the workers are kept")
    replace(lambda_svc, "invalidate_worker", _patient)
    replace(lambda_svc, "release_worker", _released)
    replace(lambda_svc, "acquire_worker", _of_this_code)
    replace(lambda_runtime.Worker, "invoke", _dead_after_a_failure)
    replace(lambda_svc, "_emit_lambda_logs", _unless_deleted)


def _patient(invalidate: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.core.responses import get_account_id, get_region  # noqa: PLC0415

    def invalidated(
        name: str,
        qualifier: str | None = None,
        account: str | None = None,
        region: str | None = None,
    ) -> None:
        account, region = account or get_account_id(), region or get_region()
        if qualifier is None:  # deleted, or made anew
            invalidate(name, account=account, region=region)
            return
        _retire(name, qualifier, account, region)

    return invalidated


def _retire(name: str, qualifier: str, account: str, region: str) -> None:
    """The idle ones end now, the others when they have answered."""
    from ministack.core import lambda_runtime  # noqa: PLC0415

    with lambda_runtime._lock:
        found = lambda_runtime._workers.pop(f"{account}:{region}:{name}:{qualifier}", [])
        for worker in found:
            setattr(worker, _RETIRED, True)
        idle = [worker for worker in found if not worker.in_use]
    lambda_runtime.kill_workers(idle)


def _released(release: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.core import lambda_runtime  # noqa: PLC0415

    def released(worker: Any) -> None:
        release(worker)
        if getattr(worker, _RETIRED, False):
            lambda_runtime.kill_workers([worker])

    return released


def _of_this_code(acquire: Callable[..., Any]) -> Callable[..., Any]:
    def acquired(name: str, config: Any, code: bytes, **more: Any) -> Any:
        while True:
            worker, how = acquire(name, config, code, **more)
            if worker is None or worker.code_zip == code:
                return worker, how
            _drop(worker)

    return acquired


def _drop(worker: Any) -> None:
    """Take a worker that nobody else has out of its pool, and end it."""
    from ministack.core import lambda_runtime  # noqa: PLC0415

    with lambda_runtime._lock:
        for pool in lambda_runtime._workers.values():
            if worker in pool:
                pool.remove(worker)
    lambda_runtime.kill_workers([worker])


def _dead_after_a_failure(invoke: Callable[..., Any]) -> Callable[..., Any]:
    """One that could not be started is not given back."""
    from ministack.core import lambda_runtime  # noqa: PLC0415

    def invoked(worker: Any, *args: Any, **more: Any) -> Any:
        try:
            return invoke(worker, *args, **more)
        except BaseException:
            lambda_runtime.kill_workers([worker])
            raise

    return invoked


def _unless_deleted(emit: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.services import lambda_svc  # noqa: PLC0415

    def emitted(func: dict[str, Any], *args: Any, **more: Any) -> None:
        name = (func.get("config") or func).get("FunctionName")
        if lambda_svc._functions.get(name) is not None:
            emit(func, *args, **more)

    return emitted
