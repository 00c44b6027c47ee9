"""What the config's patterns mean, in words: nobody fixes a config by a regular expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Shape:
    """words    what is allowed, to go on from "must be"
    example  a value that is
    """

    words: str
    example: str


_ARN = "arn:aws:{}:us-east-1:111111111111:{}"
INSTALLATION = r"^[a-z][a-z0-9-]{2,20}$"
ACCOUNT = r"^[0-9]{12}$"
ALARM_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
QUALIFIER = r"^[a-z0-9]{1,10}$"
BOUNDARY = r"^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.+$"
POOL_ID = r"^[a-z]{2}(-[a-z]+)+-[0-9]_[0-9A-Za-z]+$"
CLIENT_ID = r"^[0-9a-z]{1,128}$"
CLIENT_NAME = r"^[A-Za-z][A-Za-z0-9_-]{0,31}$"
PRINCIPAL = r"^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$"
KEY_ARN = r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[0-9A-Za-z-]+$"
SCHEDULE = r"^(rate|cron)\([^()]+\)$"
PROVIDER = r"^[^_\s][^\s]{1,30}[^_\s]$"
ATTRIBUTE = r"^[A-Za-z0-9_-]{1,20}$"
POOL_ARN = r"^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[A-Za-z0-9_-]+$"
API_ADDRESS = r"^https://[a-z0-9.-]+(/[A-Za-z0-9._~-]+)*$"
RESOURCE_SERVER = r"^[\x21\x23-\x5B\x5D-\x7E]{1,128}$"
IDENTITY = r"^arn:aws[a-z-]*:ses:[a-z0-9-]+:[0-9]{12}:identity/[^\s*]+$"
ROLE = r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$"
_MAIL = r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+"
MAIL_ADDRESS = rf"^{_MAIL}$"
SENDER = rf"^({_MAIL}|[^<>\r\n]+ <{_MAIL}>)$"
CONFIGURATION_SET = r"^[A-Za-z0-9_-]{1,64}$"
EXTERNAL_ID = r"^[A-Za-z0-9_+=,.@:/-]{2,1224}$"
FUNCTION = (
    r"^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]+)?$"
)
CLAIM = r"^(https://[a-z0-9.-]+/)?[A-Za-z][A-Za-z0-9_.-]{0,63}$"

SHAPES: Mapping[str, Shape] = {
    INSTALLATION: Shape(
        "3 to 21 lower-case letters, digits and hyphens that begin with a letter", "standby"
    ),
    ACCOUNT: Shape("an AWS account id, 12 digits", "111111111111"),
    ALARM_EMAIL: Shape("an e-mail address", "oncall@example.org"),
    QUALIFIER: Shape("1 to 10 lower-case letters and digits", "hnb659fds"),
    BOUNDARY: Shape(
        "the ARN of a managed policy of IAM", "arn:aws:iam::111111111111:policy/boundary"
    ),
    POOL_ID: Shape("the id of a user pool", "us-east-1_AbCdEf123"),
    CLIENT_ID: Shape("the id of an app client, lower-case letters and digits", "1example23456789"),
    CLIENT_NAME: Shape(
        "1 to 32 letters, digits, hyphens and underscores that begin with a letter", "web"
    ),
    PRINCIPAL: Shape("the ARN of an IAM role or user", "arn:aws:iam::111111111111:role/on-call"),
    KEY_ARN: Shape(
        "the ARN of a KMS key, not of an alias", _ARN.format("kms", "key/1234abcd-12ab")
    ),
    SCHEDULE: Shape("a schedule, rate(...) or cron(...)", "rate(1 day)"),
    PROVIDER: Shape("the name of an identity provider in a pool, 3 to 32 characters", "Facebook"),
    ATTRIBUTE: Shape("1 to 20 letters, digits, hyphens and underscores, without `custom:`", "plan"),
    POOL_ARN: Shape(
        "the ARN of a user pool", _ARN.format("cognito-idp", "userpool/us-east-1_AbCdEf123")
    ),
    API_ADDRESS: Shape(
        "an https:// address without a port and without a slash at its end",
        "https://admin.example.org/users",
    ),
    RESOURCE_SERVER: Shape(
        "1 to 128 printable ASCII characters without spaces, quotes and backslashes", "standby"
    ),
    IDENTITY: Shape("the ARN of an SES identity", _ARN.format("ses", "identity/example.org")),
    ROLE: Shape("the ARN of an IAM role", "arn:aws:iam::111111111111:role/sms"),
    MAIL_ADDRESS: Shape("an e-mail address without a name", "help@example.org"),
    SENDER: Shape(
        "an e-mail address, or a name and an address in angle brackets",
        "Example <no-reply@example.org>",
    ),
    CONFIGURATION_SET: Shape("1 to 64 letters, digits, hyphens and underscores", "transactional"),
    FUNCTION: Shape(
        "the ARN of a Lambda function or alias",
        _ARN.format("lambda", "function:claims"),
    ),
    CLAIM: Shape(
        "a claim's name: letters, digits and any of _.-, in an https:// namespace or in none",
        "origin_sub",
    ),
    EXTERNAL_ID: Shape("2 to 1,224 letters, digits and any of _+=,.@:/-", "standby-sms-7f3a"),
}
"""Pattern -> its meaning. A test finds each pattern of the config here."""


def told(pattern: str) -> str:
    """What is said where a value does not match."""
    shape = SHAPES[pattern]
    return f"must be {shape.words}, such as {shape.example}"
