"""Deploys a cloud assembly through CloudFormation, with AWS clients only."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, Protocol

from local.assembly import ANY_ACCOUNT, Assembly, AssemblyError, Stack
from local.formation import DeployError, Formation
from local.shared_secrets import share_secrets

__all__ = ["Client", "DeployError", "Deployer", "Outputs", "prolong_triggers", "set_variables"]
Outputs = dict[str, dict[str, str]]
_TRIGGER = 5
"""Seconds that Cognito waits for a trigger (Cognito developer guide, "Lambda triggers")."""


class Client(Protocol):
    """Makes the clients."""

    def __call__(self, service: str, region: str, account: str = "") -> Any:
        """Of a service in a Region; without an account, of whichever is the maker's own."""


class Deployer:
    """CloudFormation behind `endpoint`: each stack in the account and the Region that it names."""

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
        if len(stacks.accounts) > 1:
            share_secrets(stacks.in_order(), self._of)
        return outputs

    def destroy(self, assembly: Assembly | Path) -> None:
        """Delete every stack, dependents first; what their policies keep stays.

        DeployError: one is protected, or holds what cannot be deleted; those before it are gone.
        """
        stacks = assembly if isinstance(assembly, Assembly) else Assembly(assembly)
        for stack in reversed(list(stacks.in_order())):
            self._formation(stack).delete(stack)

    def _formation(self, stack: Stack) -> Formation:
        return Formation(self._of(stack, "cloudformation"), self._endpoint)

    def _of(self, stack: Stack, service: str) -> Any:
        account = "" if stack.account == ANY_ACCOUNT else stack.account
        return self._client(service, stack.region, account)

    def _upload(self, stack: Stack) -> None:
        s3 = self._of(stack, "s3")
        for bucket in {asset.bucket for asset in stack.assets}:
            place = {"LocationConstraint": stack.region}
            more = {} if stack.region == "us-east-1" else {"CreateBucketConfiguration": place}
            with contextlib.suppress(s3.exceptions.ClientError):
                s3.create_bucket(Bucket=bucket, **more)
        for asset in stack.assets:
            s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.content())
        version = stack.template.get("Parameters", {}).get("BootstrapVersion", {}).get("Default")
        if version:
            ssm = self._of(stack, "ssm")
            ssm.put_parameter(Name=version, Value="30", Type="String", Overwrite=True)


def prolong_triggers(client: Any, seconds: float) -> None:
    """A Region's functions for triggers, which have as long as Cognito waits (5 s), get as long as
    it waits here: on a busy machine a process may take longer to start."""
    for page in client.get_paginator("list_functions").paginate() if seconds > _TRIGGER else ():
        for function in page["Functions"]:
            if function["Timeout"] == _TRIGGER:
                client.update_function_configuration(
                    FunctionName=function["FunctionName"], Timeout=math.ceil(seconds)
                )


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
