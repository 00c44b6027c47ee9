"""Gaps: UpdateGroup, which the emulator answers with InvalidAction, and a precedence nobody gave.

What is given replaces what was there; what is not given stays (Amazon Cognito API reference,
UpdateGroup). A group that does not exist is a ResourceNotFoundException. A group created without a
precedence has none ("the default Precedence value is null", CreateGroup); the emulator shows 0.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.cognito_rules import groups
from local.patching import replace

OK = 200


def install() -> None:
    """Answer UpdateGroup next to the emulator's own operations."""
    from ministack.core.concurrency import run_reentrant  # noqa: PLC0415
    from ministack.services import cognito  # noqa: PLC0415

    def wrap(dispatch: Callable[..., Any]) -> Callable[..., Any]:
        async def dispatched(action: str, data: dict[str, Any]) -> Any:
            if action != "UpdateGroup":
                return await dispatch(action, data)
            return await run_reentrant(lambda request: _update_group(cognito, request), data)

        return dispatched

    replace(cognito, "_dispatch_idp", wrap)
    replace(cognito, "_create_group", lambda create: _creating(cognito, create))


def _creating(cognito: Any, create: Callable[..., Any]) -> Callable[..., Any]:
    def created(data: dict[str, Any]) -> Any:
        reply = create(data)
        if reply[0] != OK or "Precedence" in data:
            return reply
        group = cognito._user_pools[data["UserPoolId"]]["_groups"][data["GroupName"]]
        group.pop("Precedence", None)
        return cognito.json_response({"Group": cognito._group_out(group)})

    return created


def _update_group(cognito: Any, data: dict[str, Any]) -> Any:
    pool, error = cognito._resolve_pool(data.get("UserPoolId"))
    if error:
        return error
    group = pool["_groups"].get(data.get("GroupName"))
    if group is None:
        gone = groups.missing()
        return cognito.error_response_json(gone.code, gone.message, 400)
    group |= groups.updated(group, data)
    group["LastModifiedDate"] = cognito._now_epoch()
    return cognito.json_response({"Group": cognito._group_out(group)})
