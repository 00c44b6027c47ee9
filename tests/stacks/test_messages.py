"""What created pools send with: SES and SMS as configured, a warning where there is no SES."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stacks.config.source import ConfigError, parse
from stacks.message_regions import mail_regions, sms_regions
from tests.stacks.templates import Assembly
from tests.stacks.variants import ACCOUNT, EMAIL, EXISTING, MINIMAL

POOL, ROLE = "AWS::Cognito::UserPool", "AWS::IAM::Role"
OTHER = "222222222222"


def _identity(region: str, name: str = "example.org", account: str = ACCOUNT) -> str:
    return f"arn:aws:ses:{region}:{account}:identity/{name}"


def _email(**changes: Any) -> dict[str, Any]:
    return {"email": EMAIL["email"] | changes}


REFUSED: list[tuple[dict[str, Any], str]] = [
    (_email(primary_identity=_identity("eu-central-1")), "a pool in us-east-1 can use: ("),
    (_email(backup_identity=_identity("us-east-1")), "backup_identity is in the primary Region"),
    (_email(primary_identity=_identity("us-east-1", account=OTHER)), "of another account"),
    (_email(from_address="no-reply@other.example"), "is not of email.primary_identity"),
    (_email(from_address="no-reply@notexample.org"), "is not of email.primary_identity"),
    (_email(from_address="nobody"), "email.from_address: must be an e-mail address, or a name"),
    (
        _email(
            primary_identity=_identity("us-east-1", "a@example.org"),
            backup_identity=_identity("us-west-2", "b@example.org"),
            from_address="a@example.org",
        ),
        "is not of email.backup_identity (b@example.org)",
    ),
    (_email(configuration_set="no spaces"), "email.configuration_set: must be 1 to 64 letters"),
    ({"sms": {}}, "sms.external_id: is required"),
    ({"sms": {"external_id": "x1", "primary_sns_region": "eu-west-1"}}, "sms.primary_sns_region"),
    (
        {"sms": {"external_id": "x1", "caller_role": f"arn:aws:iam::{OTHER}:role/sms"}},
        "sms.caller_role is of another account",
    ),
]


@pytest.mark.parametrize(("change", "message"), REFUSED, ids=[text for _, text in REFUSED])
def test_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse(MINIMAL | change, "test.json")
    assert message in str(refusal.value)


@pytest.mark.parametrize("key", ["email", "sms"])
def test_existing_pools_keep_their_own(key: str) -> None:
    with pytest.raises(ConfigError, match="existing ones keep their own: remove them"):
        parse(EXISTING | {key: EMAIL[key]}, "test.json")


def test_a_region_without_ses_may_lean_on_the_primary() -> None:
    """Where Cognito leaves no choice, there is none to make."""
    regions = {"primary_region": "eu-central-1", "backup_region": "eu-central-2"}
    identity = _identity("eu-central-1")
    email = _email(primary_identity=identity, backup_identity=identity)
    assert parse(MINIMAL | regions | email, "test").email is not None


def test_the_sender_may_be_an_address_that_is_verified_itself() -> None:
    email = _email(
        primary_identity=_identity("us-east-1", "Me@Example.org"),
        backup_identity=_identity("us-west-2"),
        from_address="me@example.org",
    )
    assert parse(MINIMAL | email, "test").email is not None


def test_regions_as_the_guide_has_them() -> None:
    assert mail_regions("us-west-1") == ("us-west-1",)
    assert mail_regions("us-east-1") == ("us-east-1", "us-west-2", "eu-west-1")
    assert mail_regions("me-central-1") == ("eu-central-1",)
    assert sms_regions("ap-northeast-2") == ("ap-northeast-1",)
    assert sms_regions("eu-central-1") == ("eu-central-1", "eu-west-1")


def test_each_pool_sends_with_its_own_region(email: Assembly) -> None:
    for template, region in zip(email.regions, ("us-east-1", "us-west-2"), strict=True):
        pool = template.only(POOL)
        assert pool["EmailConfiguration"] == {
            "EmailSendingAccount": "DEVELOPER",
            "SourceArn": _identity(region),
            "From": "Example <no-reply@accounts.example.org>",
            "ReplyToEmailAddress": "help@example.org",
            "ConfigurationSet": "sign-in",
        }
        assert pool["SmsConfiguration"]["SnsRegion"] == region
        assert pool["SmsConfiguration"]["ExternalId"] == "beta-sms"


def test_the_sms_role_is_cognitos_alone_and_sends_nothing_to_topics(email: Assembly) -> None:
    for template in email.regions:
        caller = template.only(POOL)["SmsConfiguration"]["SnsCallerArn"]["Fn::GetAtt"][0]
        role = template.of_type(ROLE)[caller]
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "cognito-idp.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {
            "sts:ExternalId": "beta-sms",
            "aws:SourceAccount": ACCOUNT,
        }
        assert ":userpool/*" in str(trust["Condition"]["ArnLike"]["aws:SourceArn"])
        (policy,) = role["Policies"]
        allowed, denied = policy["PolicyDocument"]["Statement"]
        assert (allowed["Effect"], allowed["Action"]) == ("Allow", "sns:Publish")
        assert (denied["Effect"], denied["Action"]) == ("Deny", "sns:Publish")
        assert ":sns:*:*:*" in str(denied["Resource"])


def test_without_ses_nothing_changes_but_a_warning(standard: Assembly, email: Assembly) -> None:
    for template in standard.regions:
        assert "EmailConfiguration" not in template.only(POOL)
        assert "SmsConfiguration" not in template.only(POOL)
    assert _warnings(standard) == 2, "one for each pool"
    assert _warnings(email) == 0


def _warnings(assembly: Assembly) -> int:
    """The CDK writes annotations into the manifest, or into a file that it names."""
    texts = [path.read_text() for path in assembly.directory.glob("*.json")]
    told = [
        entry
        for text in texts
        for entries in _metadata(json.loads(text))
        for entry in entries
        if entry.get("type") == "aws:cdk:warning" and "some 50 mails a day" in str(entry["data"])
    ]
    return len(told)


def _metadata(body: Any) -> list[list[dict[str, Any]]]:
    artifacts = body.get("artifacts", {}).values()
    of_artifacts = [each for one in artifacts for each in one.get("metadata", {}).values()]
    own = [value for key, value in body.items() if key.startswith("/") and isinstance(value, list)]
    return [*of_artifacts, *own]
