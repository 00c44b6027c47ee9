"""The judge against AWS's documentation: each case names the page that says so.

Pages: IAM User Guide unless another guide is named.
"""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.judge import decide
from local.rights.model import (
    Access,
    Administrator,
    RoleSession,
    ServicePrincipal,
    UnknownToJudgeError,
    context_of,
)
from local.rights.policies import Policy, parse

ACCOUNT = "111122223333"
QUEUE = f"arn:aws:sqs:eu-west-1:{ACCOUNT}:letters"
TABLE = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/ledger"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/path/worker"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
WORKER = RoleSession(ROLE, "one")
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/one"


def policy(*statements: dict[str, Any]) -> Policy:
    return parse({"Version": "2012-10-17", "Statement": list(statements)}, "case")


def allow(action: Any = "sqs:SendMessage", resource: Any = QUEUE, **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action: Any = "sqs:SendMessage", resource: Any = QUEUE, **more: Any) -> dict[str, Any]:
    return {**allow(action, resource, **more), "Effect": "Deny"}


def when(operator: str, key: str, *values: str) -> dict[str, Any]:
    return {"Condition": {operator: {key: list(values)}}}


def asked(action: str = "sqs:SendMessage", resource: str = QUEUE, **context: Any) -> Access:
    return Access(
        action, resource, context_of({k.replace("__", ":"): v for k, v in context.items()})
    )


def may(access: Access, *statements: dict[str, Any], **more: Any) -> bool:
    return decide(access, WORKER, identity=[policy(*statements)], **more).allowed


PATTERNS = [
    # "IAM JSON policy elements: Action": case does not count, * and ? are wildcards
    ("sqs:SendMessage", QUEUE, True),
    ("SQS:sendmessage", QUEUE, True),
    ("sqs:Send*", QUEUE, True),
    ("sqs:*", QUEUE, True),
    ("*", QUEUE, True),
    ("sqs:SendMessag?", QUEUE, True),
    ("sqs:SendMessage?", QUEUE, False),
    ("sqs:SendMessage*", QUEUE, True),
    ("sqs:ReceiveMessage", QUEUE, False),
    ("sns:*", QUEUE, False),
    # "IAM JSON policy elements: Resource": case counts; wildcards, and where they end
    ("sqs:SendMessage", "*", True),
    ("sqs:SendMessage", QUEUE.upper(), False),
    ("sqs:SendMessage", f"arn:aws:sqs:*:{ACCOUNT}:letters", True),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-?:{ACCOUNT}:lett?rs", True),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1?:{ACCOUNT}:letters", False),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:letters?", False),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:letters*", True),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:let*s", True),
    ("sqs:SendMessage", "arn:aws:sqs:e*1:letters", False),
    ("sqs:SendMessage", "arn:aws:sqs:*", True),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:letter", False),
    ("sqs:SendMessage", f"arn:aws:sqs:eu-west-1:{ACCOUNT}:letters.more", False),
]


@pytest.mark.parametrize(("action", "resource", "expected"), PATTERNS)
def test_patterns(action: str, resource: str, expected: bool) -> None:
    assert may(asked(), allow(action, resource)) is expected


def test_a_pattern_is_no_regular_expression() -> None:
    dotted = asked(resource=QUEUE.replace("letters", "lettersX"))
    assert not may(dotted, allow(resource=QUEUE.replace("letters", "letters.")))


def test_the_resource_part_may_hold_colons_and_slashes() -> None:
    """ "Resource": a wildcard within the resource's own part covers paths."""
    execution = f"arn:aws:states:eu-west-1:{ACCOUNT}:execution:sync:1:2"
    described = asked("states:DescribeExecution", execution)
    pattern = f"arn:aws:states:eu-west-1:{ACCOUNT}:execution:sync:*"
    assert may(described, allow("states:DescribeExecution", pattern))
    machine = f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:sync"
    assert not may(described, allow("states:DescribeExecution", machine))


