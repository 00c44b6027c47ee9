"""Hops that never reach HTTP: who acts, and what it needs.

A rule's target, a schedule's and a pipe's act by a role, or the service asks the resource's own
policy. Sources: EventBridge user guide, "Using IAM roles and resource-based policies for targets";
EventBridge Pipes, "Permissions"; EventBridge Scheduler, "Setting up"; Lambda developer guide,
"Resource-based policies".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.cognito_store import CognitoStore
from local.rights.enforcing import Denial, Holder, Rights, Who
from local.rights.model import Access, ServicePrincipal, account_of

_SERVICES = {"rule": "events.amazonaws.com", "schedule": "scheduler.amazonaws.com"}
_TARGETS = {
    "states": "states:StartExecution",
    "lambda": "lambda:InvokeFunction",
    "events": "events:PutEvents",
}
"""Service of a target -> what delivering takes; queues and topics are asked as by a request."""
_STREAM = ("DescribeStream", "GetShardIterator", "GetRecords")
_LOGGING = (
    *("CreateLogDelivery", "GetLogDelivery", "UpdateLogDelivery", "DeleteLogDelivery"),
    *("ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies", "DescribeLogGroups"),
)
_QUEUE = ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")


class Hops:
    """Asks the judge for whatever the emulator does within itself."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights

    def to_target(self, target: Mapping[str, Any], source_arn: str) -> Denial | None:
        """A rule or a schedule hands something to its target."""
        return self._deliver(_sender(target, source_arn), target["Arn"])

    def to_letters(
        self, queue_arn: str, target: Mapping[str, Any], source_arn: str
    ) -> Denial | None:
        """What cannot be delivered: a rule sends it as the service, a schedule by its role."""
        kind = _kind(source_arn)
        if kind == "schedule":
            who = _sender(target, source_arn)
        else:
            who = ServicePrincipal(_SERVICES[kind], source_arn, account_of(source_arn))
        return self._deliver(who, queue_arn)

    def pipe_reads(self, pipe: Mapping[str, Any]) -> Denial | None:
        """A pipe polls its source."""
        source, queue = pipe["Source"], ":sqs:" in pipe["Source"]
        service, names = ("sqs", _QUEUE) if queue else ("dynamodb", _STREAM)
        needed = [Access(f"{service}:{name}", source) for name in names]
        needed += [] if queue else [Access("dynamodb:ListStreams", "*")]
        return self.rights.may_all(_pipe(pipe), _region(pipe["Arn"]), *needed)

    def pipe_delivers(self, pipe: Mapping[str, Any], arn: str) -> Denial | None:
        """A pipe starts its target, or writes a dead letter."""
        return self._deliver(_pipe(pipe), arn)

    def trigger_denied(self, function_arn: str, event: Mapping[str, Any]) -> str:
        """Why the user pool that the event tells of may not call a trigger; "" if it may."""
        if not self.rights.enforced:
            return ""
        source = _pool_arn(str(event["userPoolId"]), event["region"], account_of(function_arn))
        denied = self._service_calls("cognito-idp.amazonaws.com", function_arn, source)
        return denied.text if denied else ""

    def api_calls(self, function_arn: str, method_arn: str) -> Denial | None:
        """A REST API calls the function behind a method."""
        return self._service_calls("apigateway.amazonaws.com", function_arn, method_arn)

    def api_reads(self, role_arn: str, region: str, bucket: str, key: str) -> Denial | None:
        """A REST API reads a file by the role of the method's integration (API Gateway developer
        guide, "Create a REST API as an Amazon S3 proxy in API Gateway")."""
        who = Holder(role_arn, "apigateway.amazonaws.com", "gateway")
        return self.rights.may(who, "s3", "GetObject", {"Bucket": bucket, "Key": key}, region)

    def topic_delivers(self, arn: str, topic_arn: str) -> Denial | None:
        """A topic hands a message to a queue or a function."""
        who = ServicePrincipal("sns.amazonaws.com", topic_arn, account_of(topic_arn))
        return self._deliver(who, arn)

    def machine_logs(self, role_arn: str, machine: str, region: str) -> Denial | None:
        """A machine that logs is created (Step Functions developer guide, "Logging")."""
        needed = [Access(f"logs:{name}", "*") for name in _LOGGING]
        who = Holder(role_arn, "states.amazonaws.com", machine)
        return self.rights.may_all(who, region, *needed)

    def import_logs(self, role_arn: str, job: str, group_arn: str, stream: str) -> str:
        """Why an import job may not write its log by its role; "" if it may (Cognito developer
        guide, "Creating the CloudWatch Logs IAM role")."""
        if not self.rights.enforced:
            return ""
        on_stream = f"{group_arn}:log-stream:{stream}"
        needed = [
            Access(f"logs:{name}", f"{group_arn}:log-stream:")
            for name in ("CreateLogGroup", "DescribeLogStreams")
        ]
        needed += [Access(f"logs:{n}", on_stream) for n in ("CreateLogStream", "PutLogEvents")]
        who = Holder(role_arn, "cognito-idp.amazonaws.com", job)
        denied = self.rights.may_all(who, _region(group_arn), *needed)
        return denied.text if denied else ""

    def _service_calls(self, service: str, function_arn: str, source_arn: str) -> Denial | None:
        who = ServicePrincipal(service, source_arn, account_of(source_arn))
        return self._deliver(who, function_arn)

    def _deliver(self, who: Who, arn: str) -> Denial | None:
        service, region = arn.split(":")[2], _region(arn)
        if service == "sqs":
            name, account = arn.rsplit(":", 1)[-1], arn.split(":")[4]
            told = {"QueueUrl": f"https://sqs.{region}.amazonaws.com/{account}/{name}"}
            return self.rights.may(who, "sqs", "SendMessage", told, region)
        if service == "sns":
            return self.rights.may(who, "sns", "Publish", {"TopicArn": arn}, region)
        action = _TARGETS.get(service)
        if action is None:
            return self.rights.unknown(f"the target {arn}")
        return self.rights.may_all(who, region, Access(action, arn))


def _pool_arn(pool_id: str, region: str, otherwise: str) -> str:
    """A pool's, wherever it is; `otherwise`: the account of one that is not there."""
    pool = CognitoStore().pool(pool_id)
    account = pool.account if pool else otherwise
    return f"arn:aws:cognito-idp:{region}:{account}:userpool/{pool_id}"


def _sender(target: Mapping[str, Any], source_arn: str) -> Who:
    """By the target's role if it has one; the service itself otherwise."""
    service = _SERVICES[_kind(source_arn)]
    if role := target.get("RoleArn"):
        return Holder(str(role), service, _last(source_arn), source_arn)
    return ServicePrincipal(service, source_arn, account_of(source_arn))


def _kind(source_arn: str) -> str:
    return "schedule" if ":scheduler:" in source_arn else "rule"


def _pipe(pipe: Mapping[str, Any]) -> Holder:
    return Holder(pipe["RoleArn"], "pipes.amazonaws.com", _last(pipe["Arn"]), pipe["Arn"])


def _region(arn: str) -> str:
    return arn.split(":")[3]


def _last(arn: str) -> str:
    return arn.rsplit("/", 1)[-1]
