"""Quotas of a new account: nothing is lost, nobody's sign-up fails for our sake, people have room.

At 890 invocations at once, the smallest account that suffices (docs/quotas.md). With the 1,000 of
an established account, and with the 10 of a fresh one, in `make test-full`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.replication.domain.trigger_load import (
    account_concurrency,
    message_concurrency,
    sign_up_concurrency,
    trigger_concurrency,
)
from local.demo.people import PASSWORD, invent
from local.outputs import RegionOutputs
from local.quotas.categories import Category
from local.quotas.functions import CONCURRENCY
from local.quotas.layers import MAIL
from local.quotas.mail import REFUSAL
from tests.e2e.admin_client import AdminClient
from tests.e2e.conftest import until
from tests.e2e.local_stage import deployed, sooner
from tests.e2e.new_account import TRIGGER_FAILED, NewAccount, app, product
from tests.e2e.world import person
from tests.local.conftest import zipped

pytestmark = [
    pytest.mark.local_aws,
    pytest.mark.needs_local_aws,
    pytest.mark.timeout(2400),
]
RESERVED = trigger_concurrency() + sign_up_concurrency() + message_concurrency()
LEAST = account_concurrency(RESERVED)
_QUOTAS = ("--quotas", "new-account", "--lambda-concurrency")
_CONCURRENCY = ("--environment", "CONCURRENCY=8")
_SOONER = sooner(0.33, 30)
"""Cognito's buckets and our pacing keep their time."""
Record = Callable[[str, object], None]


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewAccount]:
    folder = tmp_path_factory.mktemp("new-account")
    with deployed("username", folder, *_QUOTAS, str(LEAST), *_CONCURRENCY, *_SOONER) as stage:
        yield NewAccount(stage)


def test_a_burst_and_a_reconciliation_lose_nothing(
    account: NewAccount, record_property: Record
) -> None:
    """Quotas are a Region's own: the run beside which people are served is the primary's. Both at
    once: tests/e2e/test_account_sizes.py."""
    a_day(account, 10, record_property, account.primary)


def a_day(
    account: NewAccount, number: int, record_property: Record, *regions: RegionOutputs
) -> None:
    """`regions`: where a reconciliation runs; none named: in both."""
    people = invent(number)
    began = [time.monotonic()]
    assert account.burst(people) == {"": number}, "no sign-up fails for our sake"
    began.append(time.monotonic())
    account.change_some(people[: number // 2])
    by_administrators(account)
    began.append(time.monotonic())
    differing = account.until_equal(600)
    assert differing.agree, differing.problems

    began.append(time.monotonic())
    before, stop = account.told(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        visitors = pool.submit(visit, account, people[number // 2 :], stop)
        verdicts = account.reconcile(*regions)
        stop.set()
        visits = visitors.result()
    began.append(time.monotonic())
    after = account.told()
    assert set(verdicts.values()) <= {"in sync", "all drift repaired"}
    assert visits > 0
    for category in Category:
        more = after.refused(category, app) - before.refused(category, app)
        assert more == 0, f"reconciliation takes {category} from people"
    until("everything has ended", lambda: account.running() == 0, 600)
    began.append(time.monotonic())
    assert account.letters() == []
    differing = account.until_equal(600)
    assert differing.agree, differing.problems
    told = account.told()
    assert told.asked(f"{Category.USER_POOL_READ}: DescribeUserPool", product) > 0, "it is counted"
    assert told.refused(CONCURRENCY) == 0
    record_property("figures", json.dumps(account.figures()))
    record_property("seconds", [round(b - a, 1) for a, b in pairwise(began)])


def by_administrators(account: NewAccount) -> None:
    """Two are made by the Admin API."""
    api = AdminClient(account.stage, account.primary)
    for name in ("made-one", "made-two"):
        attributes = {"email": person(name).email, "name": name}
        asked = {"username": name, "attributes": attributes, "verified": {"email": True}}
        made = api.call("POST", "/users", asked)
        assert made.status in (200, 201, 202), made.text


def visit(account: NewAccount, people: list[Any], stop: threading.Event) -> int:
    """An app that looks people up, at a fifth of what is allowed to people and us together."""
    visits = 0
    while not stop.is_set():
        account.admin("get_user", people[visits % len(people)])
        visits += 1
        stop.wait(0.2)
    return visits


_HOG = """
import os, time
def handler(event, context):
    while not os.path.exists(event["until"]):
        time.sleep(0.05)
"""


@pytest.fixture
def hogged(account: NewAccount, tmp_path: Path) -> Iterator[str]:
    """Somebody's function takes all that the account does not reserve; its name."""
    client = account.stage.client("lambda", account.primary.region)
    made = client.create_function(
        FunctionName="hog",
        Runtime="python3.13",
        Handler="index.handler",
        Role="arn:aws:iam::111111111111:role/hog",
        Timeout=600,
        Code={"ZipFile": zipped(_HOG)},
    )
    end = tmp_path / "end"
    payload = json.dumps({"until": str(end)})
    for _ in range(LEAST - RESERVED):
        client.invoke(FunctionName="hog", InvocationType="Event", Payload=payload)
    yield str(made["FunctionName"])
    end.touch()


def test_a_hogged_account_fails_sign_ups_only_without_the_reservation(
    account: NewAccount, hogged: str
) -> None:
    client = account.stage.client("lambda", account.primary.region)
    trigger = trigger_of(account)
    rest = LEAST - RESERVED
    until("the rest is taken", lambda: taken_by(account, hogged) >= rest)
    assert confirmed(account, "guarded") == ""

    client.delete_function_concurrency(FunctionName=trigger)
    other = trigger.replace("post_confirmation", "close_run")
    client.put_function_concurrency(FunctionName=other, ReservedConcurrentExecutions=400)
    assert confirmed(account, "unguarded") == TRIGGER_FAILED
    client.delete_function_concurrency(FunctionName=other)
    client.put_function_concurrency(
        FunctionName=trigger, ReservedConcurrentExecutions=trigger_concurrency()
    )


def confirmed(account: NewAccount, name: str) -> str:
    """The error of a sign-up that an administrator confirms; "" for none."""
    client = account.stage.client("cognito-idp", account.primary.region)
    client.sign_up(
        ClientId=account.primary.client_id,
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": person(name).email}],
    )
    try:
        client.admin_confirm_sign_up(UserPoolId=account.primary.user_pool_id, Username=name)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


def trigger_of(account: NewAccount) -> str:
    installation = account.primary.state_machines["sync_user"].split(":")[-1].split("-")[0]
    return f"{installation}-post_confirmation"


def taken_by(account: NewAccount, function: str) -> int:
    told = account.told().state["concurrency"][account.primary.region]
    return int(told["peaks"].get(function, 0))


def test_the_51st_mail_of_a_day_is_refused(account: NewAccount) -> None:
    client = account.stage.client("cognito-idp", account.primary.region)

    def sign_up(number: int) -> Any:
        who = person(f"mailed{number}")
        return client.sign_up(
            ClientId=account.primary.client_id,
            Username=who.username,
            Password=PASSWORD,
            UserAttributes=[{"Name": "email", "Value": who.email}],
        )

    with pytest.raises(ClientError) as refused:
        for number in range(51):
            account.patiently(partial(sign_up, number))
    assert refused.value.response["Error"]["Code"] == "LimitExceededException"
    assert refused.value.response["Error"]["Message"] == REFUSAL
    told = account.told()
    assert told.asked(MAIL) - told.refused(MAIL) == 50
    assert told.refused(MAIL, product) == 0
