"""What one request to AWS needs: actions, resources, condition keys.

For whom: the calls of functions, machines and the other deployed holders of a role, and of
operators; not for whatever a deployment does. An operation or a parameter that is not known here
raises UnknownToJudgeError. Source: AWS service authorization reference, and the developer guides
named beside the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.rights.keys_behind import with_keys
from local.rights.model import Access, UnknownToJudgeError, context_of
from local.rights.needs.gateway import on_gateways, on_iam
from local.rights.needs.looks import on_stacks, on_web_acls
from local.rights.needs.payload import on_buckets, on_keys, on_queues, on_topics
from local.rights.needs.settings import (
    on_identity_pools,
    on_mail,
    on_quotas,
    on_trails,
)
from local.rights.needs.tables import on_streams, on_tables
from local.rights.needs.things import (
    on_functions,
    on_logs,
    on_machines,
    on_metrics,
    on_parameters,
    on_pools,
    on_replays_and_buses,
    on_roles,
    on_secrets,
    on_traces,
)
from local.rights.surroundings import Place, Surroundings

Rule = Callable[[str, Mapping[str, Any], Place], tuple[Access, ...]]
"""(operation, parameters, where and among what) -> what it needs"""

_RULES: dict[str, Rule] = {
    "apigateway": on_gateways,
    "cloudformation": on_stacks,
    "iam": on_iam,
    "cloudtrail": on_trails,
    "cloudwatch": on_metrics,
    "cognito-identity": on_identity_pools,
    "cognito-idp": on_pools,
    "dynamodb": on_tables,
    "dynamodbstreams": on_streams,
    "events": on_replays_and_buses,
    "kms": on_keys,
    "lambda": on_functions,
    "logs": on_logs,
    "s3": on_buckets,
    "secretsmanager": on_secrets,
    "servicequotas": on_quotas,
    "sesv2": on_mail,
    "sns": on_topics,
    "sqs": on_queues,
    "ssm": on_parameters,
    "stepfunctions": on_machines,
    "sts": on_roles,
    "wafv2": on_web_acls,
    "xray": on_traces,
}
"""By the name that botocore gives the service."""


def accesses_of(
    service: str,
    operation: str,
    parameters: Mapping[str, Any],
    *,
    region: str,
    account: str,
    surroundings: Surroundings | None = None,
    encrypted: bool = True,
) -> tuple[Access, ...]:
    """Everything that must be allowed for one request; nothing for one that needs no rights.

    `service` and `operation` as botocore names them ("stepfunctions", "StartExecution"),
    `parameters` as its models do. `encrypted`: whether the request would come by TLS on AWS, as
    all of the SDKs' do; the local AWS speaks plain HTTP. UnknownToJudgeError.
    """
    rule = _RULES.get(service)
    if rule is None:
        raise UnknownToJudgeError(f"the service {service}")
    place = Place(region, account, surroundings or Surroundings())
    told = {"aws:SecureTransport": str(encrypted).lower(), "aws:RequestedRegion": region}
    needed = with_keys(map(_tagged(place), rule(operation, parameters, place)), place)
    return tuple(Access(one.action, one.resource, context_of(told, one.context)) for one in needed)


def _tagged(place: Place) -> Callable[[Access], Access]:
    """What is told of the tags that a resource has (IAM User Guide, "Controlling access to AWS
    resources using tags")."""

    def tell(access: Access) -> Access:
        tags = place.surroundings.tags.get(access.resource) or {}
        told = {f"aws:ResourceTag/{name}": value for name, value in tags.items()}
        return Access(access.action, access.resource, context_of(access.context, told))

    return tell
