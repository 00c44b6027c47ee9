"""The doctor's looks on the local AWS, by an operator who has what `--policy` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.adoption.adapters.looks import AwsLooks
from cognito_standby.adoption.adapters.reader import reader_of
from cognito_standby.adoption.domain.findings import Finding
from cognito_standby.adoption.domain.judging import judge
from cognito_standby.adoption.domain.rights import policy
from cognito_standby.adoption.domain.sides import Plan
from cognito_standby.adoption.domain.template import parameters_of, template_of
from cognito_standby.adoption.services.looking import Looks, Whereabouts, look
from cognito_standby.adoption.services.proposing import propose
from cognito_standby.operator.adapters.connection import Connection
from local.emulator import LocalAws
from tests.local.conftest import (
    OTHER_REGION,
    REGION,
    document,
    eventually,
    everything_to_trial,
    function,
    unique,
)
from tests.local.two_accounts import SECOND, InAccount
from tests.odd_pools import ODD_POOLS, OddPool, build

pytestmark = pytest.mark.local_aws
AnyAccount = LocalAws | InAccount
HELLO = "def handler(event, context):\n    return event\n"
_UNKNOWN_HERE = {"the SMS account"}
"""What this AWS does not have."""


class _Looks(AwsLooks):
    """This AWS has no Service Quotas, and takes seconds of processor time to find that out; a
    stage is asked in `tests/e2e/test_preflight.py`."""

    def quotas(self, region: str) -> Mapping[str, float]:
        return {"UserCreation": 50.0}


def _connection(aws: AnyAccount) -> Connection:
    return Connection(endpoint=aws.endpoint, account=aws.account)


def _made(aws: AnyAccount, region: str, odd: OddPool) -> Whereabouts:
    name = unique("d").replace("-", "")
    return Whereabouts(region, build(aws.client("cognito-idp", region), odd, name))


def _looks(connection: Connection) -> Looks:
    accounts = {region: _Looks(connection.only(region)) for region in (REGION, OTHER_REGION)}
    one = None if connection.beside else accounts[REGION]
    return Looks(reader_of(connection), lambda at: one or accounts[at], connection.told_apart)


def _found(
    connection: Connection, primary: Whereabouts, backup: Whereabouts, plan: Plan | None = None
) -> tuple[Finding, ...]:
    looks = _looks(connection)
    return judge(look(looks, primary, backup, plan or Plan()))


def _full(aws: AnyAccount, region: str) -> OddPool:
    """A pool with something of everything that is looked at."""
    key = aws.client("kms", region).create_key()["KeyMetadata"]["Arn"]
    gone = f"arn:aws:lambda:{region}:{aws.account}:function:gone"
    sender = f"arn:aws:ses:{region}:{aws.account}:identity/mail.example.org"
    pool = {
        "EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": sender},
        "SmsConfiguration": {"SnsCallerArn": f"arn:aws:iam::{aws.account}:role/sms"},
        "LambdaConfig": {
            "PostAuthentication": function(aws, HELLO, region),
            "PreAuthentication": gone,
            "CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": gone},
            "KMSKeyID": key,
        },
    }
    modern = ODD_POOLS["new_features"]
    return replace(
        ODD_POOLS["providers"],
        pool=pool,
        domains=({"Domain": "d-{}", "ManagedLoginVersion": 2},),
        terms=modern.terms,
        client_metadata=modern.client_metadata,
    )


def _surroundings(aws: AnyAccount, installation: str) -> None:
    """A trail, an identity pool, and a role that names a user who may assume it."""
    aws.client("s3", REGION).create_bucket(Bucket=f"trail-{installation}")
    trail = aws.client("cloudtrail", REGION)
    name = f"doctor-{installation}"
    trail.create_trail(Name=name, S3BucketName=f"trail-{installation}", IsMultiRegionTrail=True)
    trail.start_logging(Name=name)
    iam, name = aws.client("iam", REGION), f"glass-{installation}"
    user = iam.create_user(UserName=name)["User"]["Arn"]
    iam.create_access_key(UserName=name)
    trust = {"Effect": "Allow", "Principal": {"AWS": user}, "Action": "sts:AssumeRole"}
    for region in (REGION, OTHER_REGION):
        role = f"{installation}-dr-{region}"
        made = iam.create_role(RoleName=role, AssumeRolePolicyDocument=document(trust))
        may = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": made["Role"]["Arn"]}
        iam.put_user_policy(UserName=name, PolicyName=role, PolicyDocument=document(may))


def _operator(aws: AnyAccount, name: str, may: dict[str, Any]) -> Connection:
    """Whoever has this policy and nothing else."""
    iam, root = aws.client("iam", REGION), f"arn:aws:iam::{aws.account}:root"
    trust = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "sts:AssumeRole"}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="doctor", PolicyDocument=json.dumps(may))
    told = aws.client("sts", REGION).assume_role(RoleArn=role, RoleSessionName="ann")["Credentials"]
    keys = {
        "aws_access_key_id": told["AccessKeyId"],
        "aws_secret_access_key": told["SecretAccessKey"],
        "aws_session_token": told["SessionToken"],
    }
    return replace(_connection(aws), keys=keys)


def _unread(found: tuple[Finding, ...]) -> set[str]:
    return {each.about.partition(": ")[2] for each in found if each.matter.code == "unread"}


def test_its_rights_are_those_that_it_needs(aws: LocalAws) -> None:
    """With the policy an operator sees what an administrator sees, and each right is used."""
    installation = unique("i")
    _surroundings(aws, installation)
    pools = [_made(aws, region, _full(aws, region)) for region in (REGION, OTHER_REGION)]
    identity = aws.client("cognito-identity", REGION)
    identity.create_identity_pool(
        IdentityPoolName="apps",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[
            {"ProviderName": f"cognito-idp.{REGION}.amazonaws.com/{pools[0].pool_id}"}
            | {"ClientId": "client"}
        ],
    )
    plan = Plan(installation, aws.account, deployed=True)
    may = policy(aws.account, [(each.region, each.pool_id) for each in pools], installation)
    operator = _operator(aws, installation, may)
    found = _found(operator, pools[0], pools[1], plan)
    assert found == _found(_connection(aws), pools[0], pools[1], plan)
    assert _unread(found) <= _UNKNOWN_HERE
    told = {each.matter.code for each in found}
    assert {"trigger-function-missing", "identity-pool", "provider-registration"} <= told
    amiss = {"trail-missing", "break-glass-missing", "break-glass-right", "sender-key"}
    assert not amiss & told
    state = aws.rights.state()
    assert [each for each in state["refusals"] if f"/{installation}/" in each["who"]] == []
    granted = {action for each in may["Statement"] for action in each["Action"]}
    used = {each["action"] for each in state["used"] if each["role"] == installation}
    elsewhere = {
        *("cloudformation:DescribeStacks", "servicequotas:ListServiceQuotas", "wafv2:GetWebACL")
    }
    assert granted - used == elsewhere


@pytest.mark.full
def test_of_two_accounts_each_is_looked_at_with_its_own_rights(aws: LocalAws) -> None:
    """Nobody has rights in both, and IAM, which one Region answers for, is each account's own."""
    second, installation = InAccount(aws), unique("i")
    everything_to_trial(second)
    sides: list[tuple[AnyAccount, str]] = [(aws, REGION), (second, OTHER_REGION)]
    _surroundings(second, installation)
    pools = [_made(account, region, _full(account, region)) for account, region in sides]
    own = [
        policy(account.account, [(region, pool.pool_id)], installation, breaks_glass=at_backup)
        for (account, region), pool, at_backup in zip(sides, pools, (False, True), strict=True)
    ]
    both = replace(
        _operator(aws, installation, own[0]),
        beside=_operator(second, installation, own[1]),
        beside_region=OTHER_REGION,
    )
    plan = Plan(installation, aws.account, deployed=True, standby=SECOND)
    case = look(_looks(both), pools[0], pools[1], plan)
    found = judge(case)
    assert case.owners == (aws.account, SECOND)
    assert _unread(found) <= _UNKNOWN_HERE
    about = {(each.matter.code, each.about) for each in found}
    assert ("failover-role-missing", REGION) in about
    assert ("trail-missing", OTHER_REGION) not in about
    codes = {each.matter.code for each in found}
    amiss = {"pool-missing", "pool-account", "other-account", "sender-key"}
    assert not (amiss | {"break-glass-user", "break-glass-right", "break-glass-missing"}) & codes
    refusals = aws.rights.state()["refusals"]
    assert [each for each in refusals if f"/{installation}/" in each["who"]] == []


