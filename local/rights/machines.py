"""What machines do by their roles: tasks, the items of a Distributed Map, logs.

A refused task fails with the error that Step Functions reports for that service's exception
(developer guide, "Handling errors", and the service integrations); a file of items that may not be
read fails the Map with `States.ItemReaderFailed`.

Limits: of a Distributed Map only its start is judged, not how its children are watched.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable, Mapping
from typing import Any

from local.patching import replace, replace_handlers, require
from local.rights.enforcing import Denial, Holder, Rights
from local.rights.hops import Hops
from local.rights.model import Access

_ERRORS = {
    "dynamodb": ("DynamoDB.AmazonDynamoDBException", "AmazonDynamoDBv2", 400),
    "lambda": ("Lambda.AWSLambdaException", "AWSLambda", 403),
    "sns": ("SNS.AmazonSNSException", "AmazonSNS", 403),
    "sqs": ("SQS.AmazonSQSException", "AmazonSQS", 403),
    "events": ("EventBridge.AmazonEventBridgeException", "AmazonEventBridge", 400),
    "stepfunctions": ("StepFunctions.AWSStepFunctionsException", "AWSStepFunctions", 400),
}
"""botocore's name of a service -> error, the SDK's name of the service, status."""
_RESOURCE = re.compile(
    r"arn:[a-z-]+:states:::(?P<sdk>aws-sdk:)?(?P<service>\w+):(?P<operation>\w+)"
)
_NAMES = {
    **{"states": "stepfunctions", "sfn": "stepfunctions", "eventbridge": "events"},
    **{"cloudwatchlogs": "logs"},
}
"""Step Functions' name of a service -> botocore's, where they differ."""
_execution: contextvars.ContextVar[Mapping[str, Any] | None] = contextvars.ContextVar(
    "judged_execution", default=None
)


def install(hops: Hops) -> None:
    """Judge whatever machines do; before the faults, which stand farther out."""
    from ministack.services import stepfunctions as sf  # noqa: PLC0415

    rights = hops.rights
    for name in ("_invoke_resource", "_read_map_items", "_ExecutionError"):
        require(hasattr(sf, name), f"stepfunctions.{name} is gone")
    replace(sf, "_execute_task", lambda run: _remembering(run, 2))
    replace(sf, "_run_distributed_map", lambda run: _remembering(_starting(sf, rights, run), 4))
    replace(sf, "_invoke_resource", lambda invoke: _judging(sf, rights, invoke))
    replace(sf, "_read_map_items", lambda read: _reading(sf, rights, read))
    replace_handlers(
        "AWS::StepFunctions::StateMachine",
        create=lambda create: _creating(hops, create),
        update=lambda update: _updating(hops, update),
    )


def _remembering(run: Callable[..., Any], place: int) -> Callable[..., Any]:
    """Whatever is done meanwhile is done by this execution, the argument at `place`."""

    def running(*args: Any) -> Any:
        token = _execution.set(args[place])
        try:
            return run(*args)
        finally:
            _execution.reset(token)

    return running


def _holder(sf: Any) -> tuple[Holder, str] | None:
    """Who acts in this thread, and where; None outside any execution.

    An execution whose machine was deleted does nothing any more (DeleteStateMachine: its
    executions are terminated at their next transition).
    """
    execution = _execution.get()
    if execution is None:
        return None
    arn = str(execution["stateMachineArn"]).partition("/")[0]
    machine = sf._state_machines.get(arn)
    if machine is None:
        raise sf._ExecutionError("States.Runtime", f"{arn} was deleted")
    role = str(machine.get("roleArn", ""))
    return Holder(role, "states.amazonaws.com", str(execution["name"]), arn), arn.split(":")[3]


def _judging(sf: Any, rights: Rights, invoke: Callable[..., Any]) -> Callable[..., Any]:
    def invoked(resource: str, given: Any) -> Any:
        found = _holder(sf) if rights.enforced else None
        if found is not None:
            service, denied = _task(rights, resource, given, *found)
            if denied is not None:
                error, cause = _told(service, denied)
                raise sf._ExecutionError(error, cause)
        return invoke(resource, given)

    return invoked


def _task(
    rights: Rights, resource: str, given: Any, who: Holder, region: str
) -> tuple[str, Denial | None]:
    """The service, and whether its call is refused. A function may stand for itself."""
    if ":lambda:" in resource and ":function:" in resource:
        called = {"FunctionName": resource}
        return "lambda", rights.may(who, "lambda", "Invoke", called, region)
    match = _RESOURCE.match(resource)
    if match is None:
        return "", rights.unknown(f"the task {resource}")
    service = _NAMES.get(match["service"], match["service"])
    operation = match["operation"][0].upper() + match["operation"][1:]
    parameters = given if isinstance(given, Mapping) else {}
    if service == "stepfunctions":
        parameters = {name[0].lower() + name[1:]: value for name, value in parameters.items()}
    told = f"aws-sdk:{match['service']}" if match["sdk"] else service
    return told, rights.may(who, service, operation, parameters, region)


def _told(service: str, denied: Denial) -> tuple[str, str]:
    if denied.unknown:
        return "States.Runtime", denied.text
    sdk = service.removeprefix("aws-sdk:").capitalize()
    other = (f"{sdk}.{sdk}Exception", sdk, 400)
    error, name, status = _ERRORS.get(service, other)
    code = "AccessDenied" if service == "sqs" else "AccessDeniedException"
    cause = f"{denied.text} (Service: {name}; Status Code: {status}; Error Code: {code})"
    return error, cause


def _starting(sf: Any, rights: Rights, run: Callable[..., Any]) -> Callable[..., Any]:
    """A Distributed Map starts its children by the machine's own role."""

    def started(*args: Any) -> Any:
        found = _holder(sf)
        if found is not None:
            who, region = found
            denied = rights.may_all(who, region, Access("states:StartExecution", who.source_arn))
            if denied is not None:
                raise sf._ExecutionError(*_told("stepfunctions", denied))
        return run(*args)

    return started


