"""Gap: CloudFormation resource types that the emulator does not know.

One unknown type makes the emulator refuse a whole template. `AWS::Events::Archive` exists in the
emulator's EventBridge, only not in its CloudFormation, so it is created there for good. The other
types listed here have no effect that a laptop could show (a trail's log files, a composite alarm,
saved queries): they are accepted, get a physical id, and do nothing.

Also: a custom resource whose function failed before answering makes CloudFormation wait an hour
by default (AWS CloudFormation user guide, "Custom resources", ServiceTimeout); here one minute,
unless the template says otherwise.

And an alarm on an expression (`Metrics`) is refused; here it is kept as one on the first metric of
the expression. Nobody evaluates alarms.

Limits: an archive's pattern and retention cannot be changed by a stack update.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from local.patching import replace, require

Created = tuple[str, dict[str, str]]
INERT_TYPES = (
    "AWS::CloudTrail::Trail",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::Logs::QueryDefinition",
    "AWS::ResourceGroups::Group",
    "AWS::XRay::Group",
)
CUSTOM_RESOURCE_SECONDS = 60


def _create_archive(logical_id: str, props: dict[str, Any], stack: str) -> Created:
    from ministack.services import eventbridge  # noqa: PLC0415

    name = props.get("ArchiveName") or f"{stack}-{logical_id}"[:48]
    pattern = props.get("EventPattern") or ""
    request = {
        "ArchiveName": name,
        "EventSourceArn": props["SourceArn"],
        "Description": props.get("Description", ""),
        "EventPattern": pattern if isinstance(pattern, str) else json.dumps(pattern),
        "RetentionDays": int(props.get("RetentionDays", 0)),
    }
    status, _, body = eventbridge._create_archive(request)
    if status != 200:  # noqa: PLR2004
        raise ValueError(f"AWS::Events::Archive create failed: {body!r}")
    return name, {"Arn": json.loads(body)["ArchiveArn"], "ArchiveName": name}


def _delete_archive(physical_id: str, _props: dict[str, Any]) -> None:
    from ministack.services import eventbridge  # noqa: PLC0415

    eventbridge._delete_archive({"ArchiveName": physical_id})


def _create_inert(logical_id: str, props: dict[str, Any], stack: str) -> Created:
    from ministack.core.responses import get_account_id, get_region  # noqa: PLC0415

    name = str(props.get("TrailName") or props.get("AlarmName") or f"{stack}-{logical_id}")
    return name, {"Arn": f"arn:aws:local:{get_region()}:{get_account_id()}:{name}"}


def _delete_inert(_physical_id: str, _props: dict[str, Any]) -> None:
    """Nothing was created."""


def _of_one_metric(record: Callable[..., Any]) -> Callable[..., Any]:
    def recorded(name: str, props: dict[str, Any]) -> Any:
        queries = [
            each["MetricStat"] for each in props.get("Metrics") or () if "MetricStat" in each
        ]
        if not queries:
            return record(name, props)
        first = queries[0]
        kept = {key: value for key, value in props.items() if key != "Metrics"}
        about = {"Statistic": first["Stat"], "Period": first["Period"]}
        return record(name, {**kept, **first["Metric"], **about})

    return recorded


def install() -> None:
    """Teach the emulator's CloudFormation the missing types."""
    from ministack.services.cloudformation import custom_resource, provisioners  # noqa: PLC0415

    handlers = provisioners._RESOURCE_HANDLERS
    require(isinstance(handlers, dict), "CloudFormation's table of resource types")
    handlers.setdefault(
        "AWS::Events::Archive", {"create": _create_archive, "delete": _delete_archive}
    )
    for name in INERT_TYPES:
        handlers.setdefault(name, {"create": _create_inert, "delete": _delete_inert})

    def wrap(invoke: Callable[..., Any]) -> Callable[..., Any]:
        def bounded(
            kind: str, logical_id: str, props: dict[str, Any], *rest: Any, **more: Any
        ) -> Any:
            return invoke(
                kind,
                logical_id,
                {"ServiceTimeout": CUSTOM_RESOURCE_SECONDS, **props},
                *rest,
                **more,
            )

        return bounded

    replace(custom_resource, "invoke_custom_resource", wrap)
    replace(provisioners, "_cw_metric_alarm_record", _of_one_metric)
