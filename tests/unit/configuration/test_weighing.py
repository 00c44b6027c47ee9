"""How much a difference matters on the day, and what mends it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cognito_standby.adoption.domain.findings import Severity
from cognito_standby.adoption.domain.judging import judge
from cognito_standby.configuration.domain.differences import Difference, Kind
from cognito_standby.configuration.domain.document import PoolConfiguration, Section
from cognito_standby.configuration.domain.drift import drift_between
from cognito_standby.configuration.domain.mending import mend
from cognito_standby.configuration.domain.weighing import weigh
from tests.aws_commands import faults
from tests.odd_pools import ODD_POOLS
from tests.unit.adoption.recorded import AWAY, HOME, case_of, odd
from tests.unit.adoption.test_odd_pools import OF_ONE_POOL
from tests.unit.configuration.documents import OTHER_ID, document

pytestmark = pytest.mark.usefixtures("socket_disabled")
HERE = document(
    clients={"1": {"ClientName": "the app", "HasSecret": False}},
    resource_servers={"https://api": {"Name": "it's ours", "Scopes": [{"ScopeName": "read"}]}},
    sessions={
        "pool": {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 3}},
        "1": {"SSOSession": {"MaxValidityMinutes": 15}},
    },
    providers={"Corp": {"ProviderType": "SAML", "AttributeMapping": {"email": "mail"}}},
)
THERE = replace(document(user_pool_id=OTHER_ID), region="us-west-2")
_PAIRS = [pair for name in ODD_POOLS for pair in ((name, "plain"), ("plain", name))]


@pytest.mark.parametrize(("active", "standby"), _PAIRS)
def test_what_blocks_is_what_blocks_to_the_doctor(active: str, standby: str) -> None:
    here, there = odd(active, HOME), odd(standby, AWAY)
    of_one = OF_ONE_POOL - {"recovery-closed"}
    doctor = [each for each in judge(case_of(here, there)) if each.matter.code not in of_one]
    told = [weigh(each).severity for each in drift_between(here, there).differences]
    assert (Severity.BLOCKS in told) == (Severity.BLOCKS in {each.severity for each in doctor})


def one(section: str, item: str, path: str, left: Any, right: Any) -> Difference:
    kind = Kind.CHANGED
    if left is None or right is None:
        kind = Kind.ONLY_RIGHT if left is None else Kind.ONLY_LEFT
    return Difference(Section(section), item, path, left, right, kind)


@pytest.mark.parametrize(
    ("difference", "severity"),
    [
        (one("mfa", "pool", "MfaConfiguration", "ON", "OPTIONAL"), Severity.LOSES),
        (one("mfa", "pool", "MfaConfiguration", "OFF", "ON"), Severity.INCONVENIENT),
        # Without a list a client may read and write everything.
        (one("clients", "1", "ReadAttributes", ["email"], None), Severity.INCONVENIENT),
        (one("clients", "1", "WriteAttributes", ["email"], []), Severity.INCONVENIENT),
        (one("clients", "1", "WriteAttributes", None, ["email"]), Severity.INCONVENIENT),
        (one("clients", "1", "WriteAttributes", ["email", "name"], ["email"]), Severity.LOSES),
        (one("pool", "pool", "UserPoolTier", "PLUS", "LITE"), Severity.LOSES),
        (one("pool", "pool", "UserPoolTier", "LITE", "PLUS"), Severity.NOTE),
        (one("pool", "pool", "AutoVerifiedAttributes", ["email"], []), Severity.LOSES),
        (one("pool", "pool", "SomethingNew", 1, 2), Severity.INCONVENIENT),
        (one("clients", "1", "CallbackURLs", ["a", "b"], ["b"]), Severity.LOSES),
        (one("clients", "1", "CallbackURLs", ["a"], ["a", "b"]), Severity.INCONVENIENT),
        (one("clients", "1", "AccessTokenValidity", 5, 60), Severity.INCONVENIENT),
        (one("clients", "1", "HasSecret", False, True), Severity.LOSES),
        (one("clients", "1", "", {"ClientName": "app"}, None), Severity.LOSES),
        (one("clients", "1", "", None, {"ClientName": "app"}), Severity.NOTE),
        (one("attributes", "custom:a", "", None, {"Mutable": True}), Severity.NOTE),
        (one("attributes", "email", "Required", None, True), Severity.INCONVENIENT),
        (one("attributes", "custom:a", "Mutable", True, False), Severity.LOSES),
        (one("triggers", "PreSignUp", "", None, {"LambdaArn": "f"}), Severity.LOSES),
        (one("tags", "team", "Value", "a", "b"), Severity.NOTE),
        (one("web_acl", "pool", "", {"Arn": "a"}, None), Severity.INCONVENIENT),
    ],
)
def test_how_much_it_matters(difference: Difference, severity: Severity) -> None:
    assert weigh(difference).severity is severity


def test_what_could_not_be_read_is_unknown() -> None:
    told = Difference(Section.RISK, "", "", "not read: denied (X: Y)", None, Kind.UNKNOWN)
    assert weigh(told).severity is Severity.UNKNOWN
    assert "standby config diff --live" in mend(told, HERE, THERE)


@pytest.mark.parametrize(
    ("difference", "begins", "holds"),
    [
        (
            one("tags", "team's", "", {"Value": "a b"}, None),
            "aws cognito-idp tag-resource --region us-west-2 --resource-arn",
            """'{"team'"'"'s": "a b"}'""",
        ),
        (
            one("tags", "team", "", None, {"Value": "a"}),
            "aws cognito-idp untag-",
            "--tag-keys team",
        ),
        (
            one("resource_servers", "https://api", "", {}, None),
            "aws cognito-idp create-resource-server",
            """--scopes '[{"ScopeName": "read"}]'""",
        ),
        (
            one("resource_servers", "https://api", "Scopes", [1], [2]),
            "aws cognito-idp update-resource-server",
            f"--user-pool-id {OTHER_ID}",
        ),
        (one("clients", "1", "", {}, None), "aws cognito-idp create-user-pool-client", "'the app'"),
        (
            one("sessions", "pool", "UserSessionTracking", "ENABLED", "DISABLED"),
            "aws cognito-idp set-user-pool-session-configuration",
            """--user-session-tracking ENABLED --token-session '{"MaxPerUser": 3}'""",
        ),
        (
            one("sessions", "1", "", {}, None),
            "aws cognito-idp set-user-pool-client-session-configuration",
            "--client-id '<id of the client for 1>'",
        ),
        (one("providers", "Corp", "", {}, None), "aws cognito-idp create-identity-pro", "SAML"),
        (
            one("attributes", "custom:a", "", {"AttributeDataType": "String"}, None),
            "aws cognito-idp add-custom-attributes",
            '"Name": "a"',
        ),
        (one("domains", "prefix", "", {}, None), "aws cognito-idp create-user-pool-domain", "free"),
        (one("web_acl", "pool", "", {}, None), "aws wafv2 associate-web-acl", f"/{OTHER_ID}"),
        (one("web_acl", "pool", "", None, {}), "aws wafv2 disassociate-web-acl", "us-west-2"),
    ],
)
def test_a_command_where_one_call_is_about_nothing_else(
    difference: Difference, begins: str, holds: str
) -> None:
    active = HERE if difference.section is not Section.ATTRIBUTES else _with_attribute()
    told = mend(difference, active, THERE)
    assert told.startswith(begins) and holds in told
    assert not faults(told)


def _with_attribute() -> PoolConfiguration:
    return document(attributes={"custom:a": {"AttributeDataType": "String"}})


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (one("pool", "pool", "Policies.PasswordPolicy.MinimumLength", 8, 6), "Password policy"),
        (one("pool", "pool", "UsernameAttributes", ["email"], None), "cannot be changed"),
        (one("attributes", "email", "Required", True, None), "cannot be changed"),
        (one("clients", "1", "AccessTokenValidity", 5, 6), "App clients > the app"),
        (one("triggers", "PreSignUp", "", {}, None), "standby attach"),
        (one("sessions", "9", "", None, {}), "user pool us-east-1_bbbbbbbbb: App clients"),
    ],
)
def test_a_step_where_a_call_would_reset_the_rest(difference: Difference, said: str) -> None:
    told = mend(difference, HERE, THERE)
    assert said in told and not told.startswith("aws ")
