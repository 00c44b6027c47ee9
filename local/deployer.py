"""Deploys a cloud assembly through CloudFormation, with AWS clients only."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from local.assembly import Assembly, AssemblyError, Stack
from local.formation import DeployError, Formation

__all__ = ["Client", "DeployError", "Deployer", "Outputs", "set_variables"]
Client = Callable[[str, str], Any]
Outputs = dict[str, dict[str, str]]


class Deployer:
    """One account's CloudFormation, behind `client(service, region)` and `endpoint`."""

    def __init__(self, client: Client, endpoint: str) -> None:
        self._client, self._endpoint = client, endpoint

    def deploy(
        self,
        assembly: Assembly | Path,
        progress: Callable[[Stack], None] = lambda _stack: None,
        only: Collection[str] = (),
    ) -> Outputs:
        """Create or update every stack, dependencies first; stack name -> its outputs.

        `progress` is told each stack before it is started. `only`: names of the stacks, and no
        other, as `cdk deploy NAME --exclusively`.
        """
        stacks = assembly if isinstance(assembly, Assembly) else Assembly(assembly)
        outputs: Outputs = {}
        for stack in (each for each in stacks.in_order() if not only or each.name in only):
            if stack.region == "unknown-region":
                raise AssemblyError(f"{stack.name} names no Region: set one in its environment")
            progress(stack)
            self._upload(stack)
            outputs[stack.name] = self._formation(stack).deploy(stack)
        return outputs

    def destroy(self, assembly: Assembly | Path) -> None:
        """Delete every stack, dependents first; what their policies keep stays.

        DeployError: one is protected, or holds what cannot be deleted; those before it are gone.
        """
        stacks = assembly if isinstance(assembly, Assembly) else Assembly(assembly)
        for stack in reversed(list(stacks.in_order())):
            self._formation(stack).delete(stack)

    def _formation(self, stack: Stack) -> Formation:
        return Formation(self._client("cloudformation", stack.region), self._endpoint)

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