def test_what_it_may_not_is_told_with_the_right_that_it_lacks(aws: LocalAws) -> None:
    """Never as if it were not there, and never as a reason to look at nothing else."""
    odd = replace(ODD_POOLS["plain"], pool={"DeletionProtection": "ACTIVE"})
    pools = [_made(aws, region, odd) for region in (REGION, OTHER_REGION)]
    may = policy(aws.account, [(each.region, each.pool_id) for each in pools], "")
    of_pools, around = may["Statement"]
    lacking = {"cognito-idp:ListGroups", "cloudtrail:DescribeTrails"}
    for each in (of_pools, around):
        each["Action"] = [action for action in each["Action"] if action not in lacking]
    found = _found(_operator(aws, unique("little"), may), pools[0], pools[1])
    told = {step for each in found if each.matter.code == "unread" for step in each.mend}
    assert told == {f"let the caller look: {right}" for right in lacking}
    assert "trail-missing" not in {each.matter.code for each in found}


@pytest.mark.full
def test_pools_that_it_may_not_read_are_not_read(aws: LocalAws) -> None:
    pools = [_made(aws, region, ODD_POOLS["plain"]) for region in (REGION, OTHER_REGION)]
    nothing = {"Version": "2012-10-17", "Statement": [{**_ALLOW, "Action": ["ses:GetAccount"]}]}
    found = _found(_operator(aws, unique("nobody"), nothing), pools[0], pools[1])
    assert _unread(found) == {"the pool"}
    assert {each.matter.code for each in found} == {"unread"}


