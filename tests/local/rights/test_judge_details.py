"""The judge against AWS's documentation, second part: what of it the policies here lean on most.

Pages: IAM User Guide unless another guide is named.
"""

from __future__ import annotations

from typing import Any

import pytest

from local.rights.judge import decide
from local.rights.model import UnknownToJudgeError
from local.rights.policies import parse
from tests.local.rights.test_judge import (
    ACCOUNT,
    EVENTS,
    KEY,
    LEADING,
    QUEUE,
    ROLE,
    ROOT,
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

CONDITIONS = [
    # "Condition operators": case counts in StringLike, wildcards stand anywhere
    ("StringLike", ["EU-*"], "eu-west-1", False),
    ("StringLike", ["*-west-*"], "eu-west-1", True),
    ("StringLike", ["e?-w*-1"], "eu-west-1", True),
    ("StringLike", ["?"], "eu-west-1", False),
    ("StringLike", ["*"], "eu-west-1", True),
    ("StringLike", ["us-*", "eu-*"], "eu-west-1", True),
    ("StringNotLike", ["us-*", "eu-*"], "eu-west-1", False),
    ("StringNotLike", ["us-?", "eu-?"], "eu-west-1", True),
    # "...IfExists": without the key true, with it as without the suffix
    ("StringNotLikeIfExists", ["eu-*"], "eu-west-1", False),
    ("StringNotLikeIfExists", ["eu-*"], None, True),
    ("StringLikeIfExists", ["us-*"], "eu-west-1", False),
    ("StringEqualsIgnoreCaseIfExists", ["EU-WEST-1"], None, True),
    ("NumericLessThanIfExists", ["10"], None, True),
    ("NumericLessThanIfExists", ["10"], "11", False),
    ("DateLessThanIfExists", ["2026-01-01T00:00:00Z"], None, True),
    ("BoolIfExists", ["false"], "true", False),
    # "Null": whether the key is there
    ("Null", ["TRUE"], None, True),
    ("Null", ["False"], "eu-west-1", True),
    # several values for Bool: one of them
    ("Bool", ["true", "false"], "false", True),
]


@pytest.mark.parametrize(("operator", "values", "found", "expected"), CONDITIONS)
def test_conditions(operator: str, values: list[str], found: str | None, expected: bool) -> None:
    access = asked(**({} if found is None else {"aws__RequestedRegion": found}))
    assert may(access, allow(**when(operator, "aws:RequestedRegion", *values))) is expected


RULE = "arn:aws:events:eu-west-1:111122223333:rule/hints"
ARNS = [
    ("ArnLike", "arn:aws:events:*:111122223333:rule/*", RULE, True),
    ("ArnLike", "arn:*:events:eu-????-1:*:*", RULE, True),
    ("ArnLike", "arn:aws:events:eu-????-2:*:*", RULE, False),
    ("ArnEquals", "arn:aws:events:eu-west-1:111122223333:RULE/hints", RULE, False),
    ("ArnLikeIfExists", RULE, None, True),
    ("ArnLikeIfExists", f"{RULE}2", RULE, False),
    ("ArnNotLikeIfExists", RULE, RULE, False),
]
"""An ARN operator looks at each of six parts ("ARN condition operators")."""


@pytest.mark.parametrize(("operator", "pattern", "found", "expected"), ARNS)
def test_arns(operator: str, pattern: str, found: str | None, expected: bool) -> None:
    told = asked(**({} if found is None else {"aws__SourceArn": found}))
    assert may(told, allow(**when(operator, "aws:SourceArn", pattern))) is expected


SETS = [
    # "Set operators": all of the request's values, or any of them, against any of the policy's
    ("ForAllValues:StringLike", ["#run*", "#pool"], ("#run2", "#pool"), True),
    ("ForAllValues:StringLike", ["#run?"], ("#run", "#run2"), False),
    ("ForAllValues:StringNotLike", ["#run*"], ("a", "b"), True),
    ("ForAllValues:StringNotLike", ["#run*"], ("a", "#run2"), False),
    ("ForAnyValue:StringLike", ["#run*"], ("a", "#run2"), True),
    ("ForAnyValue:StringLike", ["#run*"], ("a", "b"), False),
    ("ForAnyValue:StringNotLike", ["#run*"], ("#run2",), False),
    ("ForAnyValue:Null", ["true"], ("a",), None),
    ("ForAllValues:StringLikeIfExists", ["#run*"], None, True),
    ("ForAllValues:StringLikeIfExists", ["#run*"], ("a",), False),
    # values that resolve to nothing, such as an empty text, are no values
    ("ForAllValues:StringEquals", ["a"], ("",), True),
    ("ForAnyValue:StringEquals", ["a"], ("",), False),
    ("ForAnyValue:StringEquals", [""], ("",), False),
    ("ForAllValues:StringEquals", ["a"], ("", "b"), False),
    ("Null", ["true"], ("",), True),
    ("Null", ["false"], ("",), False),
    ("Null", ["false"], (), False),
]
"""None: not known."""


@pytest.mark.parametrize(("operator", "values", "found", "expected"), SETS)
def test_sets(operator: str, values: list[str], found: Any, expected: bool | None) -> None:
    context = {} if found is None else {"dynamodb__LeadingKeys": found}
    access = asked("dynamodb:BatchGetItem", TABLE, **context)
    statement = allow("dynamodb:BatchGetItem", TABLE, **when(operator, LEADING, *values))
    if expected is None:
        with pytest.raises(UnknownToJudgeError):
            may(access, statement)
    else:
        assert may(access, statement) is expected


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "StringNotEqualsIfExists"])
@pytest.mark.parametrize("found", ["#run", None])
def test_a_key_of_several_values_needs_a_set_operator(operator: str, found: str | None) -> None:
    """ "Single-valued vs. multivalued context keys": it is the key that counts, not how many values
    this request has."""
    context = {} if found is None else {"dynamodb__LeadingKeys": found}
    access = asked("dynamodb:GetItem", TABLE, **context)
    with pytest.raises(UnknownToJudgeError, match="several values"):
        may(access, allow("dynamodb:GetItem", TABLE, **when(operator, LEADING, "#run")))


