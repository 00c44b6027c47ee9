"""The real installation in the session's local AWS, deployed as `make deploy` does it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from typer.testing import Result

from cognito_standby.cli.main import app
from deploying import account, deployment
from local.assembly import Assembly
from local.demo.command import local_config
from local.deployer import Deployer
from local.outputs import StageOutputs
from stacks.config.source import parse
from tests.cli_runner import CliRunner
from tests.local.conftest import unique
from tests.local.lifecycle.passes import Pass, look

ROOT = Path(__file__).resolve().parents[3]


class Account(Protocol):
    """An account of a local AWS, whichever process runs it."""

    def client(self, service: str, region: str, account: str = "") -> Any:
        """A boto3 client."""

    @property
    def endpoint(self) -> str:
        """Where it is served."""

    @property
    def account(self) -> str:
        """Its number."""


class Installation:
    """One installation; `config` is changed between deployments."""

    def __init__(self, aws: Account, folder: Path) -> None:
        self.aws, self._folder, self._count = aws, folder, 0
        self.config: dict[str, Any] = {
            **local_config("username"),
            "installation": unique("lc"),
            "account": aws.account,
            "protect_data": True,
        }
        self.primary = str(self.config["primary_region"])
        self.backup = str(self.config["backup_region"])
        self.regions = (self.primary, self.backup)
        self.outputs: dict[str, dict[str, str]] = {}
        self.passes: list[Pass] = []
        """Of the last deployment, those that succeeded."""

    def name(self, part: str) -> str:
        return f"{self.config['installation']}-{part}"

    def stacks(self) -> dict[str, tuple[str, str]]:
        found = {region: (self.name(region), region) for region in self.regions}
        return {**found, "data": (self.name("data"), self.primary)}

    def deploy(self) -> None:
        """As `make deploy`, with the local deployer instead of the CDK's command line."""
        config, self.passes = parse(self.config, "the test"), []
        deployment.deploy(config, terminal=False, run=self._run, client=self.aws.client)

    def _run(self, arguments: Sequence[str], with_app: bool, told: Mapping[str, str]) -> int:
        """One deployment of all stacks. DeployError: it failed."""
        assert with_app and "--import-existing-resources" in arguments, arguments
        order: list[str] = []
        assembly = self.synthesized(told)
        self.outputs = self._deployer().deploy(assembly, lambda stack: order.append(stack.name))
        self.passes.append(look(self.aws, self.stacks(), order))
        return 0

    def destroy(self) -> None:
        """As `cdk destroy --all`."""
        self._deployer().destroy(self.assembly)

    def uninstall(self) -> None:
        """As the runbook, where nothing of the data is kept."""
        self.config["protect_data"] = False
        self.deploy()
        for region in self.regions:
            self.empty(region)
        self.destroy()

    def release(self) -> None:
        """As `aws cloudformation update-termination-protection` on each stack."""
        for stack in self.stacks().values():
            account.release(self.aws.client, *stack)

    def _deployer(self) -> Deployer:
        return Deployer(self.aws.client, self.aws.endpoint)

    def synthesized(self, told: Mapping[str, str]) -> Assembly:
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        (folder / "config.json").write_text(json.dumps(self.config))
        environment = {
            **os.environ,
            **told,
            "CDK_OUTDIR": str(folder / "cdk.out"),
            "CDK_VALIDATION": "false",  # half of the time; tests/stacks look at the templates
            "COGNITO_STANDBY_CONFIG": str(folder / "config.json"),
        }
        command = [sys.executable, str(ROOT / "app.py")]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert not done.returncode, done.stderr
        self.assembly = Assembly(folder / "cdk.out")
        return self.assembly

    def standby(self, *arguments: str) -> Result:
        """The operator's command, about this installation."""
        path = self._folder / "outputs.json"
        StageOutputs.of(self.aws.endpoint, self.aws.account, self.outputs).write(path)
        return CliRunner().invoke(app, ["--outputs", str(path), *arguments])

    def errors(self, machine: str, region: str) -> set[str]:
        """Of the steps of a machine's executions, retried ones included."""
        client = self.aws.client("stepfunctions", region)
        arn = f"arn:aws:states:{region}:{self.aws.account}:stateMachine:{self.name(machine)}"
        found: set[str] = set()
        for one in client.list_executions(stateMachineArn=arn)["executions"]:
            told = client.get_execution_history(executionArn=one["executionArn"])["events"]
            details = [part for event in told for part in event.values() if isinstance(part, dict)]
            found |= {str(part["error"]) for part in details if "error" in part}
        return found

    def output(self, region: str, key: str) -> str:
        return self.outputs[self.name(region)][key]

    def add(self, pool: str, name: str) -> None:
        """A user in the primary Region's pool."""
        attributes = [{"Name": "email", "Value": f"{name}@example.org"}]
        self.aws.client("cognito-idp", self.primary).admin_create_user(
            UserPoolId=pool, Username=name, UserAttributes=attributes
        )

    def tables(self, region: str) -> list[str]:
        prefix = f"{self.config['installation']}-"
        found = self.aws.client("dynamodb", region).list_tables()["TableNames"]
        return sorted(name.removeprefix(prefix) for name in found if name.startswith(prefix))

    def pools(self, region: str) -> list[str]:
        client = self.aws.client("cognito-idp", region)
        found = client.list_user_pools(MaxResults=60)["UserPools"]
        return [one["Id"] for one in found if one["Name"] == self.name("users")]

    def bucket(self, region: str) -> str:
        return f"{self.name('reconcile')}-{self.aws.account}-{region}"

    def empty(self, region: str) -> None:
        """As `aws s3 rm --recursive`."""
        client, bucket = self.aws.client("s3", region), self.bucket(region)
        for one in client.list_objects_v2(Bucket=bucket).get("Contents", ()):
            client.delete_object(Bucket=bucket, Key=one["Key"])

    def count(self, table: str) -> int:
        client = self.aws.client("dynamodb", self.primary)
        return int(client.scan(TableName=self.name(table), Select="COUNT")["Count"])

    def imported(self) -> dict[str, list[str]]:
        """Part -> types of what its stack took in."""
        found: dict[str, list[str]] = {}
        for part, (stack, region) in self.stacks().items():
            client = self.aws.client("cloudformation", region)
            pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
            events = [event for page in pages for event in page["StackEvents"]]
            taken = [e["ResourceType"] for e in events if e["ResourceStatus"] == "IMPORT_COMPLETE"]
            found[part] = sorted(taken)
        return found

    def read_by_the_pipe(self, region: str) -> str:
        """The stream that the pipe of the other Region's records reads."""
        client = self.aws.client("pipes", region)
        (pipe,) = client.list_pipes(NamePrefix=self.name("replica-stream"))["Pipes"]
        return str(client.describe_pipe(Name=pipe["Name"])["Source"])

    def replace_records(self) -> dict[str, str]:
        """Delete the table and make it again, as after a restoration; its streams."""
        name, home = self.name("records"), self.aws.client("dynamodb", self.primary)
        old = home.describe_table(TableName=name)["Table"]
        for region in self.regions:
            client = self.aws.client("dynamodb", region)
            client.update_table(TableName=name, DeletionProtectionEnabled=False)
        there = self.aws.client("dynamodb", self.backup)
        there.delete_table(TableName=name)
        home.delete_table(TableName=name)
        keep = ("IndexName", "KeySchema", "Projection")
        home.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            **{key: old[key] for key in ("AttributeDefinitions", "KeySchema")},
            GlobalSecondaryIndexes=[
                {key: one[key] for key in keep} for one in old["GlobalSecondaryIndexes"]
            ],
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        )
        home.update_table(TableName=name, ReplicaUpdates=[{"Create": {"RegionName": self.backup}}])
        return account.streams(self.aws.client, name, self.regions)
