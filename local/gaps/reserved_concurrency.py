"""Gap: CloudFormation drops a function's `ReservedConcurrentExecutions`.

AWS sets it with the function, and takes it away with the property (CloudFormation reference,
"AWS::Lambda::Function"); a reservation that the account cannot make fails the resource. Without
quotas every reservation can be made.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.patching import replace_handlers

_TYPE, _PROPERTY = "AWS::Lambda::Function", "ReservedConcurrentExecutions"
_OK = 200


def install() -> None:
    """Hand the property to Lambda's own PutFunctionConcurrency."""
    replace_handlers(_TYPE, create=_creating, update=_updating)


def _creating(create: Callable[..., Any]) -> Callable[..., Any]:
    def created(logical_id: str, props: dict[str, Any], *rest: Any, **more: Any) -> Any:
        from ministack.services import lambda_svc  # noqa: PLC0415

        made = create(logical_id, props, *rest, **more)
        try:
            _reserve(made[0], props)
        except ValueError:
            # What CloudFormation never heard of it would not take away, either.
            lambda_svc._delete_function(made[0], {})
            raise
        return made

    return created


def _updating(update: Callable[..., Any]) -> Callable[..., Any]:
    def updated(physical_id: str, old: Any, new: dict[str, Any], *rest: Any, **more: Any) -> Any:
        made = update(physical_id, old, new, *rest, **more)
        name = made[0] if isinstance(made, tuple) else physical_id
        _reserve(str(name), new)
        return made

    return updated


def _reserve(name: str, props: dict[str, Any]) -> None:
    from ministack.services import lambda_svc  # noqa: PLC0415

    if _PROPERTY not in props:
        lambda_svc._delete_function_concurrency(name)
        return
    status, _, body = lambda_svc._put_function_concurrency(name, {_PROPERTY: int(props[_PROPERTY])})
    if status != _OK:
        told = json.loads(body)
        raise ValueError(str(told.get("message") or told.get("Message") or told))