def test_leading_keys_of_a_denial() -> None:
    """DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control": one
    forbidden key of a batch forbids the batch."""
    guarded = deny("dynamodb:*", TABLE, **when("ForAnyValue:StringLike", LEADING, "#*"))
    mine = allow("dynamodb:BatchGetItem", TABLE)
    for keys, expected in ((("a", "b"), True), (("a", "#run"), False)):
        access = asked("dynamodb:BatchGetItem", TABLE, dynamodb__LeadingKeys=keys)
        assert may(access, mine, guarded) is expected, keys


def test_inverted_elements_of_denials() -> None:
    """ "NotAction" and "NotResource" with Deny: whatever is not listed is denied."""
    but_queue = {"Effect": "Deny", "Action": "*", "NotResource": [QUEUE, "arn:aws:s3:::*"]}
    assert may(asked(), allow(), but_queue)
    assert not may(asked(), allow(), {**but_queue, "NotResource": f"{QUEUE}?"})
    assert may(asked(), allow(), {**but_queue, "NotResource": "arn:aws:sqs:*:*:lett?rs"})
    but_sqs = {"Effect": "Deny", "NotAction": ["SQS:Send*", "s3:*"], "Resource": "*"}
    assert may(asked(), allow(), but_sqs)
    received = asked("sqs:ReceiveMessage")
    assert not may(received, allow("sqs:*"), but_sqs)
    unmet = {**but_sqs, **when("StringEquals", "aws:RequestedRegion", "us-east-1")}
    assert may(received, allow("sqs:*"), unmet)


VARIABLES: list[dict[str, Any]] = [
    allow(**when("StringEquals", "aws:PrincipalArn", "${aws:PrincipalArn}")),
    allow(**when("StringLike", "aws:PrincipalArn", "${*}")),
    allow(resource="arn:aws:s3:::bucket/${aws:userid, 'nobody'}"),
    allow(**by({"AWS": "${aws:PrincipalArn}"})),
]


@pytest.mark.parametrize("statement", VARIABLES)
def test_policy_variables_are_not_known(statement: dict[str, Any]) -> None:
    """ "Policy elements: variables and tags": read as plain text they would match nothing."""
    with pytest.raises(UnknownToJudgeError, match="variable"):
        parse({"Version": "2012-10-17", "Statement": [statement]})


