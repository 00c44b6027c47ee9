"""A stage whose events are cut off, for drift to be made in, and its reconciliations."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from boto3.dynamodb.types import TypeSerializer

from local.demo.people import PASSWORD
from local.faults.model import Fault, FaultKind
from local.faults.remote import RemoteFaults
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from local.settings import UNPACED
from tests.e2e.conftest import until

OPTIONS = (
    *("--environment", f"QUOTAS={UNPACED}", "--environment", "CONCURRENCY=8"),
    *("--environment", "ROLE_SECONDS=0.2"),
)
_wire = TypeSerializer().serialize


@dataclass
class Reconciled:
    """Both Regions of a stage."""

    stage: RemoteStage
    runs: dict[str, list[str]] = field(default_factory=dict)

    @cached_property
    def primary(self) -> RegionOutputs:
        return self.stage.outputs.primary

    @cached_property
    def backup(self) -> RegionOutputs:
        return self.stage.outputs.backup

    @cached_property
    def faults(self) -> RemoteFaults:
        return RemoteFaults(self.stage.outputs.endpoint)

    def cut_events(self) -> None:
        """No hint and no stream record reaches a machine any more, and no schedule makes a canary:
        only reconciliation is left."""
        for region in (self.primary, self.backup):
            self._stop_schedules(region)
            events = self.stage.client("events", region.region)
            for bus in ("default", region.bus):
                for rule in events.list_rules(EventBusName=bus)["Rules"]:
                    events.disable_rule(Name=rule["Name"], EventBusName=bus)
        self.faults.add(Fault(kind=FaultKind.EDGE, edge="pipe->machine", rate=1.0))

    def _stop_schedules(self, region: RegionOutputs) -> None:
        client = self.stage.client("scheduler", region.region)
        taken = client.meta.service_model.operation_model("UpdateSchedule").input_shape.members
        for page in client.get_paginator("list_schedules").paginate():
            for each in page["Schedules"]:
                told = client.get_schedule(Name=each["Name"], GroupName=each["GroupName"])
                kept = {name: value for name, value in told.items() if name in taken}
                client.update_schedule(**kept | {"State": "DISABLED"})

    def users(self, region: RegionOutputs) -> Any:
        """The region's Cognito client, with its pool bound by `pool`."""
        return self.stage.client("cognito-idp", region.region)

    def admin(self, region: RegionOutputs, operation: str, name: str, **more: Any) -> Any:
        call = getattr(self.users(region), f"admin_{operation}")
        return call(UserPoolId=region.user_pool_id, Username=name, **more)

    def create(self, region: RegionOutputs, name: str) -> str:
        """A confirmed user, made by an administrator; returns the sub."""
        attributes = {"email": f"{name}@example.org", "email_verified": "true", "name": name}
        made = self.admin(
            region,
            "create_user",
            name,
            MessageAction="SUPPRESS",
            UserAttributes=[{"Name": k, "Value": v} for k, v in attributes.items()],
        )
        self.admin(region, "set_user_password", name, Password=PASSWORD, Permanent=True)
        return str(next(a["Value"] for a in made["User"]["Attributes"] if a["Name"] == "sub"))

    def create_many(self, region: RegionOutputs, names: list[str]) -> dict[str, str]:
        with ThreadPoolExecutor(4) as pool:
            return dict(zip(names, pool.map(lambda n: self.create(region, n), names), strict=True))

    def rename(self, region: RegionOutputs, name: str, value: str) -> None:
        self.admin(
            region,
            "update_user_attributes",
            name,
            UserAttributes=[{"Name": "name", "Value": value}],
        )

    def items(self, region: RegionOutputs) -> list[dict[str, Any]]:
        """All records, as the Region's replica has them."""
        client = self.stage.client("dynamodb", region.region)
        pages = client.get_paginator("scan").paginate(TableName=self.stage.outputs.records_table)
        found = [item for page in pages for item in page["Items"] if "revision" in item]
        return sorted(found, key=lambda item: (item["origin_sub"]["S"], item["region"]["S"]))

    def change_row(self, region: RegionOutputs, key: str, **values: Any) -> None:
        """Write into the ledger; None removes."""
        sets = {k: v for k, v in values.items() if v is not None}
        gone = [k for k, v in values.items() if v is None]
        parts = ["SET " + ", ".join(f"#{k} = :{k}" for k in sets)] if sets else []
        parts += ["REMOVE " + ", ".join(f"#{k}" for k in gone)] if gone else []
        request: dict[str, Any] = {
            "TableName": region.ledger_table,
            "Key": {"subject": {"S": key}},
            "UpdateExpression": " ".join(parts),
            "ExpressionAttributeNames": {f"#{k}": k for k in values},
        }
        if sets:
            request["ExpressionAttributeValues"] = {f":{k}": _wire(v) for k, v in sets.items()}
        self.stage.client("dynamodb", region.region).update_item(**request)

    def forget_row(self, region: RegionOutputs, key: str) -> None:
        """The ledger loses a row."""
        self.stage.client("dynamodb", region.region).delete_item(
            TableName=region.ledger_table, Key={"subject": {"S": key}}
        )

    def start(self, region: RegionOutputs, **given: Any) -> str:
        client = self.stage.client("stepfunctions", region.region)
        arn = client.start_execution(
            stateMachineArn=region.state_machines["reconcile_pool"], input=json.dumps(given)
        )["executionArn"]
        self.runs.setdefault(region.region, []).append(arn)
        return str(arn)

    def described(self, region: RegionOutputs, arn: str) -> Any:
        client = self.stage.client("stepfunctions", region.region)
        return client.describe_execution(executionArn=arn)

    def ended(self, region: RegionOutputs, arn: str) -> Any:
        """The execution once it has ended, its output parsed."""
        until(
            f"the run in {region.region} ends",
            lambda: self.described(region, arn)["status"] != "RUNNING",
            seconds=900,
        )
        found = self.described(region, arn)
        return {**found, "output": json.loads(found.get("output") or "null")}

    def run(self, region: RegionOutputs, **given: Any) -> dict[str, Any]:
        """A run that succeeds; its report."""
        ended = self.ended(region, self.start(region, **given))
        assert ended["status"] == "SUCCEEDED", ended
        return self.report(region, ended["output"]["report"])

    def report(self, region: RegionOutputs, name: str) -> dict[str, Any]:
        body = self.stage.client("s3", region.region).get_object(
            Bucket=region.reconcile_bucket, Key=name
        )["Body"]
        report: dict[str, Any] = json.loads(body.read())
        return report

    def states(self, region: RegionOutputs, arn: str) -> list[str]:
        """The states that an execution has entered."""
        client = self.stage.client("stepfunctions", region.region)
        events = client.get_execution_history(executionArn=arn, maxResults=1000)["events"]
        return [
            event["stateEnteredEventDetails"]["name"]
            for event in events
            if event["type"].endswith("StateEntered")
        ]

    def files(self, region: RegionOutputs, run_id: str) -> dict[str, Any]:
        """Name -> time of its last write, of a run's files."""
        client = self.stage.client("s3", region.region)
        pages = client.get_paginator("list_objects_v2").paginate(
            Bucket=region.reconcile_bucket, Prefix=f"runs/{run_id}/"
        )
        return {o["Key"]: o["LastModified"] for page in pages for o in page.get("Contents", ())}


def found_in(report: dict[str, Any]) -> dict[str, int]:
    """FaultKind -> subjects of a report."""
    counts: dict[str, int] = {}
    for finding in report["findings"]:
        counts[finding["kind"]] = counts.get(finding["kind"], 0) + finding["found"]
    return counts
