"""Triggers into existing pools and out of them on the local AWS, whose UpdateUserPool sets back
whatever it is not sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Any

import pytest

from cognito_standby.adoption.adapters.attaching import CognitoSettings, LambdaFunctions
from cognito_standby.adoption.domain.attachment import SLOTS, function_in
from cognito_standby.adoption.services.attaching import (
    Installed,
    Planned,
    carry_out,
    plan_attach,
    plan_detach,
)
from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.core.adapters.system import SystemClock
from cognito_standby.operator.adapters.connection import Connection
from cognito_standby.triggers.settings import OwnerSettings, Parts, SlotSettings
from local.emulator import LocalAws
from tasks.announce_pool import StillAttachedError, require_detached, taken_away
from tests.local.conftest import REGION, function, trial, unique, zipped
from tests.odd_pools import ODD_POOLS, build

pytestmark = pytest.mark.local_aws
HELLO = "def handler(event, context):\n    return event\n"


class Owner:
    """An account with a pool and functions of an installation."""

    def __init__(self, aws: LocalAws) -> None:
        self.aws, self.cognito = aws, aws.client("cognito-idp", REGION)
        self.ours = {task: self.function(task) for task in SLOTS}
        self.connection = Connection(endpoint=aws.endpoint, account=aws.account)
        self.functions = LambdaFunctions(self.connection, REGION)

    def function(self, task: str, asks: str = "") -> str:
        """Told whom to ask as the stacks tell it."""
        arn, hints = function(self.aws, HELLO), task == "post_confirmation"
        told = OwnerSettings(asks) if hints else SlotSettings(Parts(asks))
        self.aws.client("lambda", REGION).update_function_configuration(
            FunctionName=arn, Environment={"Variables": told.to_env()}
        )
        return arn

    @contextmanager
    def has(self, arns: AbstractSet[str]) -> Iterator[None]:
        """Functions of these names are there; others of this folder's AWS make them, too."""
        functions = self.aws.client("lambda", REGION)
        for arn in arns:
            functions.create_function(
                FunctionName=arn.rsplit(":", 1)[-1],
                Role=trial(self.aws),
                Runtime="python3.13",
                Handler="index.handler",
                Code={"ZipFile": zipped(HELLO)},
            )
        try:
            yield
        finally:
            for arn in arns:
                functions.delete_function(FunctionName=arn)

    def let_in(self, pool: str) -> None:
        for arn in self.ours.values():
            self.aws.client("lambda", REGION).add_permission(
                FunctionName=arn,
                StatementId=unique(),
                Action="lambda:InvokeFunction",
                Principal="cognito-idp.amazonaws.com",
                SourceArn=f"arn:aws:cognito-idp:{REGION}:{self.aws.account}:userpool/{pool}",
            )

    def side(self, pool: str, **functions: str) -> Installed:
        return Installed(REGION, pool, {**self.ours, **functions}, fenced=True)

    def settings(self, pool: str) -> CognitoSettings:
        return CognitoSettings(self.connection, REGION, pool)

    def whole(self, pool: str) -> Any:
        """All that is set up in a pool."""
        waf = self.aws.client("wafv2", REGION)
        return CognitoConfigurationReader(self.cognito, waf, SystemClock().now).read(pool).sections

    def attach(self, side: Installed) -> Planned:
        planned = plan_attach(side, self.settings(side.pool_id), self.functions, side.useful)
        carry_out(planned, self.settings(side.pool_id))
        return planned

    def detach(self, side: Installed) -> Planned:
        planned = plan_detach(side, self.settings(side.pool_id), self.functions)
        carry_out(planned, self.settings(side.pool_id))
        return planned


@pytest.fixture(scope="module")
def owner(aws: LocalAws) -> Iterator[Owner]:
    yield Owner(aws)


