"""What an installation shows once it is quiet: everything that must not be there, as text."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from boto3.dynamodb.types import TypeDeserializer

from cognito_standby.replication.domain.canary import NAME as CANARY
from local.demo.compare import SeenUser, compare, read_users
from local.outputs import RegionOutputs
from local.remote import RemoteStage
from tests.chaos.people import Expected
from tests.e2e.world import executions as described
from tests.e2e.world import ledger_row, records

_plain = TypeDeserializer().deserialize
_KNOWN = ("LeaseHeldError", "NotYetVisibleError", "DependencyMissingError", "NameHeldError")
_QUEUES_OF_OURS = ("dead-letters", "parked-hints")
_LOOKS = 4
_REST_SECONDS = 300.0


def at_rest(
    looked: Callable[[], list[str]], executed: Callable[[], Mapping[str, int]], pause: float = 0.5
) -> list[str]:
    """What a look finds while nothing works: what several looks in a row find, between which no
    execution began or ended. A schedule changes the canary at any time, and what has not reached
    the other pool yet is no fault. `executed`: as `executions` tells it."""
    deadline, calm, before = time.monotonic() + _REST_SECONDS, 0, executed()
    while found := looked():
        running = any(key.endswith("RUNNING") for key in before)
        after = executed()
        calm = calm + 1 if after == before and not running else 0
        if calm == _LOOKS or time.monotonic() > deadline:
            break
        before = after
        time.sleep(pause)
    return found


def divergences(stage: RemoteStage, lives: Iterable[Expected]) -> list[str]:
    """Where the pools differ from each other or from what people did."""
    primary, backup = (
        {user.origin_sub: user for user in read_users(stage, region)}
        for region in (stage.outputs.primary, stage.outputs.backup)
    )
    expected = {life.sub: life for life in lives}
    wrong = [f"pools: {problem}" for problem in compare(stage).problems]
    for sub, life in expected.items():
        name = f"{life.person.username} ({sub})"
        wrong += [f"{name}: active: {each}" for each in _against(primary.get(sub), life)]
        if not life.deleted:
            wrong += [f"{name}: standby: {each}" for each in _against(backup.get(sub), life)]
    for region, users in (("active", primary), ("standby", backup)):
        wrong += [f"{region}: a stranger {sub}" for sub in strangers(users, expected)]
    return wrong


def strangers(users: Mapping[str, SeenUser], expected: Collection[str]) -> list[str]:
    """Subs of users whom nobody made. Its schedule makes the canary in a run of some minutes."""
    return [sub for sub, one in users.items() if sub not in expected and one.username != CANARY]


def _against(user: SeenUser | None, life: Expected) -> Iterator[str]:
    if life.deleted or user is None:
        if user is not None:
            yield "deleted, and there again"
        elif not life.deleted:
            yield "gone, and nobody deleted them"
        return
    if user.enabled != life.enabled:
        yield f"enabled is {user.enabled}"
    if user.groups != life.groups:
        yield f"groups are {sorted(user.groups)}, not {sorted(life.groups)}"
    for name in ("email", "name", "nickname", "custom:plan"):
        if user.attributes.get(name) != life.attributes.get(name):
            yield f"{name} differs"


def ledger(stage: RemoteStage, region: RegionOutputs) -> list[dict[str, Any]]:
    """All rows of a Region's ledger that are about subjects."""
    pages = (
        stage.client("dynamodb", region.region)
        .get_paginator("scan")
        .paginate(TableName=region.ledger_table, ConsistentRead=True)
    )
    rows = ({k: _plain(v) for k, v in i.items()} for page in pages for i in page["Items"])
    return [row for row in rows if "state" in row]


def unsettled(stage: RemoteStage) -> list[str]:
    """Ledger rows that say anything but "in sync" or "nothing to replicate"."""
    return [
        f"{region.region}: {row['subject']} is {row['state']} {row.get('reason', '')}"
        for region in both(stage)
        for row in ledger(stage, region)
        if row["state"] not in ("in_sync", "skipped")
    ]


def queues(stage: RemoteStage) -> dict[str, int]:
    """How many messages are in each queue of ours, visible or not."""
    found: dict[str, int] = {}
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    for region in both(stage):
        client = stage.client("sqs", region.region)
        for url in client.list_queues().get("QueueUrls", ()):
            if url.endswith(_QUEUES_OF_OURS):
                got = client.get_queue_attributes(QueueUrl=url, AttributeNames=names)
                key = f"{region.region} {url.rsplit('/', 1)[-1]}"
                found[key] = sum(int(value) for value in got["Attributes"].values())
    return found