def test_inverted_elements() -> None:
    """ "NotAction" with Allow allows all others; "NotResource" likewise."""
    other = {"Effect": "Allow", "NotAction": ["sqs:ReceiveMessage", "s3:*"], "Resource": "*"}
    assert may(asked(), other)
    assert not may(asked(), {**other, "NotAction": "sqs:Send*"})
    elsewhere = {"Effect": "Allow", "Action": "sqs:*", "NotResource": f"{QUEUE}-2"}
    assert may(asked(), elsewhere)
    assert not may(asked(), {**elsewhere, "NotResource": QUEUE})
    assert not may(asked(), allow(), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"})


TAG = "aws__RequestedRegion"
CONDITIONS = [
    # "IAM JSON policy elements: Condition operators": (operator, values, the request's, holds)
    ("StringEquals", ["eu-west-1"], "eu-west-1", True),
    ("StringEquals", ["us-east-1", "eu-west-1"], "eu-west-1", True),
    ("StringEquals", ["EU-WEST-1"], "eu-west-1", False),
    ("StringEquals", ["eu-*"], "eu-west-1", False),
    ("StringEqualsIgnoreCase", ["EU-WEST-1"], "eu-west-1", True),
    ("StringNotEquals", ["eu-west-1"], "eu-west-1", False),
    ("StringNotEquals", ["us-east-1", "eu-west-1"], "eu-west-1", False),
    ("StringNotEquals", ["us-east-1", "us-west-1"], "eu-west-1", True),
    ("StringNotEqualsIgnoreCase", ["EU-WEST-1"], "eu-west-1", False),
    ("StringLike", ["eu-*"], "eu-west-1", True),
    ("StringLike", ["eu-west-?"], "eu-west-1", True),
    ("StringLike", ["eu-west-??"], "eu-west-1", False),
    ("StringNotLike", ["eu-*"], "eu-west-1", False),
    ("StringNotLike", ["us-*"], "eu-west-1", True),
    # without the key: an operator does not hold, its negation does
    ("StringEquals", ["eu-west-1"], None, False),
    ("StringLike", ["*"], None, False),
    ("StringNotEquals", ["eu-west-1"], None, True),
    ("StringNotLike", ["*"], None, True),
    # "...IfExists condition operators"
    ("StringEqualsIfExists", ["eu-west-1"], None, True),
    ("StringEqualsIfExists", ["eu-west-1"], "us-east-1", False),
    ("StringLikeIfExists", ["eu-*"], "eu-west-1", True),
    ("StringNotEqualsIfExists", ["eu-west-1"], None, True),
    # "Condition operator to check existence of condition keys"
    ("Null", ["true"], None, True),
    ("Null", ["true"], "eu-west-1", False),
    ("Null", ["false"], None, False),
    ("Null", ["false"], "eu-west-1", True),
    ("Bool", ["true"], "true", True),
    ("Bool", ["TRUE"], "true", True),
    ("Bool", ["false"], "true", False),
    ("Bool", ["false"], None, False),
    ("BoolIfExists", ["false"], None, True),
    ("NumericLessThan", ["10"], "9", True),
    ("NumericLessThan", ["10"], "10", False),
    ("NumericLessThanEquals", ["10"], "10.0", True),
    ("NumericGreaterThan", ["9"], "10", True),
    ("NumericNotEquals", ["9"], "9", False),
    ("NumericEquals", ["9"], "nine", False),
    ("DateLessThan", ["2026-01-01T00:00:00Z"], "2025-12-31T23:59:59Z", True),
    ("DateGreaterThan", ["2026-01-01T00:00:00Z"], "1767225601", True),
    ("DateEquals", ["2026-01-01T00:00:00Z"], "1767225600", True),
]


@pytest.mark.parametrize(("operator", "values", "found", "expected"), CONDITIONS)
def test_conditions(operator: str, values: list[str], found: str | None, expected: bool) -> None:
    access = asked(**({} if found is None else {TAG: found}))
    assert may(access, allow(**when(operator, "aws:RequestedRegion", *values))) is expected


ARNS = [
    ("arn:aws:events:eu-west-1:111122223333:rule/hints", True),
    ("arn:aws:events:*:111122223333:rule/*", True),
    ("arn:aws:events:eu-west-1:111122223333:rule/hint?", True),
    ("arn:aws:events:eu-west-1:111122223333:rule/hint", False),
    ("arn:aws:events:*:rule/hints", False),
    ("arn:aws:*", False),
]
"""Each of the six parts for itself ("ARN condition operators")."""


@pytest.mark.parametrize("operator", ["ArnEquals", "ArnLike"])
@pytest.mark.parametrize(("pattern", "expected"), ARNS)
def test_arns(operator: str, pattern: str, expected: bool) -> None:
    rule = "arn:aws:events:eu-west-1:111122223333:rule/hints"
    told = asked(aws__SourceArn=rule)
    assert may(told, allow(**when(operator, "aws:SourceArn", pattern))) is expected
    negated = operator.replace("Arn", "ArnNot")
    assert may(told, allow(**when(negated, "aws:SourceArn", pattern))) is not expected
    assert may(asked(), allow(**when(negated, "aws:SourceArn", pattern)))


LEADING = "dynamodb:LeadingKeys"
SETS = [
    # "Set operators for multivalued context keys"
    ("ForAllValues:StringLike", ["#run*"], ("#run", "#run2"), True),
    ("ForAllValues:StringLike", ["#run*"], ("#run", "someone"), False),
    ("ForAllValues:StringLike", ["#run*"], (), True),
    ("ForAllValues:StringEquals", ["a", "b"], ("a", "b"), True),
    ("ForAllValues:StringEquals", ["a", "b"], None, True),
    ("ForAllValues:StringNotEquals", ["a"], ("b", "c"), True),
    ("ForAllValues:StringNotEquals", ["a"], ("a", "c"), False),
    ("ForAllValues:StringNotEquals", ["a"], None, True),
    ("ForAnyValue:StringEquals", ["a"], ("a", "c"), True),
    ("ForAnyValue:StringEquals", ["a"], ("b", "c"), False),
    ("ForAnyValue:StringEquals", ["a"], None, False),
    ("ForAnyValue:StringEquals", ["a"], (), False),
    ("ForAnyValue:StringNotEquals", ["a"], ("a", "c"), True),
    ("ForAnyValue:StringNotEquals", ["a"], ("a",), False),
    ("ForAnyValue:StringNotEquals", ["a"], None, False),
    ("ForAnyValue:StringEqualsIfExists", ["a"], None, True),
]


@pytest.mark.parametrize(("operator", "values", "found", "expected"), SETS)
def test_sets(operator: str, values: list[str], found: Any, expected: bool) -> None:
    context = {} if found is None else {"dynamodb__LeadingKeys": found}
    access = asked("dynamodb:BatchGetItem", TABLE, **context)
    conditions = when(operator, LEADING, *values)
    assert may(access, allow("dynamodb:BatchGetItem", TABLE, **conditions)) is expected


def test_null_closes_what_all_values_leaves_open() -> None:
    """ "Set operators": ForAllValues is true without the key, so Null is to be asked besides."""
    both = {"Condition": {"ForAllValues:StringLike": {LEADING: "#run*"}, "Null": {LEADING: False}}}
    statement = allow("dynamodb:PutItem", TABLE, **both)
    assert may(asked("dynamodb:PutItem", TABLE, dynamodb__LeadingKeys="#run"), statement)
    assert not may(asked("dynamodb:PutItem", TABLE, dynamodb__LeadingKeys="else"), statement)
    assert not may(asked("dynamodb:PutItem", TABLE), statement)


def test_several_conditions() -> None:
    """ "Evaluation logic for multiple context keys or values": all operators and all keys must
    hold, of the values one; a key's name knows no case."""
    told = asked(aws__RequestedRegion="eu-west-1", aws__SecureTransport="true")
    region = when("StringEquals", "AWS:requestedregion", "eu-west-1")
    tls = {"Bool": {"aws:securetransport": "true"}}
    both = {"Condition": {**region["Condition"], **tls}}
    assert may(told, allow(**both))
    tls["Bool"] = {"aws:securetransport": "false"}
    assert not may(told, allow(**{"Condition": {**region["Condition"], **tls}}))


UNMET = when("StringEquals", "aws:RequestedRegion", "us-east-1")


def test_an_unmet_condition_neither_allows_nor_denies() -> None:
    """ "Policy evaluation logic": a statement that does not apply is as if it were not there."""
    told = asked(aws__RequestedRegion="eu-west-1")
    assert not may(told, allow(**UNMET))
    assert may(told, allow(**UNMET), allow())
    assert may(told, allow(), deny(**UNMET))
    assert not may(asked(aws__RequestedRegion="us-east-1"), allow(), deny(**UNMET))


def test_denials_and_silence() -> None:
    """ "Policy evaluation logic": by default denied; an explicit denial overrules all."""
    assert not decide(asked(), WORKER).allowed
    assert not may(asked(), allow(), deny())
    assert not may(asked(), deny(), allow())
    assert not may(asked(), allow("*", "*"), deny("sqs:*", "*"))
    verdict = decide(asked(), WORKER, identity=[policy(deny())])
    assert "explicitly" in verdict.reason and "case" in verdict.reason


def by(principal: Any) -> dict[str, Any]:
    return {"Principal": principal}


def test_within_one_account_either_policy_is_enough() -> None:
    """ "Determining whether a request is allowed or denied within an account"."""
    for principal in ("*", {"AWS": "*"}, {"AWS": ROLE}, {"AWS": [SESSION]}):
        resource = policy(allow(**by(principal)))
        assert decide(asked(), WORKER, resource_policy=resource).allowed, principal
    for principal in ({"AWS": f"{ROLE}2"}, {"Service": "sns.amazonaws.com"}):
        resource = policy(allow(**by(principal)))
        assert not decide(asked(), WORKER, resource_policy=resource).allowed, principal
    denied = policy(deny(**by({"AWS": "*"})))
    assert not may(asked(), allow(), resource_policy=denied)
    elsewhere = policy(deny(**by({"AWS": f"{ROLE}2"})))
    assert may(asked(), allow(), resource_policy=elsewhere)


@pytest.mark.parametrize("account", [ROOT, ACCOUNT])
def test_the_account_as_principal_delegates(account: str) -> None:
    """ "AWS JSON policy elements: Principal", "AWS account principals"."""
    resource = policy(allow(**by({"AWS": account})))
    assert not decide(asked(), WORKER, resource_policy=resource).allowed
    assert may(asked(), allow(), resource_policy=resource)
    assert decide(asked(), Administrator(ACCOUNT), resource_policy=resource).allowed
    denied = policy(deny(**by({"AWS": account})))
    assert not may(asked(), allow(), resource_policy=denied)


def test_boundaries() -> None:
    """ "Permissions boundaries for IAM entities", "Evaluating effective permissions": what both
    allow; the boundary allows nothing by itself."""
    everything, nothing = policy(allow("*", "*")), policy(allow("s3:*", "*"))
    assert may(asked(), allow(), boundary=everything)
    assert not may(asked(), allow(), boundary=nothing)
    assert not decide(asked(), WORKER, boundary=everything).allowed
    assert not may(asked(), allow(), boundary=policy(allow("*", "*"), deny()))


@pytest.mark.parametrize(
    ("principal", "expected"), [({"AWS": ROLE}, False), ({"AWS": SESSION}, True), ("*", True)]
)
def test_boundaries_and_a_resources_policy(principal: Any, expected: bool) -> None:
    """The same page, "Resource-based policies": an implicit denial of the boundary limits what is
    granted to the role's ARN, not what is granted to the session's; an explicit one does both."""
    resource = policy(allow(**by(principal)))
    nothing = policy(allow("s3:*", "*"))
    found = decide(asked(), WORKER, boundary=nothing, resource_policy=resource)
    assert found.allowed is expected
    denying = policy(allow("*", "*"), deny())
    assert not decide(asked(), WORKER, boundary=denying, resource_policy=resource).allowed


RULE = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/hints"
EVENTS = ServicePrincipal("events.amazonaws.com", RULE, ACCOUNT)


def test_services_need_the_resources_policy() -> None:
    """ "AWS service principals", and "The confused deputy problem" for aws:SourceArn."""
    let_in = allow(**by({"Service": "events.amazonaws.com"}))
    for more, expected in (
        ({}, True),
        (when("ArnEquals", "aws:SourceArn", RULE), True),
        (when("ArnEquals", "aws:SourceArn", f"{RULE}2"), False),
        (when("StringEquals", "aws:SourceAccount", ACCOUNT), True),
        (when("StringEquals", "aws:SourceAccount", "444455556666"), False),
    ):
        resource = policy({**let_in, **more})
        assert decide(asked(), EVENTS, resource_policy=resource).allowed is expected, more
    assert not decide(asked(), EVENTS).allowed
    sns = policy(allow(**by({"Service": "sns.amazonaws.com"})))
    assert not decide(asked(), EVENTS, resource_policy=sns).allowed
    roots = policy(allow(**by({"AWS": ROOT})))
    assert not decide(asked(), EVENTS, resource_policy=roots).allowed
    unsaid = ServicePrincipal("events.amazonaws.com")
    needs = policy({**let_in, **when("ArnEquals", "aws:SourceArn", RULE)})
    assert not decide(asked(), unsaid, resource_policy=needs).allowed


def test_plain_http_is_refused_to_all() -> None:
    """SQS developer guide, "Enforce encryption of data in transit"."""
    refusing = deny("sqs:*", **by("*"), **when("Bool", "aws:SecureTransport", "false"))
    service = allow(**by({"Service": "events.amazonaws.com"}))
    resource = policy(refusing, service)
    plain, tls = asked(aws__SecureTransport="false"), asked(aws__SecureTransport="true")
    assert not may(plain, allow(), resource_policy=resource)
    assert may(tls, allow(), resource_policy=resource)
    assert not decide(plain, EVENTS, resource_policy=resource).allowed
    assert decide(tls, EVENTS, resource_policy=resource).allowed


def test_keys_must_let_in_by_their_own_policy() -> None:
    """KMS developer guide, "Key policies" and "Default key policy"."""
    use, used = allow("kms:Decrypt", KEY), asked("kms:Decrypt", KEY)
    assert not may(used, use)
    delegating = policy(allow("kms:*", "*", **by({"AWS": ROOT})))
    assert may(used, use, resource_policy=delegating)
    assert not decide(used, WORKER, resource_policy=delegating).allowed
    assert decide(used, Administrator(ACCOUNT), resource_policy=delegating).allowed
    named = policy(allow("kms:Decrypt", "*", **by({"AWS": ROLE})))
    assert decide(used, WORKER, resource_policy=named).allowed
    assert not decide(used, Administrator(ACCOUNT), resource_policy=named).allowed
    elsewhere = policy(allow("kms:Decrypt", "*", **by({"AWS": f"{ROLE}2"})))
    assert not may(used, use, resource_policy=elsewhere)


def test_a_key_for_one_service_only() -> None:
    """KMS developer guide, "AWS KMS condition keys", kms:ViaService."""
    via = when("StringEquals", "kms:ViaService", "sqs.eu-west-1.amazonaws.com")
    key = policy(allow("kms:Decrypt", "*", **by({"AWS": ROLE}), **via))
    through = asked("kms:Decrypt", KEY, kms__ViaService="sqs.eu-west-1.amazonaws.com")
    assert decide(through, WORKER, resource_policy=key).allowed
    assert not decide(asked("kms:Decrypt", KEY), WORKER, resource_policy=key).allowed


def test_a_role_must_trust() -> None:
    """ "How to use trust policies": a trust policy has no Resource."""
    trust: dict[str, Any] = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    assume = asked("sts:AssumeRole", ROLE)
    events = policy({**trust, **by({"Service": "events.amazonaws.com"})})
    assert decide(assume, EVENTS, resource_policy=events).allowed
    pipes = ServicePrincipal("pipes.amazonaws.com")
    assert not decide(assume, pipes, resource_policy=events).allowed
    assert not may(assume, allow("sts:AssumeRole", ROLE), resource_policy=events)
    account = policy(
        {**trust, **when("StringEquals", "aws:SourceAccount", ACCOUNT)}
        | by({"Service": "pipes.amazonaws.com"})
    )
    assert not decide(assume, pipes, resource_policy=account).allowed
    known = ServicePrincipal("pipes.amazonaws.com", source_account=ACCOUNT)
    assert decide(assume, known, resource_policy=account).allowed


def test_who_asks_is_a_condition_key() -> None:
    """ "AWS global condition context keys": aws:PrincipalArn is the role's, not the session's."""
    mine = policy(allow(**by("*"), **when("ArnEquals", "aws:PrincipalArn", ROLE)))
    assert decide(asked(), WORKER, resource_policy=mine).allowed
    other = RoleSession(f"{ROLE}2", "one")
    assert not decide(asked(), other, resource_policy=mine).allowed


UNKNOWN: list[tuple[str, Access, dict[str, Any]]] = [
    ("an action", asked("sqs:Foo"), allow()),
    ("a service", asked("ec2:RunInstances", "*"), allow()),
    ("a resource of another type", asked(resource=TABLE), allow()),
    ("no resource", asked(resource="*"), allow()),
    ("a pattern", asked(resource=f"{QUEUE}*"), allow()),
    ("a key of the request", asked(sqs__Foo="1"), allow()),
    ("a key of the policy", asked(), allow(**when("StringEquals", "aws:Foo", "1"))),
    ("a key of another action", asked(), allow(**when("StringEquals", LEADING, "1"))),
    ("an operator", asked(), allow(**when("StringLooksLike", "aws:SourceArn", "1"))),
    ("no operator of IAM", asked(), allow(**when("NullIfExists", "aws:SourceArn", "true"))),
    ("Null of something", asked(), allow(**when("Null", "aws:SourceArn", "maybe"))),
]


@pytest.mark.parametrize(("_", "access", "statement"), UNKNOWN)
def test_what_is_not_known_fails(_: str, access: Access, statement: dict[str, Any]) -> None:
    with pytest.raises(UnknownToJudgeError):
        may(access, statement)


def test_several_values_without_a_set_operator_fail() -> None:
    access = asked("dynamodb:BatchGetItem", TABLE, dynamodb__LeadingKeys=("a", "b"))
    with pytest.raises(UnknownToJudgeError, match="several values"):
        may(access, allow("dynamodb:BatchGetItem", TABLE, **when("StringEquals", LEADING, "a")))


BAD: list[dict[str, Any]] = [
    {"Version": "2008-10-17", "Statement": [allow()]},
    {"Statement": [allow()]},
    {"Version": "2012-10-17", "Statement": [allow()], "Policies": []},
    {"Version": "2012-10-17", "Statement": [allow(Resources="*")]},
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*"}]},
    {"Version": "2012-10-17", "Statement": [allow(NotAction="sqs:*")]},
    {"Version": "2012-10-17", "Statement": [allow(NotResource="*")]},
    {"Version": "2012-10-17", "Statement": [allow(action=[])]},
    {"Version": "2012-10-17", "Statement": [{**allow(), "Effect": "allow"}]},
    {"Version": "2012-10-17", "Statement": [allow(resource="arn:aws:s3:::${aws:username}")]},
    {"Version": "2012-10-17", "Statement": [allow(resource={"Ref": "Queue"})]},
    {"Version": "2012-10-17", "Statement": [allow(**by({"Federated": "x"}))]},
    {"Version": "2012-10-17", "Statement": [allow(**by({"AWS": "arn:aws:iam::1:role/*"}))]},
    {"Version": "2012-10-17", "Statement": [allow(**by("someone"))]},
    {"Version": "2012-10-17", "Statement": [allow(Condition={"Bool": "true"})]},
    {"Version": "2012-10-17", "Statement": ["Allow"]},
]


@pytest.mark.parametrize("document", BAD)
def test_documents_that_are_not_known_fail(document: dict[str, Any]) -> None:
    with pytest.raises(UnknownToJudgeError):
        parse(document)


def test_not_principal_fails() -> None:
    """ "AWS JSON policy elements: NotPrincipal" advises against it; nobody here uses it."""
    resource = policy(deny(NotPrincipal={"AWS": ROLE}))
    with pytest.raises(UnknownToJudgeError):
        may(asked(), allow(), resource_policy=resource)


def test_each_kind_of_policy_has_its_elements() -> None:
    """ "Grammar of the IAM JSON policy language": IAM takes no identity policy without a resource
    or with a principal, and a resource's policy names its resource; only a trust policy has none.
    """
    nowhere = {"Effect": "Allow", "Action": "sqs:SendMessage"}
    for wrong in (nowhere, allow(**by({"AWS": ROLE})), {**nowhere, "Effect": "Deny"}):
        with pytest.raises(UnknownToJudgeError):
            may(asked(), wrong)
        with pytest.raises(UnknownToJudgeError):
            may(asked(), allow(), boundary=policy(wrong))
    with pytest.raises(UnknownToJudgeError):
        may(asked(), allow(), resource_policy=policy({**nowhere, **by({"AWS": ROLE})}))