@pytest.mark.parametrize("kind", ODD_POOLS)
def test_there_and_back_leaves_each_pool_as_it_was(owner: Owner, kind: str) -> None:
    pool = build(owner.cognito, ODD_POOLS[kind], unique().replace("-", "").lower()[-12:])
    before = owner.whole(pool)
    owner.let_in(pool)
    triggers = owner.settings(pool).described().triggers
    theirs = {task: function_in(triggers, task) for task in SLOTS}
    asking = {task: owner.function(task, arn) for task, arn in theirs.items() if arn}
    side = owner.side(pool, **asking)
    for arn in asking.values():
        owner.aws.client("lambda", REGION).add_permission(
            FunctionName=arn,
            StatementId=unique(),
            Action="lambda:InvokeFunction",
            Principal="cognito-idp.amazonaws.com",
            SourceArn=f"arn:aws:cognito-idp:{REGION}:{owner.aws.account}:userpool/{pool}",
        )
    with owner.has({arn for arn in theirs.values() if arn}):
        assert owner.attach(side).attachment.taken == ()
    held = owner.settings(pool).described().triggers
    assert {task: function_in(held, task) for task in SLOTS} == dict(side.functions)
    with owner.has({arn for arn in theirs.values() if arn}):
        assert owner.attach(side).attachment.turns == ()
    owner.detach(side)
    assert owner.whole(pool) == before


def test_what_the_owner_changed_meanwhile_stays(owner: Owner) -> None:
    pool = build(owner.cognito, ODD_POOLS["plain"], unique().replace("-", "").lower()[-12:])
    owner.let_in(pool)
    side = owner.side(pool)
    owner.attach(side)
    theirs = function(owner.aws, HELLO)
    held = dict(owner.settings(pool).described().triggers) | {
        "PostAuthentication": theirs,
        "PreSignUp": theirs,
    }
    owner.cognito.update_user_pool(
        UserPoolId=pool, LambdaConfig=held, SmsAuthenticationMessage="code {####}"
    )
    owner.detach(side)
    told = owner.cognito.describe_user_pool(UserPoolId=pool)["UserPool"]
    assert told["LambdaConfig"] == {"PostAuthentication": theirs, "PreSignUp": theirs}
    assert told["SmsAuthenticationMessage"] == "code {####}"


@pytest.mark.parametrize("form", ["{}", "{}:live"])
def test_a_stack_whose_functions_a_pool_calls_does_not_go(owner: Owner, form: str) -> None:
    pool = build(owner.cognito, ODD_POOLS["plain"], unique().replace("-", "").lower()[-12:])
    ours = list(owner.ours.values())
    require_detached(owner.cognito, pool, ours)
    held = {"PreSignUp": form.format(ours[0])}
    owner.cognito.update_user_pool(UserPoolId=pool, LambdaConfig=held)
    with pytest.raises(StillAttachedError, match="standby detach"):
        require_detached(owner.cognito, pool, ours)
    require_detached(owner.cognito, pool, [])
    require_detached(owner.cognito, pool, [f"{ours[0]}2"])
    owner.cognito.delete_user_pool(UserPoolId=pool)
    require_detached(owner.cognito, pool, ours)


@pytest.mark.parametrize(
    ("request_type", "pool_before", "before", "now", "gone"),
    [
        ("Delete", "", [], ["a", "b"], ["a", "b"]),
        ("Update", "one", ["a", "b"], ["a"], ["b"]),
        ("Update", "one", ["a"], ["a", "b"], []),
        ("Update", "another", ["a", "b"], [], []),
        ("Update", "one", None, ["a"], []),
        ("Create", "", [], ["a"], []),
    ],
)
def test_which_functions_go_with_a_request(
    request_type: str, pool_before: str, before: Any, now: list[str], gone: list[str]
) -> None:
    """One that is switched off, such as that of a pool on demand, goes as with the stack."""
    old = {"UserPoolId": pool_before}
    if before is not None:
        old["TriggerFunctions"] = json.dumps(before)
    told = {"UserPoolId": "one", "TriggerFunctions": json.dumps(now)}
    event = {
        "RequestType": request_type,
        "ResourceProperties": told,
        "OldResourceProperties": old,
    }
    assert taken_away(event) == gone


def test_a_function_that_is_not_there_is_gone(owner: Owner) -> None:
    there = next(iter(owner.ours.values()))
    assert not owner.functions.is_gone(there)
    assert owner.functions.is_gone(f"{there}-none")
