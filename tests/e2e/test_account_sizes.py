"""The same day in an established account and in one that is limited to 10 invocations at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from cognito_standby.replication.domain.canary import NAME as CANARY
from local.demo.command import synthesize
from local.demo.people import invent
from local.quotas.functions import CONCURRENCY
from tests.e2e.conftest import until
from tests.e2e.local_stage import deployed
from tests.e2e.new_account import TRIGGER_FAILED, NewAccount
from tests.e2e.test_new_account import Record, a_day

pytestmark = [
    pytest.mark.local_aws,
    pytest.mark.needs_local_aws,
    pytest.mark.full,
    pytest.mark.timeout(2400),
]
_QUOTAS = ("--quotas", "new-account", "--lambda-concurrency")
_CONCURRENCY = ("--environment", "CONCURRENCY=8")


def test_an_established_account(tmp_path: Path, record_property: Record) -> None:
    with deployed("username", tmp_path, *_QUOTAS, "1000", *_CONCURRENCY) as stage:
        a_day(NewAccount(stage), 48, record_property)


def test_an_account_of_ten_takes_no_reservation(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match=r"below its minimum value of\s+\[10\]"),
        deployed("username", tmp_path, *_QUOTAS, "10"),
    ):
        raise RuntimeError("it was deployed")


def test_an_account_of_ten_loses_nobody(tmp_path: Path, record_property: Record) -> None:
    assembly = synthesize("username", tmp_path / "none-reserved", trigger_concurrency=0)
    options = (*_QUOTAS, "10", *_CONCURRENCY)
    with deployed("username", tmp_path, *options, assembly=assembly) as stage:
        account = NewAccount(stage)
        people = invent(30)
        met = account.burst(people)
        assert set(met) <= {"", TRIGGER_FAILED}, "everybody is in the pool, confirmed"
        until("everything has ended", lambda: _ended(account), 600)
        throttled, letters = account.told().refused(CONCURRENCY), account.letters()
        verdicts = account.reconcile()
        differing = account.until_equal(300)
        assert differing.agree, differing.problems
        known = {row.name for row in differing.rows} - {CANARY}  # its schedule makes it
        assert known == {person.username for person in people}
        told = {
            "sign-ups refused": met[TRIGGER_FAILED],
            "invocations refused": throttled,
            "letters": letters,
            "verdicts": verdicts,
            **account.figures(),
        }
        record_property("figures", json.dumps(told))


def _ended(account: NewAccount) -> bool:
    try:
        return account.running() == 0
    except ClientError:
        return False
