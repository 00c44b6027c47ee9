"""Removing all that a run on AWS made: what `cdk destroy` leaves, and all of it when that fails.

Only names of a run, `ct-` and eight hex digits, are ever touched: every physical name of an
installation begins with its own (stacks/names.py), and roles, stacks and buckets named by
CloudFormation begin with the stack's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

Client = Callable[[str, str], Any]
RUN = re.compile(r"ct-[0-9a-f]{8}")
LOG_GROUPS = ("/aws/lambda/", "/aws/vendedlogs/states/", "/aws/apigateway/")
_GONE = (
    *("ResourceNotFoundException", "NoSuchBucket", "NoSuchEntity", "ValidationError"),
    *("NoSuchEntityException", "404"),
)


class NotARunError(ValueError):
    """The name is not one that a run gives itself."""


@dataclass(frozen=True)
class Thing:
    """Something of a run that is there."""

    kind: str
    name: str
    region: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name} ({self.region})"


class Cleaner:
    """Finds and removes what one run made in its two Regions, primary first.

    `looks_s`: seconds between two looks at what is being removed, instead of the SDK's 20 or 30,
    which an emulator does not need.
    """

    def __init__(
        self,
        client: Client,
        installation: str,
        regions: tuple[str, str],
        looks_s: int | None = None,
    ) -> None:
        if not RUN.fullmatch(installation):
            raise NotARunError(f"{installation} is not the name of a run")
        self._waiting = {} if looks_s is None else {"WaiterConfig": {"Delay": looks_s}}
        self._client, self._installation, self._regions = client, installation, regions
        self._prefix = f"{installation}-"

    def left(self) -> list[Thing]:
        """All that is there, in the order in which it can go: what others hang on comes last."""
        finders = (
            *(self._stacks, self._pools, self._tables, self._buckets, self._gateway_roles),
            *(self._roles, self._log_groups),
        )
        return [thing for find in finders for region in self._order() for thing in find(region)]

    def clean(self) -> list[str]:
        """Remove all; what could not be removed and why. One failure stops nothing else."""
        failures = []
        for thing in self.left():
            try:
                self._remove(thing)
            except ClientError as error:
                if _code(error) not in _GONE:
                    failures.append(f"{thing}: {error.operation_name}: {_code(error)}")
            except Exception as error:  # noqa: BLE001 - a waiter that gives up, a lost network
                failures.append(f"{thing}: {type(error).__name__}")
        return failures

    def _order(self) -> tuple[str, ...]:
        """The backup first: the global table is deleted from the primary."""
        return tuple(reversed(self._regions))

    def _remove(self, thing: Thing) -> None:
        {
            "stack": self._remove_stack,
            "pool": self._remove_pool,
            "table": self._remove_table,
            "bucket": self._remove_bucket,
            "gateway log role": self._unset_gateway_role,
            "role": self._remove_role,
            "log group": self._remove_log_group,
        }[thing.kind](thing)

    # Stacks: both Regions' before the data stack, which they lean on.
    def _stacks(self, region: str) -> Iterator[Thing]:
        pages = self._client("cloudformation", region).get_paginator("describe_stacks").paginate()
        names = [
            stack["StackName"]
            for page in pages
            for stack in page["Stacks"]
            if stack["StackName"].startswith(self._prefix)
            and stack["StackStatus"] != "DELETE_COMPLETE"
        ]
        for name in sorted(names, key=lambda one: one.endswith("-data")):
            yield Thing("stack", name, region)

    def _remove_stack(self, thing: Thing) -> None:
        client = self._client("cloudformation", thing.region)
        client.update_termination_protection(
            StackName=thing.name, EnableTerminationProtection=False
        )
        client.delete_stack(StackName=thing.name)
        client.get_waiter("stack_delete_complete").wait(StackName=thing.name, **self._waiting)

    def _pools(self, region: str) -> Iterator[Thing]:
        pages = self._client("cognito-idp", region).get_paginator("list_user_pools")
        for page in pages.paginate(MaxResults=60):
            for pool in page["UserPools"]:
                if pool["Name"].startswith(self._prefix):
                    yield Thing("pool", pool["Id"], region)

    def _remove_pool(self, thing: Thing) -> None:
        client = self._client("cognito-idp", thing.region)
        client.update_user_pool(UserPoolId=thing.name, DeletionProtection="INACTIVE")
        client.delete_user_pool(UserPoolId=thing.name)

    def _tables(self, region: str) -> Iterator[Thing]:
        pages = self._client("dynamodb", region).get_paginator("list_tables").paginate()
        for page in pages:
            for name in page["TableNames"]:
                if name.startswith(self._prefix):
                    yield Thing("table", name, region)

    def _remove_table(self, thing: Thing) -> None:
        """A replica goes like any table, once it is the only one left or by itself."""
        client = self._client("dynamodb", thing.region)
        described = client.describe_table(TableName=thing.name)["Table"]
        if described.get("DeletionProtectionEnabled"):
            client.update_table(TableName=thing.name, DeletionProtectionEnabled=False)
            client.get_waiter("table_exists").wait(TableName=thing.name, **self._waiting)
        client.delete_table(TableName=thing.name)
        client.get_waiter("table_not_exists").wait(TableName=thing.name, **self._waiting)

    def _buckets(self, region: str) -> Iterator[Thing]:
        client = self._client("s3", region)
        for bucket in client.list_buckets()["Buckets"]:
            if not bucket["Name"].startswith(self._prefix):
                continue
            place = client.get_bucket_location(Bucket=bucket["Name"])["LocationConstraint"]
            if (place or "us-east-1") == region:
                yield Thing("bucket", bucket["Name"], region)

    def _remove_bucket(self, thing: Thing) -> None:
        client = self._client("s3", thing.region)
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=thing.name):
            keys = [{"Key": each["Key"]} for each in page.get("Contents", [])]
            if not keys:
                continue
            told = client.delete_objects(Bucket=thing.name, Delete={"Objects": keys})
            if errors := told.get("Errors"):
                raise RuntimeError(f"{len(errors)} objects stay")
        client.delete_bucket(Bucket=thing.name)

    def _gateway_roles(self, region: str) -> Iterator[Thing]:
        role = self._client("apigateway", region).get_account().get("cloudwatchRoleArn") or ""
        if role.rpartition("/")[2].startswith(self._prefix):
            yield Thing("gateway log role", role, region)

    def _unset_gateway_role(self, thing: Thing) -> None:
        """The account had none before: a run takes an existing one as it is."""
        operation = {"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}
        self._client("apigateway", thing.region).update_account(patchOperations=[operation])

    def _roles(self, region: str) -> Iterator[Thing]:
        """IAM is one for all Regions: looked through once."""
        if region != self._regions[0]:
            return
        pages = self._client("iam", region).get_paginator("list_roles").paginate()
        for page in pages:
            for role in page["Roles"]:
                if role["RoleName"].startswith(self._prefix):
                    yield Thing("role", role["RoleName"], region)

    def _remove_role(self, thing: Thing) -> None:
        client = self._client("iam", thing.region)
        for name in client.list_role_policies(RoleName=thing.name)["PolicyNames"]:
            client.delete_role_policy(RoleName=thing.name, PolicyName=name)
        client.delete_role(RoleName=thing.name)

    def _log_groups(self, region: str) -> Iterator[Thing]:
        """Last: a function that still ran would make its group again."""
        pages = self._client("logs", region).get_paginator("describe_log_groups")
        for where in LOG_GROUPS:
            for page in pages.paginate(logGroupNamePrefix=f"{where}{self._prefix}"):
                for group in page["logGroups"]:
                    yield Thing("log group", group["logGroupName"], region)

    def _remove_log_group(self, thing: Thing) -> None:
        self._client("logs", thing.region).delete_log_group(logGroupName=thing.name)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", "Unknown"))