def _reading(sf: Any, rights: Rights, read: Callable[..., Any]) -> Callable[..., Any]:
    def reading(reader: Mapping[str, Any], effective: Any, ctx: Any) -> Any:
        found = _holder(sf)
        if found is not None:
            where = reader.get("Parameters") or reader.get("Arguments") or {}
            where = sf._resolve_params_obj(where, effective, ctx)
            listing = str(reader.get("Resource", "")).endswith("listObjectsV2")
            operation = "ListObjectsV2" if listing else "GetObject"
            denied = rights.may(found[0], "s3", operation, where, found[1])
            if denied is not None:
                raise sf._ExecutionError("States.ItemReaderFailed", denied.text)
        return read(reader, effective, ctx)

    return reading


def _creating(hops: Hops, create: Callable[..., Any]) -> Callable[..., Any]:
    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        _refuse_silent_logs(hops, logical_id, props)
        return create(logical_id, props, stack)

    return created


def _updating(hops: Hops, update: Callable[..., Any]) -> Callable[..., Any]:
    def updated(arn: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        _refuse_silent_logs(hops, arn.rpartition(":")[2], new)
        return update(arn, old, new, *rest)

    return updated


def _refuse_silent_logs(hops: Hops, logical_id: str, props: Mapping[str, Any]) -> None:
    """CreateStateMachine refuses a role that may not deliver logs, and UpdateStateMachine does
    when it is given a logging configuration, which CloudFormation sends whenever its template has
    one (Step Functions developer guide, "Logging")."""
    from ministack.core.responses import get_region  # noqa: PLC0415

    level = str((props.get("LoggingConfiguration") or {}).get("Level", "OFF"))
    if level == "OFF" or not hops.rights.enforced:
        return
    denied = hops.machine_logs(str(props.get("RoleArn", "")), logical_id, get_region())
    if denied is not None:
        raise ValueError(
            "The state machine IAM Role is not authorized to access the Log Destination: "
            + denied.text
        )