def executions(stage: RemoteStage) -> Counter[str]:
    """Executions of all machines by "Region machine status"."""
    counts: Counter[str] = Counter()
    for region in both(stage):
        client = stage.client("stepfunctions", region.region)
        for machine, arn in region.state_machines.items():
            pages = client.get_paginator("list_executions").paginate(stateMachineArn=arn)
            for page in pages:
                for each in page["executions"]:
                    counts[f"{region.region} {machine} {each['status']}"] += 1
    return counts


def stop_some(stage: RemoteStage, most: int) -> int:
    """Stop running executions of sync_user in each Region; how many there were."""
    stopped = 0
    for region in both(stage):
        client, deadline = stage.client("stepfunctions", region.region), time.monotonic() + 5
        machine, found = region.state_machines["sync_user"], list[Any]()
        while not found and time.monotonic() < deadline:
            answer = client.list_executions(
                stateMachineArn=machine, statusFilter="RUNNING", maxResults=most
            )
            found = answer["executions"]
        for each in found:
            client.stop_execution(executionArn=each["executionArn"], cause="a test")
        stopped += len(found)
    return stopped


def failures(stage: RemoteStage) -> Counter[str]:
    """Failed executions by "Region machine error"."""
    counts: Counter[str] = Counter()
    for region in both(stage):
        client = stage.client("stepfunctions", region.region)
        for machine, arn in region.state_machines.items():
            found = client.get_paginator("list_executions").paginate(
                stateMachineArn=arn, statusFilter="FAILED"
            )
            for each in (each for page in found for each in page["executions"]):
                told = client.describe_execution(executionArn=each["executionArn"])
                counts[f"{region.region} {machine} {told['error']} {_message(told)}"] += 1
    return counts


def _message(execution: dict[str, Any]) -> str:
    """What an error that nobody foresaw says of itself."""
    if execution["error"] in _KNOWN:
        return ""
    try:
        return str(json.loads(execution["cause"])["errorMessage"])
    except (ValueError, KeyError, TypeError):
        return str(execution.get("cause", ""))


def story(stage: RemoteStage, sub: str) -> str:
    """All that is known of one person, to find out why the pools differ."""
    lines = [f"--- {sub}", f"records {json.dumps(records(stage, sub), default=str)}"]
    for region in both(stage):
        row = ledger_row(stage, region, sub)
        lines.append(f"{region.region} ledger {json.dumps(row, default=str)}")
        for each in described(stage, region, "sync_user"):
            if sub in each["input"] or sub in each.get("output", ""):
                told = {k: each.get(k, "") for k in ("status", "error", "input", "output")}
                lines.append(f"{region.region} {each['startDate']:%T.%f} {told}")
    return "\n".join(lines)


def both(stage: RemoteStage) -> tuple[RegionOutputs, RegionOutputs]:
    """Primary and backup."""
    return stage.outputs.primary, stage.outputs.backup


def _open_to_rules(queue_arn: str) -> str:
    """The queue's policy, without which no rule may send there."""
    rules = {"Service": "events.amazonaws.com"}
    sends = {"Effect": "Allow", "Principal": rules, "Action": "sqs:SendMessage"}
    statement = {**sends, "Resource": queue_arn}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


class Invitations:
    """A rule on both default buses that remembers every call which sends people a message."""

    _CALLS = ("AdminCreateUser", "AdminResetUserPassword", "ResendConfirmationCode")

    def __init__(self, stage: RemoteStage) -> None:
        self._stage, self._urls = stage, {}
        pattern = {"source": ["aws.cognito-idp"], "detail": {"eventName": list(self._CALLS)}}
        for region in both(stage):
            sqs, events = (stage.client(name, region.region) for name in ("sqs", "events"))
            url = sqs.create_queue(QueueName="observed-messages")["QueueUrl"]
            got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
            arn = got["Attributes"]["QueueArn"]
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": _open_to_rules(arn)})
            target = {"Id": "1", "Arn": arn}
            events.put_rule(Name="observed-messages", EventPattern=json.dumps(pattern))
            events.put_targets(Rule="observed-messages", Targets=[target])
            self._urls[region.region] = url

    def seen(self) -> tuple[int, list[str]]:
        """How many users were made by administrators, and what sent somebody a message."""
        made, sent = 0, []
        for region, url in self._urls.items():
            client = self._stage.client("sqs", region)
            while got := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get(
                "Messages"
            ):
                for message in got:
                    detail = json.loads(message["Body"])["detail"]
                    made += 1
                    if detail["requestParameters"].get("messageAction") != "SUPPRESS":
                        sent.append(f"{region}: {detail['eventName']}")
        return made, sent
