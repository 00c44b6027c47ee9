"""The proposed standby of each odd pool: judged by the doctor, only what belongs to a Region is
left, and it says so itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from cognito_standby.adoption.domain.first_config import Basics, of_existing
from cognito_standby.adoption.domain.judging import judge
from cognito_standby.adoption.domain.proposal import NotProposedError, proposed
from cognito_standby.adoption.domain.template import parameters_of, stack_name, template_of
from cognito_standby.configuration.domain.document import (
    PoolConfiguration,
    Section,
    Unread,
    WhyUnread,
)
from cognito_standby.configuration.domain.secret_fields import HIDDEN
from tests.aws_commands import faults
from tests.odd_pools import ODD_POOLS
from tests.unit.adoption.cases import changed, plain
from tests.unit.adoption.recorded import AWAY, HOME, case_of, odd

pytestmark = pytest.mark.usefixtures("socket_disabled")
OF_BOTH = {
    *("mail-own-sender", "deletion-protection", "origin-sub-missing", "origin-sub-writable"),
    *("recovery-closed", "passkeys-enrol-again", "client-credentials", "client-missing"),
    *("only-in-backup", "trigger-not-permitted", "sender-key", "pool-key", "client-attributes"),
}
"""What is so of the primary, or of two pools that are alike."""
SAID = {
    "trigger-missing": "triggers",
    "sender-missing": "triggers",
    "look-missing": "look",
    "risk-settings": "threat protection",
    "log-delivery": "log delivery",
    "group-role-unmapped": "group_roles",
    "pool-key-missing": "KMS key",
    "domain-custom-missing": "domain",
    "attribute-only-in-backup": "",
    "provider-registration": "",
    "differs": "",
}
"""Code -> a word of what the proposal says that it leaves out."""
DIFFER = {"plus", "new_features", "managed_login"}
"""Odd pools with settings beside the pool that no rule of its own knows."""


@pytest.mark.parametrize("name", ODD_POOLS)
def test_what_is_left_is_said(name: str) -> None:
    home = odd(name, HOME)
    proposal = proposed(home, AWAY)
    told = " ".join(word for each in proposal.left_out for word in (each.what, *each.how))
    assert all(each.how for each in proposal.left_out)
    assert [
        fault for each in proposal.left_out for step in each.how for fault in faults(step)
    ] == []
    for each in judge(case_of(home, proposal.document)):
        code = each.matter.code
        if code in OF_BOTH:
            continue
        assert SAID[code] in told or "style" in told, each
        assert code != "differs" or name in DIFFER, each


def test_no_client_may_write_the_mark_of_origin() -> None:
    found = judge(case_of(plain(HOME), proposed(odd("plain", HOME), AWAY).document))
    assert "origin-sub-writable" not in {each.matter.code for each in found}


def test_session_tracking_is_set_by_a_command_that_can_be_copied() -> None:
    told = {each.what: each.how for each in proposed(odd("new_features", HOME), AWAY).left_out}
    of_client, of_pool = sorted(told["session tracking"])
    assert of_client.startswith("aws cognito-idp set-user-pool-client-session-configuration")
    assert "set-user-pool-session-configuration --region us-west-2" in of_pool
    assert """--token-session '{"MaxPerUser": 3}'""" in of_pool
    assert "--client-id '<id of the new client app>' --sso-session" in of_client


def test_mail_and_sms_are_sent_from_its_own_region() -> None:
    mail = proposed(odd("messages", HOME), AWAY).document.pool["EmailConfiguration"]
    assert f":{AWAY}:" in mail["SourceArn"]
    assert proposed(odd("phone_names", HOME), AWAY).document.pool["SmsConfiguration"][
        "SnsRegion"
    ] == (AWAY)


def test_a_template_holds_no_secret_and_asks_for_it() -> None:
    template = template_of(proposed(odd("providers", HOME), AWAY))
    assert HIDDEN not in json.dumps(template)
    asked = set(parameters_of(template))
    assert {each for each in asked if "Secret" in each} == {
        *("Provider1ClientSecret", "Provider3ClientSecret")
    } or len(asked) == 2
    assert all(template["Parameters"][each]["NoEcho"] for each in asked)


def test_the_pool_outlives_its_stack_and_is_not_replaced() -> None:
    pool = template_of(proposed(odd("attributes", HOME), AWAY))["Resources"]["Pool"]
    assert pool["DeletionPolicy"] == pool["UpdateReplacePolicy"] == "Retain"
    assert pool["Properties"]["DeletionProtection"] == "ACTIVE"
    names = {each["Name"] for each in pool["Properties"]["Schema"]}
    assert {"origin_sub", "badge", "level"} <= names


def test_what_cannot_be_copied_is_refused() -> None:
    home = odd("plain", HOME)
    unread = Unread(Section.CLIENTS, "", "ListUserPoolClients", WhyUnread.DENIED, "AccessDenied")
    with pytest.raises(NotProposedError, match="clients could not be read"):
        proposed(replace(home, unread=(unread,)), AWAY)
    full: PoolConfiguration = home
    for number in range(50):
        full = changed(full, Section.ATTRIBUTES, f"custom:a{number}", {"Mutable": True})
    with pytest.raises(NotProposedError, match="no room"):
        proposed(full, AWAY)


@pytest.mark.parametrize(
    ("name", "stack"),
    [("people", "people-standby"), ("Meine Leute!", "Meine-Leute-standby"), ("1", "pool-standby")],
)
def test_the_stack_has_a_name_that_cloudformation_takes(name: str, stack: str) -> None:
    assert stack_name(name) == stack


def test_clients_are_named_in_pairs() -> None:
    one, other = (
        changed(odd("groups", region), Section.CLIENTS, client, {"ClientName": name})
        for region, client in ((HOME, "1a"), (AWAY, "2a"))
        for name in ("web shop, of 2026 and all the years after it",)
    )
    basics = Basics("standby", "111111111111", HOME, AWAY)
    config = of_existing(basics, case_of(one, other))
    (client,) = config["pools"]["clients"]
    assert (client["primary"], client["backup"]) == ("1a", "2a")
    assert client["name"] == "web-shop-of-2026-and-all-the-yea"
    assert config["group_roles"] == [
        {"primary": role, "backup": role} for role in ("arn:aws:iam::111111111111:role/all",)
    ]
