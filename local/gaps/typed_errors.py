"""Gap: every Lambda error is reported as `Runtime.HandlerError`, and costs the worker its life.

On AWS the `errorType` of an unhandled Python exception is the name of its class, which is what
Retry and Catch match, and the environment stays warm (AWS Lambda developer guide, "Handle errors
in Python"; AWS Step Functions developer guide, "Handling errors: error names"). The emulator loses
the class name in its worker and kills the worker after each error.

Here the worker reports the exception as a result with a mark, which this module turns back into
Lambda's error document (`errorType`, `errorMessage`, `requestId`, `stackTrace`). A worker that died
is reported as `Runtime.ExitError`.

Limits: an exception while the module is imported keeps the emulator's own type; `SystemExit` ends
the worker as it does on AWS.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.patching import replace, require

_MARK = "__cognito_standby_handler_error__"
_DIED = ("Worker process died", "Worker process exited immediately", "Broken pipe")
_WHOLE = (
    '_real_stdout.write(json.dumps({"status": "error", "error": str(e), '
    '"trace": traceback.format_exc()}) + "\\n")'
)
_TYPED = (
    '_real_stdout.write(json.dumps({"status": "ok", "result": {"' + _MARK + '": '
    '{"errorMessage": str(e), "errorType": type(e).__name__, '
    '"stackTrace": traceback.format_tb(e.__traceback__)[1:]}}}) + "\\n")'
)


def install() -> None:
    """Carry the exception's class name out of the worker."""
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import lambda_svc  # noqa: PLC0415

    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    require(script.count(_WHOLE) == 1, "the Python worker reports handler errors differently")
    lambda_runtime._PYTHON_WORKER_SCRIPT = script.replace(_WHOLE, _TYPED)

    def wrap(run: Callable[..., Any]) -> Callable[..., Any]:
        def typed(func: dict[str, Any], event: Any, request_id: str) -> Any:
            result = run(func, event, request_id)
            body = result.get("body")
            if result.get("error") and any(text in str(body) for text in _DIED):
                return {**result, "body": _exit_error(request_id)}
            if not isinstance(body, dict) or _MARK not in body:
                return result
            error = {**body[_MARK], "requestId": request_id}
            log = "\n".join(filter(None, [result.get("log"), *error["stackTrace"]]))
            return {**result, "body": error, "error": True, "log": log}

        return typed

    replace(lambda_svc, "_execute_function_warm", wrap)


def _exit_error(request_id: str) -> dict[str, str]:
    """As AWS reports an environment that ended by itself or was killed."""
    text = f"RequestId: {request_id} Error: Runtime exited with error: signal: killed"
    return {"errorType": "Runtime.ExitError", "errorMessage": text}
