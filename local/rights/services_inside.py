"""Patches where services of the emulator call each other: targets, topics, APIs, roles.

A refused event goes to its dead-letter queue or is dropped, a refused subscription gets nothing, a
refused API call is answered with 500, as on AWS. State machines as targets are judged where they
are started (`local.gaps.rule_targets`).

Also gaps: CloudFormation here forgets a role's permissions boundary and a topic's key.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from local.patching import replace, replace_handlers, require
from local.rights.hops import Hops


def install(hops: Hops) -> None:
    """Stand at every hop."""
    from ministack.services import apigateway_v1, sns  # noqa: PLC0415

    replace(apigateway_v1, "_invoke_lambda_proxy_v1", lambda call: _api(hops, call))
    replace(sns, "_deliver_to_sqs", lambda deliver: _topic(hops, deliver, None))
    replace(sns, "_deliver_to_lambda", lambda deliver: _topic(hops, deliver, 2))
    replace_handlers("AWS::IAM::Role", create=_with_boundary, update=_with_new_boundary)
    replace_handlers("AWS::SNS::Topic", create=_with_key)


def _api(hops: Hops, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The path is that of the resource: `{username}` stands as `*` in ARNs and in permissions."""
    from ministack.core.responses import get_account_id, get_region  # noqa: PLC0415
    from ministack.services import apigateway_v1 as gateway  # noqa: PLC0415

    async def called(
        integration: dict[str, Any],
        api_id: str,
        stage_name: str,
        stage: Any,
        resource: dict[str, Any],
        request_path: str,
        method: str,
        *rest: Any,
        **more: Any,
    ) -> Any:
        if hops.rights.enforced:
            region = more.get("owner_region") or get_region()
            account = more.get("owner_account_id") or get_account_id()
            function = gateway._extract_lambda_ref_from_integration_uri(integration.get("uri", ""))
            path = resource.get("path", request_path)
            source = f"arn:aws:execute-api:{region}:{account}:{api_id}/{stage_name}/{method}{path}"
            if hops.api_calls(_function_arn(function, region, account), source):
                return gateway._gw_error("API_CONFIGURATION_ERROR", "Internal server error")
        given = (integration, api_id, stage_name, stage, resource, request_path, method)
        return await call(*given, *rest, **more)

    return called


def _function_arn(reference: str, region: str, account: str) -> str:
    if reference.startswith("arn:"):
        return reference
    return f"arn:aws:lambda:{region}:{account}:function:{reference}"


def _topic(hops: Hops, deliver: Callable[..., Any], place: int | None) -> Callable[..., Any]:
    """`place`: where the topic's ARN stands among the arguments; None: by name."""

    def delivered(endpoint: str, *args: Any, **more: Any) -> Any:
        topic = more.get("topic_arn", "") if place is None else args[place - 1]
        if hops.rights.enforced and hops.topic_delivers(endpoint, str(topic)):
            return None
        return deliver(endpoint, *args, **more)

    return delivered


def _with_boundary(create: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.services import iam  # noqa: PLC0415

    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        made = create(logical_id, props, stack)
        iam._roles[made[0]]["PermissionsBoundary"] = props.get("PermissionsBoundary", "")
        return made

    return created


def _with_new_boundary(update: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.services import iam  # noqa: PLC0415

    def updated(physical_id: str, old: dict[str, Any], new: dict[str, Any], *rest: Any) -> Any:
        made = update(physical_id, old, new, *rest)
        iam._roles[made[0]]["PermissionsBoundary"] = new.get("PermissionsBoundary", "")
        return made

    return updated


def _with_key(create: Callable[..., Any]) -> Callable[..., Any]:
    from ministack.services import sns  # noqa: PLC0415

    def created(logical_id: str, props: dict[str, Any], stack: str) -> Any:
        made = create(logical_id, props, stack)
        topic = sns._topic_by_arn_any_scope(made[0])
        require(topic, "what CloudFormation calls a topic")
        if key := props.get("KmsMasterKeyId"):
            topic["attributes"]["KmsMasterKeyId"] = key
        return made

    return created
