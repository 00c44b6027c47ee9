"""The judge across two accounts: each case names the page that says so.

Pages: IAM User Guide unless another guide is named.
"""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.judge import decide
from local.rights.model import Administrator, RoleSession, ServicePrincipal
from local.rights.policies import Policy
from tests.local.rights.test_judge import (
    ACCOUNT,
    KEY,
    QUEUE,
    ROLE,
    SESSION,
    TABLE,
    WORKER,
    allow,
    asked,
    by,
    deny,
    may,
    policy,
    when,
)

OTHER = "444455556666"
THEIRS = {name: arn.replace(ACCOUNT, OTHER) for name, arn in (("queue", QUEUE), ("table", TABLE))}
POOL = f"arn:aws:cognito-idp:eu-west-1:{OTHER}:userpool/eu-west-1_abc"
FUNCTION = f"arn:aws:lambda:eu-west-1:{OTHER}:function:theirs"
OBJECT = "arn:aws:s3:::theirs/one"
NAMED = [{"AWS": ROLE}, {"AWS": SESSION}, {"AWS": ACCOUNT}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}]
NAMED.append({"AWS": "*"})
"""However a policy of the other account names the worker."""

ACTIONS = [
    ("sqs:SendMessage", THEIRS["queue"], ""),
    ("dynamodb:GetItem", THEIRS["table"], ""),
    ("cognito-idp:AdminGetUser", POOL, ""),
    ("lambda:InvokeFunction", FUNCTION, ""),
    ("s3:GetObject", OBJECT, OTHER),
    ("kms:Decrypt", KEY.replace(ACCOUNT, OTHER), ""),
]


@pytest.mark.parametrize(("action", "resource", "owner"), ACTIONS)
@pytest.mark.parametrize("named", NAMED, ids=str)
def test_both_accounts_must_allow(
    action: str, resource: str, owner: str, named: dict[str, Any]
) -> None:
    """ "Cross-account policy evaluation logic": only if both evaluations return Allow."""
    access, own = asked(action, resource), allow(action, "*")
    theirs = policy(allow(action, "*", **by(named)))
    assert may(access, own, resource_policy=theirs, owner=owner)
    assert not decide(access, WORKER, resource_policy=theirs, owner=owner).allowed
    assert not may(access, own, owner=owner)


ELSEWHERE = [
    {"AWS": OTHER},
    {"AWS": f"arn:aws:iam::{OTHER}:root"},
    {"AWS": f"{ROLE}2"},
    {"AWS": ROLE.replace(ACCOUNT, OTHER)},
    {"Service": "sqs.amazonaws.com"},
]


@pytest.mark.parametrize("named", ELSEWHERE, ids=str)
def test_a_policy_that_means_others_lets_nobody_in(named: dict[str, Any]) -> None:
    """The same page: the other account delegates to its own identity policies, not to ours."""
    theirs = policy(allow(resource="*", **by(named)))
    refused = decide(
        asked(resource=THEIRS["queue"]),
        WORKER,
        identity=[policy(allow("*", "*"))],
        resource_policy=theirs,
    )
    assert not refused.allowed
    assert "another account" in refused.reason


def test_a_denial_of_either_account_overrules() -> None:
    """The same page: an explicit deny in either evaluation denies."""
    access = asked(resource=THEIRS["queue"])
    opened = allow(resource="*", **by({"AWS": ROLE}))
    assert may(access, allow("*", "*"), resource_policy=policy(opened))
    closed = policy(opened, deny(resource="*", **by({"AWS": ACCOUNT})))
    assert not may(access, allow("*", "*"), resource_policy=closed)
    own = [allow("*", "*"), deny(resource=THEIRS["queue"])]
    assert not may(access, *own, resource_policy=policy(opened))


def test_a_session_that_is_named_is_bounded_all_the_same() -> None:
    """ "Permissions boundaries for IAM entities": what the own account does not allow, a policy of
    the other account cannot give, whoever it names."""
    access, nothing = asked(resource=THEIRS["queue"]), policy(allow("s3:*", "*"))
    theirs = policy(allow(resource="*", **by({"AWS": SESSION})))
    assert not may(access, allow("*", "*"), resource_policy=theirs, boundary=nothing)
    assert may(access, allow("*", "*"), resource_policy=theirs, boundary=policy(allow("*", "*")))


def test_an_administrator_is_one_at_home_alone() -> None:
    """ "Cross-account policy evaluation logic" again: AdministratorAccess is an identity policy."""
    access, who = asked(resource=THEIRS["queue"]), Administrator(ACCOUNT)
    assert not decide(access, who).allowed
    opened = policy(allow(resource="*", **by({"AWS": ACCOUNT})))
    assert decide(access, who, resource_policy=opened).allowed
    assert decide(access, Administrator(OTHER)).allowed


def test_whoever_assumed_a_role_of_the_other_account_is_of_that_account() -> None:
    """ "How to use roles for cross-account access": the role's own policies count then, and both
    accounts must let it be assumed ("Granting a user permissions to switch roles")."""
    theirs = ROLE.replace(ACCOUNT, OTHER)
    session, pool = RoleSession(theirs, "visitor"), asked("cognito-idp:AdminGetUser", POOL)
    assert decide(pool, session, identity=[policy(allow("cognito-idp:*", "*"))]).allowed
    assume = asked("sts:AssumeRole", theirs)
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}
    assert may(assume, allow("sts:AssumeRole", theirs), resource_policy=policy(trust))
    assert not decide(assume, WORKER, resource_policy=policy(trust)).allowed
    assert not may(assume, allow("sts:AssumeRole", theirs))


def test_a_bucket_without_its_owner_is_of_the_account() -> None:
    """ "Amazon S3 bucket policies": the ARN of a bucket names no account."""
    assert may(asked("s3:GetObject", OBJECT), allow("s3:GetObject", "*"))
    assert may(asked("s3:GetObject", OBJECT), allow("s3:GetObject", "*"), owner=ACCOUNT)


REPLICATION = ServicePrincipal(
    "replication.dynamodb.amazonaws.com", TABLE.replace(ACCOUNT, OTHER), OTHER
)


def test_a_service_is_of_no_account() -> None:
    """DynamoDB developer guide, "DynamoDB global tables security" (multi-account): the replication
    service is let in by the table's policy, for the sources that it names."""
    access = asked("dynamodb:WriteDataForReplication", TABLE)

    def let(**more: Any) -> Policy:
        service = by({"Service": "replication.dynamodb.amazonaws.com"})
        return policy(allow("dynamodb:WriteDataForReplication", "*", **service, **more))

    for more, expected in (
        ({}, True),
        (when("StringEquals", "aws:SourceAccount", ACCOUNT, OTHER), True),
        (when("StringEquals", "aws:SourceAccount", ACCOUNT), False),
        (when("StringEquals", "aws:SourceArn", THEIRS["table"]), True),
        (when("ArnLike", "aws:SourceArn", TABLE), False),
    ):
        found = decide(access, REPLICATION, resource_policy=let(**more))
        assert found.allowed is expected, more
    assert not decide(access, REPLICATION).allowed
