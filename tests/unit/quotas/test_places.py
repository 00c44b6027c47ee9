"""An account's quotas are not another's, although both are in the same Region."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from local.cognito_store import CognitoStore
from local.protocol import Call, Reply, json_headers
from local.quotas.account import AccountQuotas
from local.quotas.categories import RATES, Category
from local.quotas.concurrency import Limit
from local.quotas.counts import Counts
from local.quotas.functions import Invocations
from local.quotas.layers import RequestRates

FIRST, SECOND = "111111111111", "222222222222"
SMALL = AccountQuotas(rates={**RATES, Category.USER_POOL_READ: 1}, lambda_concurrency=1)


async def _done(_: Call) -> Reply:
    return Reply.of({})


def headers(account: str) -> Mapping[str, str]:
    return json_headers("ListUserPools", "cognito-idp", "us-east-1", account)


def test_request_rates_are_an_accounts_in_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CognitoStore, "pools", lambda _: [])
    rates = RequestRates(CognitoStore(), SMALL, Counts(), FIRST, lambda: 0.0)

    def listed(account: str) -> bool:
        call = Call("ListUserPools", {}, headers(account))
        return asyncio.run(rates(call, _done)).ok

    assert [listed(FIRST), listed(FIRST)] == [True, False]
    assert [listed(SECOND), listed(SECOND)] == [True, False]
    assert not listed("some-key"), "a key that names no account is of the usual one"


def arn(account: str, name: str) -> str:
    return f"arn:aws:lambda:us-east-1:{account}:function:{name}"


def test_concurrency_is_an_accounts_in_a_region(monkeypatch: pytest.MonkeyPatch) -> None:
    invocations = Invocations(SMALL, Counts())
    assert invocations.enter(arn(FIRST, "one")) is None
    assert invocations.enter(arn(FIRST, "two")) is Limit.ACCOUNT
    assert invocations.enter(arn(SECOND, "one")) is None
    assert invocations.state()["us-east-1"] == {"limit": 1, "peak": 1, "peaks": {"one": 1}}

    kept: dict[tuple[str, str, str], Any] = {(SECOND, "us-east-1", "kept"): {"concurrency": 1}}
    monkeypatch.setattr(invocations, "_functions", SimpleNamespace(all_items=kept.items))
    invocations.leave(arn(FIRST, "one"))
    assert invocations.enter(arn(FIRST, "two")) is None, "what another account reserves is its own"
