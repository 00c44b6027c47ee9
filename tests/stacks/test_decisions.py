"""Everything that Cognito can be told to do has a decision, and the rules follow the decisions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

import botocore.session
import pytest

from stacks import cloudtrail_operations as operations
from stacks import managed_login_events as pages
from tests.stacks.templates import Assembly, Template, without_hash

MODEL = botocore.session.get_session().get_service_model("cognito-idp")
BY_GROUP = {"DeleteGroup"}
"""Two decisions: the group's own record, and its members'."""

HINTS = (operations.ADMIN, operations.SELF_SERVICE, operations.CHALLENGES, operations.GROUPS)
OTHERS = (
    *(operations.RECONCILED, operations.RECOVERED),
    *(operations.NOT_FOLLOWED, operations.NOT_USER_DATA),
)
REASONED = (*HINTS, operations.FOLLOWED, *OTHERS)

COVERED = {"AdminConfirmSignUp", "ConfirmForgotPassword", "ConfirmSignUp", "SignUp"}
COVERED_PAGES = {"Confirm_POST", "signup_confirm_POST", "Signup_POST", "signup_POST"}
COVERED_PAGES |= {"ConfirmForgotPassword_POST", "forgotPassword_POST"}


def test_every_operation_of_the_service_has_exactly_one_decision() -> None:
    decided = Counter(name for table in (*HINTS, *OTHERS, operations.READS) for name in table)
    assert set(decided) == set(MODEL.operation_names)
    assert [name for name, times in decided.items() if times > 1] == []
    assert set(operations.FOLLOWED) == BY_GROUP <= set(operations.GROUPS)


def test_every_decision_has_a_reason() -> None:
    for table in REASONED:
        assert all(len(reason) >= 8 for reason in table.values())
    assert all(len(reason) >= 8 for reason in pages.HINTS.values())


def test_what_only_reads_is_named_so() -> None:
    verbs = ("AdminGet", "AdminList", "Describe", "Get", "List")
    assert [name for name in operations.READS if not name.startswith(verbs)] == []


def members_of(operation: str) -> Mapping[str, Any]:
    """What an operation is asked with."""
    shape = MODEL.operation_model(operation).input_shape
    assert shape is not None
    return shape.members


def test_calls_with_credentials_name_the_pool_and_others_do_not() -> None:
    for name in (*operations.ADMIN, *operations.GROUPS):
        assert "UserPoolId" in members_of(name)
    for name in operations.SELF_SERVICE:
        assert "UserPoolId" not in members_of(name)


def test_the_challenges_exist() -> None:
    for name in operations.CHALLENGES:
        shape = members_of(name)["ChallengeName"]
        assert set(operations.CHALLENGE_NAMES) <= set(shape.enum)


def test_events_of_pages_have_one_decision() -> None:
    assert not set(pages.HINTS) & pages.NO_HINTS
    # The tables of the Cognito developer guide, "Logging with CloudTrail": 35 and 17 events.
    assert len({*pages.HINTS, *pages.NO_HINTS}) == PAGES_DOCUMENTED


PAGES_DOCUMENTED = 52


def _listened_to(template: Template, detail_type: str) -> set[str]:
    patterns = [rule["EventPattern"] for rule in template.of_type("AWS::Events::Rule").values()]
    return {
        name
        for one in patterns
        if one["detail-type"] == [detail_type]
        for name in one.get("detail", {}).get("eventName", [])
    }


CALLS, SERVICE = "AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"


def test_what_the_attached_trigger_reports_is_not_listened_to_twice(standard: Assembly) -> None:
    every = {name for table in HINTS for name in table}
    assert operations.COVERED_BY_TRIGGER == COVERED <= every
    assert pages.COVERED_BY_TRIGGER == COVERED_PAGES <= set(pages.HINTS)
    for template in standard.regions:
        assert _listened_to(template, CALLS) == (every - COVERED) | set(operations.RECOVERED)
        assert _listened_to(template, SERVICE) == set(pages.HINTS) - COVERED_PAGES


@pytest.mark.parametrize("variant", ["existing", "detached"])
def test_without_our_trigger_cloudtrail_reports_sign_ups(synthesizer: Any, variant: str) -> None:
    for template in synthesizer.assembly(variant).regions:
        assert _listened_to(template, CALLS) >= COVERED
        assert _listened_to(template, SERVICE) == set(pages.HINTS)


def test_a_deleted_group_starts_the_search_for_its_members(standard: Assembly) -> None:
    for template in standard.regions:
        (rule,) = [
            one
            for one in template.of_type("AWS::Events::Rule").values()
            if one["Name"].endswith("-cloudtrail-members")
        ]
        assert rule["EventPattern"]["detail"]["eventName"] == ["DeleteGroup"]
        (target,) = rule["Targets"]
        assert without_hash(target["Arn"]["Ref"]) == "hintmembersmachineMachine"


def test_a_started_recovery_starts_a_reconciliation(standard: Assembly) -> None:
    for template in standard.regions:
        (rule,) = [
            one
            for one in template.of_type("AWS::Events::Rule").values()
            if one["Name"].endswith("-cloudtrail-recoveries")
        ]
        assert rule["EventPattern"]["detail"]["eventName"] == ["StartPointInTimeRecovery"]
        (target,) = rule["Targets"]
        assert without_hash(target["Arn"]["Ref"]) == "reconcilepoolMachine"
        assert json.loads(target["Input"]) == {"scheduled": True}
