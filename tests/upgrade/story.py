"""An installation of the release before, from its first day until it is of this release."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.failures.domain.executions import hint_in
from local.demo.people import Crowd
from local.deployer import Deployer, DeployError
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.chaos import look
from tests.chaos.people import GROUPS, Expected
from tests.e2e.conftest import until, until_confirmed, until_equal
from tests.e2e.operator_command import run_standby
from tests.e2e.world import executions, ledger_row, put_raw_record
from tests.upgrade.assemblies import failing
from tests.upgrade.traffic import Traffic
from tests.upgrade.waiting import Holding, ended

_MACHINES = ("apply_admin_change", "contain_failure", "hint_members", "reconcile_pool", "sync_user")
_NEWER = "newer"
_OF_A_LEASE = {"subject", "lease_holder", "lease_expires_at", "shard_id", "user_pool_id"}
_MISSED = 8
"""Of whose deletions no event told: more than a reconciliation deletes unasked."""


class Story:
    """Both Regions of a stage, on which the release before was deployed."""

    def __init__(self, stage: RemoteStage, folder: Path) -> None:
        self.stage, self._folder = stage, folder
        self.traffic = Traffic(stage)
        self._holding = Holding(stage, self.traffic)
        self._deployer = Deployer(stage.client, stage.outputs.endpoint)
        self._missed: list[Expected] = []
        self._question = ""

    def begin(self) -> None:
        """It has failed over and back, has groups and people, and asks its operator."""
        for region, epoch in ((self.stage.outputs.backup, 2), (self.stage.outputs.primary, 3)):
            claim = {"origin_sub": "#claim", "region": region.region, "epoch": epoch}
            put_raw_record(self.stage, self.stage.outputs.primary, claim)
        for group in GROUPS:
            self.traffic.crowd.create_group(group, Description=f"All {group}")
        self._missed = [self.traffic.add(f"missed-{number}") for number in range(_MISSED)]
        until_confirmed(self.stage, *(each.sub for each in self._missed))
        until_equal(self.stage)
        self._ask()

    def _ask(self) -> None:
        """People are deleted and no event tells of it; so a reconciliation asks before it deletes
        them in the standby, too."""
        primary = self.stage.outputs.primary
        with self._without_events("AdminDeleteUser"):
            for each in self._missed:
                self.traffic.crowd.admin("admin_delete_user", each.person)
                each.deleted = True
        client = self.stage.client("stepfunctions", primary.region)
        arn = client.start_execution(
            stateMachineArn=primary.state_machines["reconcile_pool"], input="{}"
        )["executionArn"]
        self._question = arn.rsplit(":", 1)[-1]
        key = {"subject": {"S": f"#question#{self._question}"}}
        table = self.stage.client("dynamodb", primary.region)
        until(
            "the brake asks",
            lambda: table.get_item(TableName=primary.ledger_table, Key=key).get("Item"),
        )

    @contextmanager
    def _without_events(self, *names: str) -> Iterator[None]:
        self._turn_trail(drop=names)
        try:
            yield
        finally:
            self._turn_trail(drop=())

    def _turn_trail(self, drop: Sequence[str]) -> None:
        request = urllib.request.Request(  # noqa: S310 - our own loopback endpoint
            f"{self.stage.outputs.endpoint}/_local/trail",
            data=json.dumps({"drop": drop}).encode(),
            method="PUT",
        )
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310

    def update(self, region: RegionOutputs, assembly: Path) -> None:
        """A Region becomes what an assembly says, while people go on, and much stands open."""
        with self._holding.held(region) as waiting:
            self._deploy(region, assembly)
            self.traffic.goes_on(changes=0)
        self._holding.ended(waiting)

    def fail_to_update(self, region: RegionOutputs, assembly: Path) -> None:
        """The same, but that the update fails at its end: CloudFormation takes all of it back."""
        stack = _stack(region)
        broken = failing(assembly, stack, self._folder / f"failing-{stack}")
        with self._holding.held(region) as waiting:
            with pytest.raises(DeployError, match="FailsLast"):
                self._deploy(region, broken)
            client = self.stage.client("cloudformation", region.region)
            (told,) = client.describe_stacks(StackName=stack)["Stacks"]
            assert told["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
            self.traffic.goes_on(changes=0)
        self._holding.ended(waiting)

    @contextmanager
    def a_newer_record(self) -> Iterator[None]:
        """The primary Region, of this release, writes what the one before cannot read. As long as
        the other Region is of that one, it waits and writes nothing; afterwards it goes on."""
        backup = self.stage.outputs.backup
        role = f"arn:aws:iam::{self.stage.outputs.account}:role/staff"
        self.traffic.crowd.create_group(_NEWER, RoleArn=role)
        arn = self._holding.running(backup, "sync_user", f"#group#{_NEWER}")
        client = self.stage.client("stepfunctions", backup.region)
        until("it is refused", lambda: "NewerSchemaError" in _history(client, arn))
        row = ledger_row(self.stage, backup, f"#group#{_NEWER}")
        assert not row.keys() - _OF_A_LEASE, "nothing is noted but who looks"
        assert _NEWER not in self._groups(backup)
        yield
        told = until("it goes on", lambda: ended(client, arn))
        assert told["status"] == "SUCCEEDED", told
        assert _NEWER in self._groups(backup)

    def change_the_standby(self) -> None:
        """Somebody changes a person where nobody should; it is undone."""
        who = self.traffic.add(f"stray-{len(self.traffic.others)}")
        until_confirmed(self.stage, who.sub)
        standby = Crowd(self.stage, self.stage.outputs.backup, "username")
        standby.set_attributes(who.person, {"name": "Changed in the standby"})

    def _groups(self, region: RegionOutputs) -> list[str]:
        client = self.stage.client("cognito-idp", region.region)
        pages = client.get_paginator("list_groups").paginate(UserPoolId=region.user_pool_id)
        return [str(each["GroupName"]) for page in pages for each in page["Groups"]]

    def _deploy(self, region: RegionOutputs, assembly: Path) -> None:
        self._deployer.deploy(assembly, only=("standby-data", _stack(region)))

    def end(self) -> None:
        """The operator answers, and redrives; then nothing is open, and nothing is lost."""
        self._standby("approve", self._question, "--yes")
        self._standby("reconcile", "--follow", self._question)
        redriven = self._standby("redrive", "--all")
        until("nobody is at work", lambda: not self._busy())
        executed = partial(look.executions, self.stage)
        differing = partial(look.divergences, self.stage, self.traffic.expected)
        problems = look.at_rest(differing, executed)
        stories = [
            look.story(self.stage, each.sub)
            for each in self.traffic.expected
            if any(each.sub in p for p in problems)
        ]
        assert not problems, "\n".join([*problems, *stories])
        unsettled = look.at_rest(partial(look.unsettled, self.stage), executed)
        assert not unsettled, unsettled
        assert not {name: number for name, number in look.queues(self.stage).items() if number}
        bad = self._bad()
        assert not bad, "\n".join([*bad, redriven])

    def _busy(self) -> list[str]:
        """Divergences are waited for, too: a replay may not have begun."""
        running = [key for key in look.executions(self.stage) if key.endswith("RUNNING")]
        ours = [key for key in running if key.split()[1] in _MACHINES]
        return ours or look.divergences(self.stage, self.traffic.expected)

    def _bad(self) -> list[str]:
        """Executions that did not succeed, and for which none stands. Of several about one subject
        the newest is redriven: it reads what the others would."""
        return [
            f"{region.region} {machine} {each['status']} {each['name']} {each['input']}"
            for region in look.both(self.stage)
            for machine in _MACHINES
            for each in _not_made_good(machine, executions(self.stage, region, machine))
        ]

    def _standby(self, *arguments: str) -> str:
        done = run_standby(self.stage.outputs, self._folder, *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _not_made_good(machine: str, found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    good = [one for one in found if one["status"] == "SUCCEEDED" and machine == "sync_user"]
    bad = [each for each in found if each["status"] not in ("SUCCEEDED", "RUNNING")]
    return [one for one in bad if not any(_stands_for(each, one) for each in good)]


def _stands_for(later: dict[str, Any], failed: dict[str, Any]) -> bool:
    """One about the same subject that ended after it."""
    hint = hint_in(failed["input"])
    about = hint and (hint.origin_sub or hint.group or hint.local_sub)
    told = later["input"] + later.get("output", "")
    return bool(about) and about in told and later["stopDate"] > failed["stopDate"]


def _history(client: Any, arn: str) -> str:
    pages = client.get_paginator("get_execution_history").paginate(executionArn=arn)
    return json.dumps([page["events"] for page in pages], default=str)


def _stack(region: RegionOutputs) -> str:
    return f"standby-{region.region}"
