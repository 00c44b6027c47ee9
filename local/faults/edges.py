"""What a machine calls fails on the way: Lambda and other services, before they see the call."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from local.faults.model import CUT, INTERNAL, THROTTLED, UNAVAILABLE
from local.faults.registry import Faults
from local.patching import replace, require

_LAMBDA = {
    INTERNAL: "Lambda.ServiceException",
    UNAVAILABLE: "Lambda.ServiceException",
    THROTTLED: "Lambda.TooManyRequestsException",
    CUT: "Lambda.SdkClientException",
}
_SERVICE = re.compile(r":states:::(?:aws-sdk:)?([a-z0-9]+):")


def install(faults: Faults) -> None:
    """Let a share of the tasks fail as Step Functions reports it."""
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    require(hasattr(sf, "_ExecutionError"), "stepfunctions._ExecutionError is gone")

    def wrap(invoke: Callable[..., Any]) -> Callable[..., Any]:
        def invoked(resource: str, given: Any) -> Any:
            code = _failure(faults, resource)
            if code:
                raise sf._ExecutionError(code, "injected by the local AWS")
            return invoke(resource, given)

        return invoked

    replace(sf, "_invoke_resource", wrap)


def _failure(faults: Faults, resource: str) -> str:
    from ministack.core.responses import get_region  # noqa: PLC0415

    if not faults.any:
        return ""
    found = _SERVICE.search(resource)
    service = "lambda" if ":function:" in resource else found.group(1) if found else "other"
    code = faults.edge_fails(f"machine->{service}", get_region())
    if not code or service == "lambda":
        return _LAMBDA.get(code, code)
    known = (INTERNAL, UNAVAILABLE, THROTTLED, CUT)
    return f"{service.capitalize()}.SdkClientException" if code in known else code
