"""What a rehearsal may do, and may not: it makes, fills and removes pools with its tag, reads, and
writes to nothing else of the installation. Judged as AWS judges."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_standby.recovery.domain.rehearsal_marks import TAG
from local.rights.judge import decide
from local.rights.model import Access, RoleSession, context_of
from tests.stacks.policies_of_templates import plain, policies_of_roles
from tests.stacks.templates import Assembly, Template, without_hash
from tests.stacks.variants import ACCOUNT

ROLE = "DrillRole"
SOMEBODY = "11111111-aaaa-4bbb-8ccc-000000000001"
OURS = {f"aws:ResourceTag/{TAG}": "alpha"}
FOREIGN: tuple[dict[str, str], ...] = (
    {},
    {f"aws:ResourceTag/{TAG}": "beta"},
    {"aws:ResourceTag/Team": "alpha"},
)


def _may(template: Template, action: str, resource: str, told: dict[str, Any]) -> bool:
    who = RoleSession(f"arn:aws:iam::{ACCOUNT}:role/alpha-drill", "s")
    access = Access(action, resource, context_of(told))
    return decide(access, who, identity=policies_of_roles(template, ROLE)[ROLE]).allowed


def _arn(template: Template, service: str, rest: str) -> str:
    return f"arn:aws:{service}:{template.region}:{ACCOUNT}:{rest}"


def _own_pool(template: Template) -> str:
    """As the judge's templates name it."""
    (pool,) = template.of_type("AWS::Cognito::UserPool")
    return _arn(template, "cognito-idp", f"userpool/{without_hash(pool)}")


def test_pools_are_made_with_the_tag_and_worked_on_by_it(standard: Assembly) -> None:
    for template in standard.regions:
        asked = {f"aws:RequestTag/{TAG}": "alpha", "aws:TagKeys": (TAG,)}
        assert _may(template, "cognito-idp:CreateUserPool", "*", asked)
        for wrong in ({}, {f"aws:RequestTag/{TAG}": "beta"}):
            assert not _may(template, "cognito-idp:CreateUserPool", "*", wrong)
        pool = _arn(template, "cognito-idp", "userpool/x_Throwaway")
        for action in ("DeleteUserPool", "AdminCreateUser", "AdminSetUserPassword", "CreateGroup"):
            assert _may(template, f"cognito-idp:{action}", pool, OURS)
            for tags in FOREIGN:
                assert not _may(template, f"cognito-idp:{action}", pool, tags), action


def test_no_pool_is_given_the_tag_that_decides(standard: Assembly) -> None:
    for template in standard.regions:
        pool = _arn(template, "cognito-idp", "userpool/x_Other")
        for tags in (*FOREIGN, OURS):
            told = {**tags, f"aws:RequestTag/{TAG}": "alpha", "aws:TagKeys": (TAG,)}
            assert not _may(template, "cognito-idp:TagResource", pool, told)


def test_the_installations_own_pool_is_looked_at_and_not_touched(standard: Assembly) -> None:
    for template in standard.regions:
        pool = _own_pool(template)
        assert not _may(template, "cognito-idp:AdminGetUser", pool, {})
        for action in ("UpdateUserPool", "DeleteUserPool", "AdminCreateUser", "AdminDeleteUser"):
            assert not _may(template, f"cognito-idp:{action}", pool, {})


@pytest.mark.parametrize("action", ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"])
def test_no_claim_record_or_ledger_row_is_written(standard: Assembly, action: str) -> None:
    for template in standard.regions:
        for table in ("alpha-records", "alpha-ledger", "alpha-changes"):
            arn = _arn(template, "dynamodb", f"table/{table}")
            for key in ("#claim", SOMEBODY, "#group#admins", "#erased#x", "#pool"):
                told = {"dynamodb:LeadingKeys": (key,)}
                assert not _may(template, f"dynamodb:{action}", arn, told)


def test_records_and_erasures_are_read_and_ledger_rows_are_not(standard: Assembly) -> None:
    for template in standard.regions:
        records = _arn(template, "dynamodb", "table/alpha-records")
        ledger = _arn(template, "dynamodb", "table/alpha-ledger")
        told = {"dynamodb:LeadingKeys": (SOMEBODY, "#claim")}
        assert _may(template, "dynamodb:BatchGetItem", records, told)
        assert _may(template, "dynamodb:Query", f"{records}/index/by-shard", {})
        erased = {"dynamodb:LeadingKeys": ("#erased#abc",)}
        assert _may(template, "dynamodb:BatchGetItem", ledger, erased)
        row = {"dynamodb:LeadingKeys": (SOMEBODY,)}
        assert not _may(template, "dynamodb:BatchGetItem", ledger, row)


def test_nothing_is_published_woken_or_started(standard: Assembly) -> None:
    for template in standard.regions:
        bucket = f"arn:aws:s3:::alpha-reconcile-{ACCOUNT}-{template.region}"
        assert _may(template, "s3:PutObject", f"{bucket}/drills/x.json", {})
        for key in ("published/active.json", "reports/x.json", "runs/x/plan.json"):
            assert not _may(template, "s3:PutObject", f"{bucket}/{key}", {})
            assert not _may(template, "s3:GetObject", f"{bucket}/{key}", {})
        assert not _may(template, "s3:DeleteObject", f"{bucket}/drills/x.json", {})
        assert _may(template, "s3:ListBucket", bucket, {"s3:prefix": "drills/"})
        assert not _may(template, "s3:ListBucket", bucket, {"s3:prefix": ""})
        parameter = _arn(template, "ssm", "parameter/alpha/active")
        assert not _may(template, "ssm:PutParameter", parameter, {})
        bus = _arn(template, "events", "event-bus/alpha-hints")
        assert not _may(template, "events:PutEvents", bus, {})
        machine = _arn(template, "states", "stateMachine:alpha-fail_over")
        assert not _may(template, "states:StartExecution", machine, {})


SENDS = (
    "AdminResetUserPassword",
    "AdminRespondToAuthChallenge",
    "AdminSetUserMFAPreference",
    "CreateUserImportJob",
    "SetUserPoolMfaConfig",
    "UpdateUserPool",
    "UpdateUserPoolClient",
)


@pytest.mark.parametrize("action", SENDS)
def test_nothing_that_sends_or_lets_something_send(standard: Assembly, action: str) -> None:
    for template in standard.regions:
        pool = _arn(template, "cognito-idp", "userpool/x_Throwaway")
        assert not _may(template, f"cognito-idp:{action}", pool, OURS)


def test_who_may_assume_the_role_is_the_configs_to_say(
    standard: Assembly, existing: Assembly
) -> None:
    for assembly in (standard, existing):
        named = assembly.config.get("failover", {}).get("drill_principals", [])
        for template in assembly.regions:
            role = template.named(ROLE)["Properties"]
            trust = plain(template, role["AssumeRolePolicyDocument"])["Statement"]
            assert [one["Principal"]["AWS"] for one in trust] == (
                named or [f"arn:aws:iam::{ACCOUNT}:root"]
            )