@pytest.mark.full
def test_a_pool_that_was_deleted_is_told(aws: LocalAws) -> None:
    pools = [_made(aws, region, ODD_POOLS["plain"]) for region in (REGION, OTHER_REGION)]
    aws.client("cognito-idp", OTHER_REGION).delete_user_pool(UserPoolId=pools[1].pool_id)
    found = _found(_connection(aws), pools[0], pools[1])
    assert found[0].matter.code == "pool-missing"
    assert found[0].about == f"{OTHER_REGION} {pools[1].pool_id}"


_ALLOW = {"Effect": "Allow", "Resource": ["*"]}


@pytest.mark.full
def test_a_proposed_pool_is_what_was_judged(aws: LocalAws) -> None:
    """Its template makes a pool of which the doctor says what it said of the proposal."""
    odd = replace(
        ODD_POOLS["machines"],
        pool=ODD_POOLS["attributes"].pool,
        mfa=ODD_POOLS["mfa_required"].mfa,
        domains=({"Domain": "p-{}", "ManagedLoginVersion": 2},),
    )
    home = _made(aws, REGION, odd)
    looks = _looks(_connection(aws))
    proposal, case = propose(looks, home, OTHER_REGION)
    template = template_of(proposal)
    formation, stack = aws.client("cloudformation", OTHER_REGION), unique("standby")
    formation.create_stack(
        StackName=stack,
        TemplateBody=json.dumps(template),
        Parameters=[
            {"ParameterKey": name, "ParameterValue": unique("given")}
            for name in parameters_of(template)
        ],
    )

    def outputs() -> Any:
        told = formation.describe_stacks(StackName=stack)["Stacks"][0]
        return told["StackStatus"] == "CREATE_COMPLETE" and told["Outputs"]

    told = eventually(outputs)
    made = {each["OutputKey"]: each["OutputValue"] for each in told}["UserPoolId"]
    found = _found(_connection(aws), home, Whereabouts(OTHER_REGION, made))
    assert {each.matter.code for each in found} == {each.matter.code for each in judge(case)}
