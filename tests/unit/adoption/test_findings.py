"""Each finding: that it is found, that it says how it is mended, and that the command exists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cognito_standby.adoption.domain.findings import Finding, Severity, counting
from cognito_standby.adoption.domain.judging import CATALOGUE, KINDS, judge, matters_of
from cognito_standby.adoption.domain.sides import Part, Plan, Unread
from cognito_standby.configuration.domain.document import Section
from tests.aws_commands import faults
from tests.odd_pools import ACCOUNT, ODD_POOLS
from tests.unit.adoption.cases import CASES, STANDING, changed, facts, plain
from tests.unit.adoption.recorded import AWAY, CALM, HOME, case_of, odd

pytestmark = pytest.mark.usefixtures("socket_disabled")
_OF_ODD_POOLS = json.loads(
    Path(__file__).with_name("odd_pools.json").read_text(encoding="utf-8")
).values()
MENDS_ITSELF = {"only-in-backup", "not-offered"}
"""Nothing has to be done about them."""


def _all() -> list[Finding]:
    cases = [make() for make in CASES.values()]
    for name in ODD_POOLS:
        cases.append(case_of(odd(name, HOME), odd("plain", AWAY)))
        cases.append(case_of(odd("plain", HOME), odd(name, AWAY)))
    return [each for case in cases for each in judge(case)]


@pytest.mark.parametrize("code", CASES)
def test_it_is_found(code: str) -> None:
    assert code in {each.matter.code for each in judge(CASES[code]())}


def test_each_code_is_found_somewhere() -> None:
    told = {code for row in _OF_ODD_POOLS for codes in row.values() for code in codes}
    assert CATALOGUE.keys() - told - CASES.keys() == set()


def test_codes_are_said_once() -> None:
    codes = [each.code for _, kind in KINDS for each in matters_of(kind)]
    assert sorted(set(codes)) == sorted(codes)


def test_two_plain_pools_in_a_calm_account_need_nothing() -> None:
    ses = {"EmailSendingAccount": "DEVELOPER"}
    at = {
        region: {**ses, "SourceArn": f"arn:aws:ses:{region}:{ACCOUNT}:identity/a.example"}
        for region in (HOME, AWAY)
    }
    one, other = (plain(region, EmailConfiguration=at[region]) for region in (HOME, AWAY))
    assert judge(case_of(one, other)) == ()


def test_a_client_that_may_not_write_the_origin_sub_lacks_nothing() -> None:
    """The primary's may, by having no list: that is the finding."""
    there = plain()
    (client,) = there.items(Section.CLIENTS)
    every: dict[str, list[str]] = {"WriteAttributes": [], "ReadAttributes": []}
    here = changed(plain(HOME), Section.CLIENTS, client, every)
    writable = sorted(here.items(Section.ATTRIBUTES).keys() - {"custom:origin_sub", "sub"})
    there = changed(there, Section.CLIENTS, client, {**every, "WriteAttributes": writable})
    codes = {each.matter.code for each in judge(case_of(here, there))}
    assert "origin-sub-writable" in codes
    assert not codes & {"client-attributes", "client-attributes-more"}


def test_each_says_how_it_is_mended_by_commands_that_exist() -> None:
    for found in _all():
        can = found.matter.code == "unread"  # an answer of AWS that is nobody's to mend
        assert found.mend or can or found.matter.code in MENDS_ITSELF, found.matter.code
        for step in (each for each in found.mend if each.startswith("aws ")):
            assert faults(step) == [], (found.matter.code, step)


def test_what_is_not_read_is_told_and_never_judged() -> None:
    """For each part in turn: one finding says so, and none takes it for something that is not
    there."""
    calm = {each.matter.code for each in judge(facts())}
    for part in CALM:
        found = judge(facts(**{part.name.lower(): Unread("X: AccessDeniedException", "x:X")}))
        assert {each.matter.code for each in found} - calm == {"unread"}, part
        (told,) = [each for each in found if each.matter.code == "unread"]
        assert told.about == f"{AWAY}: {part.value}"
        assert told.mend == ("let the caller look: x:X",)
        assert told.severity is Severity.UNKNOWN


def test_what_counts_is_at_least_as_bad_and_not_accepted() -> None:
    found = judge(case_of(odd("clients", HOME), odd("plain", AWAY)))
    codes = {each.matter.code for each in counting(found, Severity.LOSES)}
    assert codes == {"client-missing", "mail-own-sender", "origin-sub-missing"}
    assert counting(found, Severity.LOSES, codes) == ()
    assert counting(found, Severity.BLOCKS) == ()
    assert len(counting(found, Severity.NOTE)) == len(found)


def test_a_client_may_be_paired_by_the_configuration() -> None:
    """Two of one name are not told apart by it."""
    home, away = odd("clients", HOME), odd("clients", AWAY)

    def missing(plan: Plan) -> set[str]:
        found = judge(case_of(home, away, plan))
        return {each.about for each in found if each.matter.code == "client-missing"}

    assert missing(Plan()) == {"twin (11client)", "twin (12client)"}
    assert missing(Plan(clients={"11client": "22client"})) == set()


def test_the_installation_s_own_triggers_are_no_one_else_s() -> None:
    """Ours in the primary's slots are not missed in the backup as the owner's are."""
    ours = f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:standby-post_confirmation"
    home = changed(plain(HOME), *_slot("PostConfirmation", ours))
    found = {each.matter.code for each in judge(case_of(home, plain(), STANDING))}
    assert "trigger-missing" not in found
    assert "trigger-ours-late" in found


def test_an_identity_pool_of_the_same_name_does_not_hide_one() -> None:
    """The backup's Region has one of the name, which takes tokens of neither pool."""
    home, away = ({Part.IDENTITY_POOLS: {"apps": takes}} for takes in (_TAKES_HOME, []))
    found = judge(case_of(plain(HOME), plain(), here=home, there=away))
    assert "identity-pool" in {each.matter.code for each in found}


_TAKES_HOME = [f"cognito-idp.{HOME}.amazonaws.com/{HOME}_oddone:client"]


def _slot(name: str, arn: str) -> tuple[Section, str, dict[str, str]]:
    return Section.TRIGGERS, name, {"LambdaArn": arn}


def test_a_permission_for_this_pool_or_for_all_pools_lets_cognito_call() -> None:
    arn = f"arn:aws:lambda:{AWAY}:{ACCOUNT}:function:hello"
    away = changed(plain(), *_slot("PreAuthentication", arn))
    allow = {
        "Effect": "Allow",
        "Principal": {"Service": "cognito-idp.amazonaws.com"},
        "Action": "lambda:InvokeFunction",
    }

    def permitted(*sources: str) -> bool:
        statements = [
            {**allow, "Condition": {"ArnLike": {"AWS:SourceArn": source}}} for source in sources
        ]
        there = {Part.FUNCTIONS: {arn: statements or [allow]}}
        found = judge(case_of(plain(HOME), away, there=there))
        return "trigger-not-permitted" not in {each.matter.code for each in found}

    pools = f"arn:aws:cognito-idp:{AWAY}:{ACCOUNT}:userpool"
    assert permitted()
    assert permitted(f"{pools}/*")
    assert permitted(f"{pools}/other", f"{pools}/{away.user_pool_id}")
    assert not permitted(f"{pools}/other")
