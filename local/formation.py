"""One stack at a time, in the steps of the CDK's command line (2.1148, `cdk deploy`).

A stack whose creation was rolled back is deleted first. Then a change set is made, which takes
existing resources of the same fixed name into the stack if their deletion policy keeps them; then
termination protection is set as the assembly says; then the change set is executed.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from local.assembly import Stack

STACK_SECONDS = 300.0
_POLL_SECONDS = 0.05
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")
_ROLLED_BACK = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
_UNMADE = ("REVIEW_IN_PROGRESS",)
_BEGINNINGS = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
_GONE = "DELETE_COMPLETE"
_CONSEQUENCES = ("cancelled", "rollback")
_NO_CHANGES = ("didn't contain changes", "No updates are to be performed")


class DeployError(RuntimeError):
    """A stack could not be deployed or deleted; the text names the resource and the reason."""


class Formation:
    """CloudFormation of one Region; `client` is boto3's, `endpoint` the URL of the buckets."""

    def __init__(self, client: Any, endpoint: str) -> None:
        self._client, self._endpoint = client, endpoint

    def deploy(self, stack: Stack, *, import_existing: bool = True) -> dict[str, str]:
        """Create or update a stack; its outputs. DeployError: it is not as the template says."""
        found = self._describe(stack.name)
        if found and found["StackStatus"] in _ROLLED_BACK:
            self.delete(stack)
            found = {}
        change_set = f"deploy-{uuid.uuid4().hex[:8]}"
        wanted = self._prepare(stack, change_set, bool(found), import_existing)
        self._protect(stack)
        if wanted:
            self._client.execute_change_set(StackName=stack.name, ChangeSetName=change_set)
        described = self._wait(stack)
        if described["StackStatus"] not in _DONE and wanted:
            raise DeployError(f"{stack.name} ({stack.region}): {self._cause(stack.name)}")
        outputs = described.get("Outputs", ())
        return {output["OutputKey"]: output["OutputValue"] for output in outputs}

    def delete(self, stack: Stack) -> None:
        """Delete a stack; what its policies keep stays. DeployError: it is refused, or stays."""
        if not (found := self._describe(stack.name)):
            return
        try:
            self._client.delete_stack(StackName=stack.name)
        except ClientError as error:
            raise DeployError(f"{stack.name} ({stack.region}): {error}") from error
        described = self._wait(stack, found["StackId"])
        if described["StackStatus"] != _GONE:
            raise DeployError(f"{stack.name} ({stack.region}): {self._cause(stack.name)}")

    def _describe(self, name: str) -> Mapping[str, Any]:
        """{} when there is none, or only the shell of a change set that was never executed."""
        try:
            found: Mapping[str, Any] = self._client.describe_stacks(StackName=name)["Stacks"][0]
        except ClientError as error:
            if "does not exist" not in str(error):
                raise
            return {}
        return {} if found["StackStatus"] in (*_UNMADE, _GONE) else found

    def _prepare(self, stack: Stack, name: str, exists: bool, import_existing: bool) -> bool:
        """Make the change set; whether there is anything to change."""
        try:
            self._client.create_change_set(
                StackName=stack.name,
                ChangeSetName=name,
                ChangeSetType="UPDATE" if exists else "CREATE",
                TemplateURL="/".join((self._endpoint, *stack.template_key)),
                Capabilities=_CAPABILITIES,
                Tags=[{"Key": key, "Value": value} for key, value in stack.tags.items()],
                ImportExistingResources=import_existing,
            )
            made = self._made(stack, name)
        except ClientError as error:
            raise DeployError(f"{stack.name} ({stack.region}): {error}") from error
        if made["Status"] == "CREATE_COMPLETE":
            return True
        reason = str(made.get("StatusReason", "no reason given"))
        if any(said in reason for said in _NO_CHANGES):
            return False
        raise DeployError(f"{stack.name} ({stack.region}): {reason}")

    def _made(self, stack: Stack, name: str) -> Mapping[str, Any]:
        deadline = time.monotonic() + STACK_SECONDS
        while True:
            told: Mapping[str, Any] = self._client.describe_change_set(
                StackName=stack.name, ChangeSetName=name
            )
            if told["Status"] in ("CREATE_COMPLETE", "FAILED"):
                return told
            if time.monotonic() > deadline:
                raise DeployError(f"{stack.name}: its change set is still {told['Status']}")
            time.sleep(_POLL_SECONDS)

    def _protect(self, stack: Stack) -> None:
        """As the command line: after the change set is made, before it is executed."""
        found = self._client.describe_stacks(StackName=stack.name)["Stacks"][0]
        if bool(found.get("EnableTerminationProtection")) != stack.termination_protection:
            self._client.update_termination_protection(
                StackName=stack.name, EnableTerminationProtection=stack.termination_protection
            )

    def _wait(self, stack: Stack, stack_id: str = "") -> Mapping[str, Any]:
        """The stack, once nothing is in progress; a deleted one is found by its id alone."""
        deadline = time.monotonic() + STACK_SECONDS
        while True:
            try:
                found = self._client.describe_stacks(StackName=stack_id or stack.name)["Stacks"]
            except ClientError as error:
                if stack_id and "does not exist" in str(error):
                    return {"StackStatus": _GONE}
                raise
            described: Mapping[str, Any] = found[0]
            status = described["StackStatus"]
            if status in _UNMADE or not status.endswith("IN_PROGRESS"):
                return described
            if time.monotonic() > deadline:
                raise DeployError(f"{stack.name} is still {status} after {STACK_SECONDS:.0f} s")
            time.sleep(_POLL_SECONDS)

    def _cause(self, name: str) -> str:
        """The first resource that failed by itself in the last operation, and why."""
        events = self._last_operation(name)
        failed = [e for e in events if e["ResourceStatus"].endswith("_FAILED")]
        for event in reversed(failed):
            reason = event.get("ResourceStatusReason", "")
            own = event["LogicalResourceId"] != name
            if own and not any(word in reason.lower() for word in _CONSEQUENCES):
                return f"{event['LogicalResourceId']} ({event['ResourceType']}): {reason}"
        reasons = [
            e["ResourceStatusReason"] for e in reversed(events) if e.get("ResourceStatusReason")
        ]
        return "; ".join(dict.fromkeys(reasons)) or "no reason given"

    def _last_operation(self, name: str) -> list[Mapping[str, Any]]:
        """The events since the stack was last asked for something, newest first."""
        found: list[Mapping[str, Any]] = []
        pages = self._client.get_paginator("describe_stack_events").paginate(StackName=name)
        for event in (event for page in pages for event in page["StackEvents"]):
            found.append(event)
            if event["LogicalResourceId"] == name and event["ResourceStatus"] in _BEGINNINGS:
                break
        return found
