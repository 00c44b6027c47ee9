"""Which fixed names are taken already: a creation under one fails with AlreadyExists.

On AWS the service itself refuses the second creation; the emulator's CloudFormation writes past
its services' APIs, into their tables. Types that are not listed here either refuse by themselves
there (buckets, buses, archives), or have no name of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from local.patching import require

Properties = Mapping[str, Any]
GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"
TABLE = "AWS::DynamoDB::Table"


@dataclass(frozen=True)
class Named:
    """Where a type's name stands, and where the emulator keeps what has it.

    module    of ministack.services
    store     a dictionary in it
    property  the type's name property
    key       name and properties -> key in the store
    """

    module: str
    store: str
    property: str
    key: Callable[[str, Properties], str] = lambda name, _props: name

    def taken(self, props: Properties) -> str:
        """The name, if something has it; else "". In the account and Region of this moment."""
        name = props.get(self.property)
        if not isinstance(name, str) or not name:
            return ""
        held = getattr(import_module(f"ministack.services.{self.module}"), self.store)
        return name if held.get(self.key(name, props)) is not None else ""


def _arn(service: str, before: str) -> Callable[[str, Properties], str]:
    def made(name: str, _props: Properties) -> str:
        from ministack.core.responses import get_account_id, get_region  # noqa: PLC0415

        return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{before}{name}"

    return made


def _rule_key(name: str, props: Properties) -> str:
    from ministack.services import eventbridge  # noqa: PLC0415
    from ministack.services.cloudformation import provisioners  # noqa: PLC0415

    return str(eventbridge._rule_key(name, provisioners._eb_rule_bus_name(props)))


NAMED: Mapping[str, Named] = {
    TABLE: Named("dynamodb", "_tables", "TableName"),
    GLOBAL_TABLE: Named("dynamodb", "_tables", "TableName"),
    "AWS::CloudWatch::Alarm": Named("cloudwatch", "_alarms", "AlarmName"),
    "AWS::CloudWatch::Dashboard": Named("cloudwatch", "_dashboards", "DashboardName"),
    "AWS::Events::Rule": Named("eventbridge", "_rules", "Name", _rule_key),
    "AWS::IAM::Role": Named("iam", "_roles", "RoleName"),
    "AWS::Lambda::Function": Named("lambda_svc", "_functions", "FunctionName"),
    "AWS::Logs::LogGroup": Named("cloudwatch_logs", "_log_groups", "LogGroupName"),
    "AWS::Pipes::Pipe": Named("pipes", "_pipes", "Name"),
    "AWS::SNS::Topic": Named("sns", "_topics", "TopicName", _arn("sns", "")),
    "AWS::SQS::Queue": Named("sqs", "_queue_name_to_url", "QueueName"),
    "AWS::Scheduler::Schedule": Named(
        "scheduler",
        "_schedules",
        "Name",
        lambda name, props: f"{props.get('GroupName', 'default')}/{name}",
    ),
    "AWS::StepFunctions::StateMachine": Named(
        "stepfunctions", "_state_machines", "StateMachineName", _arn("states", "stateMachine:")
    ),
}


def refusing(kind: str, create: Callable[..., Any]) -> Callable[..., Any]:
    """`create` of a listed type, unless the name is taken."""

    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        if name := NAMED[kind].taken(props):
            raise ValueError(f"Resource of type '{kind}' with identifier '{name}' already exists.")
        return create(logical_id, props, stack)

    return created


def check() -> None:
    """Refuse to start when a store is not where it was."""
    for kind, named in NAMED.items():
        module = import_module(f"ministack.services.{named.module}")
        require(hasattr(module, named.store), f"{kind}: {named.module}.{named.store} is gone")