def test_a_session_that_is_named_still_heeds_denials() -> None:
    """ "Determining whether a request is allowed or denied": an explicit denial anywhere counts,
    whoever allows."""
    resource = policy(allow(**by({"AWS": SESSION})))
    assert decide(asked(), WORKER, resource_policy=resource).allowed
    assert not may(asked(), deny(), resource_policy=resource)
    unmet = when("StringEquals", "aws:RequestedRegion", "us-east-1")
    limited = policy(allow(**by({"AWS": SESSION}), **unmet))
    assert not decide(asked(), WORKER, resource_policy=limited).allowed
    other = policy(allow(**by({"AWS": SESSION.replace("/one", "/two")})))
    assert not decide(asked(), WORKER, resource_policy=other).allowed


def test_a_boundary_and_its_conditions() -> None:
    """ "Permissions boundaries for IAM entities": a boundary's statement that does not apply allows
    nothing, and what a resource's policy delegates to the account is bounded, too."""
    home = when("StringEquals", "aws:RequestedRegion", "eu-west-1")
    boundary = policy(allow("sqs:*", "*", **home))
    assert may(asked(aws__RequestedRegion="eu-west-1"), allow(), boundary=boundary)
    assert not may(asked(aws__RequestedRegion="us-east-1"), allow(), boundary=boundary)
    assert not may(asked(), allow(), boundary=boundary)
    delegating = policy(allow(**by({"AWS": ROOT})))
    nothing = policy(allow("s3:*", "*"))
    assert not may(asked(), allow(), boundary=nothing, resource_policy=delegating)


@pytest.mark.parametrize(
    ("principal", "identity", "bounded", "expected"),
    [
        ({"AWS": ROLE}, False, False, True),
        ({"AWS": ROLE}, True, True, False),
        ({"AWS": SESSION}, False, True, True),
        ({"AWS": ROOT}, True, False, True),
        ({"AWS": ROOT}, True, True, False),
        ({"AWS": ROOT}, False, False, False),
        ({"AWS": f"arn:aws:iam::{ACCOUNT[:-1]}4:root"}, True, False, False),
        ({"Service": "sqs.amazonaws.com"}, True, False, False),
    ],
)
def test_a_key_and_a_boundary(
    principal: Any, identity: bool, bounded: bool, expected: bool
) -> None:
    """KMS developer guide, "Key policies": the key's policy lets in, or delegates to the account;
    and boundaries as above."""
    key = policy(allow("kms:Decrypt", "*", **by(principal)))
    verdict = decide(
        asked("kms:Decrypt", KEY),
        WORKER,
        identity=[policy(allow("kms:Decrypt", KEY))] if identity else [],
        boundary=policy(allow("s3:*", "*")) if bounded else None,
        resource_policy=key,
    )
    assert verdict.allowed is expected


def test_a_key_that_delegates_to_one_service() -> None:
    """KMS developer guide, "Default key policy" with kms:ViaService: what is delegated under a
    condition is so under that condition alone."""
    via = when("StringLike", "kms:ViaService", "sqs.*.amazonaws.com")
    key = policy(allow("kms:*", "*", **by({"AWS": ROOT}), **via))
    use = allow("kms:Decrypt", KEY)
    through = asked("kms:Decrypt", KEY, kms__ViaService="sqs.eu-west-1.amazonaws.com")
    assert may(through, use, resource_policy=key)
    other = asked("kms:Decrypt", KEY, kms__ViaService="sns.eu-west-1.amazonaws.com")
    assert not may(other, use, resource_policy=key)
    assert not may(asked("kms:Decrypt", KEY), use, resource_policy=key)


def test_everybody_counts_services_in() -> None:
    """ "AWS JSON policy elements: Principal": `*` is everybody; what conditions leave is let in."""
    source = when("ArnLike", "aws:SourceArn", f"arn:aws:events:*:{ACCOUNT}:rule/*")
    for principal in ("*", {"AWS": "*"}):
        assert decide(asked(), EVENTS, resource_policy=policy(allow(**by(principal)))).allowed
        limited = policy(allow(**by(principal), **source))
        assert decide(asked(), EVENTS, resource_policy=limited).allowed
        assert not decide(asked(), WORKER, resource_policy=limited).allowed
