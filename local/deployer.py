"""Deploys a cloud assembly through CloudFormation, with AWS clients only."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local.assembly import Assembly, AssemblyError, Stack

logger = logging.getLogger(__name__)
Client = Callable[[str, str], Any]
Outputs = dict[str, dict[str, str]]
STACK_SECONDS = 300.0
_POLL_SECONDS = 0.05
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_CONSEQUENCES = ("cancelled", "rollback")


class DeployError(RuntimeError):
    """A stack could not be deployed; the text names the resource and the reason."""


class Deployer:
    """One account's CloudFormation, behind `client(service, region)` and `endpoint`."""

    def __init__(self, client: Client, endpoint: str) -> None:
        self._client, self._endpoint = client, endpoint

    def deploy(
        self,
        assembly: Assembly | Path,
        progress: Callable[[Stack], None] = lambda _stack: None,
    ) -> Outputs:
        """Create or update every stack, dependencies first; stack name -> its outputs.

        `progress` is told each stack before it is started.
        """
        stacks = assembly if isinstance(assembly, Assembly) else Assembly(assembly)
        outputs: Outputs = {}
        for stack in stacks.in_order():
            if stack.region == "unknown-region":
                raise AssemblyError(f"{stack.name} names no Region: set one in its environment")
            progress(stack)
            self._upload(stack)
            outputs[stack.name] = self._apply(stack)
        return outputs

    def _upload(self, stack: Stack) -> None:
        s3 = self._client("s3", stack.region)
        for bucket in {asset.bucket for asset in stack.assets}:
            place = {"LocationConstraint": stack.region}
            more = {} if stack.region == "us-east-1" else {"CreateBucketConfiguration": place}
            with contextlib.suppress(s3.exceptions.ClientError):
                s3.create_bucket(Bucket=bucket, **more)
        for asset in stack.assets:
            s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.content())
        version = stack.template.get("Parameters", {}).get("BootstrapVersion", {}).get("Default")
        if version:
            ssm = self._client("ssm", stack.region)
            ssm.put_parameter(Name=version, Value="30", Type="String", Overwrite=True)

    def _apply(self, stack: Stack) -> dict[str, str]:
        formation = self._client("cloudformation", stack.region)
        request = {
            "StackName": stack.name,
            "TemplateURL": "/".join((self._endpoint, *stack.template_key)),
            "Capabilities": _CAPABILITIES,
            "Tags": [{"Key": key, "Value": value} for key, value in stack.tags.items()],
        }
        try:
            if _exists(formation, stack.name):
                formation.update_stack(**request)
            else:
                formation.create_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" not in str(error):
                raise DeployError(f"{stack.name}: {error}") from error
        described = self._wait(formation, stack)
        found = described.get("Outputs", ())
        return {output["OutputKey"]: output["OutputValue"] for output in found}

    def _wait(self, formation: Any, stack: Stack) -> Mapping[str, Any]:
        deadline = time.monotonic() + STACK_SECONDS
        while True:
            described: Mapping[str, Any] = formation.describe_stacks(StackName=stack.name)
            described = described["Stacks"][0]
            status = described["StackStatus"]
            if status in _DONE:
                return described
            if not status.endswith("IN_PROGRESS"):
                raise DeployError(f"{stack.name} ({stack.region}): {_cause(formation, stack)}")
            if time.monotonic() > deadline:
                raise DeployError(f"{stack.name} is still {status} after {STACK_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)


def _exists(formation: Any, name: str) -> bool:
    try:
        formation.describe_stacks(StackName=name)
    except ClientError:
        return False
    return True


def _cause(formation: Any, stack: Stack) -> str:
    """The first resource that failed by itself, and why."""
    events = formation.describe_stack_events(StackName=stack.name)["StackEvents"]
    failed = [e for e in events if e["ResourceStatus"].endswith("_FAILED")]
    for event in sorted(failed, key=lambda e: e["Timestamp"]):
        reason = event.get("ResourceStatusReason", "")
        own = event["LogicalResourceId"] != stack.name
        if own and not any(word in reason.lower() for word in _CONSEQUENCES):
            return f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}"
    reasons = [e.get("ResourceStatusReason", "") for e in events if e.get("ResourceStatusReason")]
    return "; ".join(dict.fromkeys(reasons)) or "no reason given"


def set_variables(client: Any, environment: Mapping[str, str]) -> None:
    """Replace variables of a Region's functions, in those functions that have them."""
    for page in client.get_paginator("list_functions").paginate() if environment else ():
        for function in page["Functions"]:
            told = function.get("Environment", {}).get("Variables", {})
            new = {**told, **{name: environment[name] for name in environment.keys() & told.keys()}}
            if new != told:
                client.update_function_configuration(
                    FunctionName=function["FunctionName"], Environment={"Variables": new}
                )
