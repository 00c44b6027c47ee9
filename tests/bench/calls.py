"""Counts the AWS calls of one change, with the real adapters on moto.

moto keeps Regions apart and has no global tables: the record is copied to the other Region's table
by hand, which is what replication does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import boto3
from moto import mock_aws

from cognito_standby.core.adapters.cognito import CognitoUserDirectory
from cognito_standby.core.adapters.erasures import DynamoErasureList
from cognito_standby.core.adapters.events import EventBridgeHintBus
from cognito_standby.core.adapters.ledger import DynamoLedger
from cognito_standby.core.adapters.records import DynamoRecordStore
from cognito_standby.core.adapters.system import RandomPasswords, SystemClock
from cognito_standby.core.domain.absence import Recovery
from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.hints import Hint
from cognito_standby.core.domain.quotas import DEFAULTS
from cognito_standby.replication.adapters.turns import DynamoTurns
from cognito_standby.replication.services.context import SyncContext
from cognito_standby.replication.services.replay import replay_record
from cognito_standby.replication.services.sync import STREAM, capture_record, plan_sync

INSTALLATION = Installation("us-east-1", "us-west-2")
ANN = "ann@example.org"
_ROUTE = 1
"""The Choice after Plan Sync is a transition without a call."""


@dataclass(frozen=True)
class Counts:
    """One Region's part of one change."""

    change: str
    step: str
    calls: Counter[str]
    transitions: int

    @property
    def cognito(self) -> int:
        """Calls that count against Cognito's quotas."""
        return sum(
            n for name, n in self.calls.items() if name.startswith("cognito-identity-provider.")
        )


class _Directory(CognitoUserDirectory):
    """moto knows no recoveries of pools."""

    def __init__(self, client: Any, user_pool_id: str, calls: Counter[str]) -> None:
        super().__init__(client, user_pool_id)
        self._calls = calls

    def recoveries(self) -> tuple[Recovery, ...]:
        """Counted as the call that it is."""
        self._calls["cognito-identity-provider.ListPointInTimeRecoveries"] += 1
        return ()


class _Region:
    """One Region's resources on moto, and a counter of every call."""

    def __init__(self, region: str) -> None:
        self.region, self.calls = region, Counter[str]()
        session = boto3.session.Session(
            aws_access_key_id="bench", aws_secret_access_key="bench", region_name=region
        )
        session.events.register("before-send", self._count)
        session.events.register("after-call.dynamodb.DescribeTable", _with_id)
        self.cognito: Any = session.client("cognito-idp")
        self.dynamodb: Any = session.client("dynamodb")
        self.pool = self._make_pool()
        self._make_tables()
        clock = SystemClock()
        self.context = SyncContext(
            region=region,
            user_pool_id=self.pool,
            directory=_Directory(self.cognito, self.pool, self.calls),
            records=DynamoRecordStore(self.dynamodb, "records", region, INSTALLATION),
            ledger=DynamoLedger(self.dynamodb, "ledger", clock, 90),
            bus=EventBridgeHintBus(session.client("events"), "default"),
            clock=clock,
            passwords=RandomPasswords(),
            erasures=DynamoErasureList(
                self.dynamodb, ("records", "ledger"), region, INSTALLATION, clock
            ),
            turns=DynamoTurns(self.dynamodb, "ledger", clock),
            rates=DEFAULTS,
        )
        self.context.directory.schema()

    def _count(self, request: Any, event_name: str, **_: Any) -> None:
        _event, service, operation = event_name.split(".")
        self.calls[f"{service}.{operation}"] += 1

    def _make_pool(self) -> str:
        # moto describes only the attributes that were named; Cognito all standard ones.
        schema = [
            {"Name": name, "AttributeDataType": kind, "Mutable": True}
            for name, kind in {
                "origin_sub": "String",
                "email": "String",
                "email_verified": "Boolean",
                "name": "String",
            }.items()
        ]
        # moto finds a user by sub only where the username is the sub.
        pool = self.cognito.create_user_pool(
            PoolName="bench", Schema=schema, UsernameAttributes=["email"]
        )
        return str(pool["UserPool"]["Id"])

    def _make_tables(self) -> None:
        for table, keys in {"records": ("origin_sub", "region"), "ledger": ("subject",)}.items():
            self.dynamodb.create_table(
                TableName=table,
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": k, "AttributeType": "S"} for k in keys],
                KeySchema=[
                    {"AttributeName": k, "KeyType": kind}
                    for k, kind in zip(keys, ("HASH", "RANGE"), strict=False)
                ],
            )

    def taken(self) -> Counter[str]:
        """The calls since the last time."""
        calls = Counter(self.calls)
        self.calls.clear()
        return calls


def _with_id(parsed: Any, **_: Any) -> None:
    """moto gives tables no id."""
    parsed["Table"].setdefault("TableId", "the only one")


def count_calls() -> list[Counts]:
    """A sign-up, an attribute change and a deletion, each captured and replayed, and a hint that
    finds nothing to do."""
    with mock_aws():
        active, standby = _Region(INSTALLATION.primary), _Region(INSTALLATION.backup)
        created = active.cognito.admin_create_user(
            UserPoolId=active.pool,
            Username=ANN,
            UserAttributes=[
                {"Name": "email", "Value": ANN},
                {"Name": "email_verified", "Value": "true"},
            ],
            MessageAction="SUPPRESS",
        )
        sub = next(a["Value"] for a in created["User"]["Attributes"] if a["Name"] == "sub")
        results = _change("sign-up", sub, active, standby)
        name = [{"Name": "name", "Value": "Ann"}]
        active.cognito.admin_update_user_attributes(
            UserPoolId=active.pool, Username=ANN, UserAttributes=name
        )
        results += _change("attribute", sub, active, standby)
        active.taken()
        plan_sync(active.context, Hint(local_sub=sub), "noop")
        results.append(Counts("hint without effect", "active", active.taken(), 2 + _ROUTE))
        active.cognito.admin_delete_user(UserPoolId=active.pool, Username=ANN)
        return results + _change("deletion", sub, active, standby)


def _change(change: str, sub: str, active: _Region, standby: _Region) -> list[Counts]:
    active.taken()
    standby.taken()
    holder = f"execution-{change}"
    outcome = plan_sync(active.context, Hint(local_sub=sub), holder)
    capture_record(active.context, outcome.subject, holder, "bench")
    captured = Counts(change, "capture, active Region", active.taken(), 2 + _ROUTE)
    _replicate(active, standby)
    standby.taken()
    plan_sync(standby.context, Hint(origin_sub=sub, cause=STREAM), holder)
    replay_record(standby.context, outcome.subject, holder)
    return [captured, Counts(change, "replay, standby Region", standby.taken(), 2 + _ROUTE)]


def _replicate(source: _Region, target: _Region) -> None:
    for item in source.dynamodb.scan(TableName="records")["Items"]:
        if item["region"]["S"] == source.region:
            target.dynamodb.put_item(TableName="records", Item=item)
