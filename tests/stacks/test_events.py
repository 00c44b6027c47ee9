"""Rules and pipes: what they let through, what they make of it, and that none loses anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cognito_standby.core.domain.hints import DETAIL_TYPE, SOURCE, Hint
from cognito_standby.core.domain.subjects import CLAIM_KEY
from tests.stacks.event_patterns import look_up, matches, rendered, resolved, transformed
from tests.stacks.templates import Assembly, Template, without_hash

RULE, PIPE = "AWS::Events::Rule", "AWS::Pipes::Pipe"
FIXTURE = json.loads((Path(__file__).parent / "cloudtrail_events.json").read_text())
EVENTS: dict[str, dict[str, Any]] = FIXTURE["events"]
REPLAY_ROLE = "arn:aws:iam::111111111111:role/alpha-replay"
ADMIN, SELF, GROUPS = "cloudtrail-admin", "cloudtrail-self-service", "cloudtrail-groups"
MEMBERS, CHALLENGES = "cloudtrail-members", "cloudtrail-challenges"
PAGES, FORMS = "managed-login", "managed-login-forms"


def _rules(template: Template) -> dict[str, dict[str, Any]]:
    """Rule name -> properties, without the rule of failures, which test_containment looks at."""
    references = {}
    for key in template.resources:
        match without_hash(key):
            case "UsersPool":
                references[key] = FIXTURE["user_pool_id"]
            case "replayrecordRole" | "containfailureRole":
                references[f"{key}.Arn"] = REPLAY_ROLE
            case _:
                pass
    return {
        rule["Name"].partition("-")[2]: resolved(rule, references)
        for rule in template.of_type(RULE).values()
        if not rule["Name"].endswith("-failures")
    }


def test_every_target_has_a_dead_letter_queue_and_bounded_retries(assembly: Assembly) -> None:
    for template in assembly.regions:
        rules = template.of_type(RULE)
        assert len(rules) == 11
        for rule in rules.values():
            (target,) = rule["Targets"]
            queue = target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
            assert without_hash(queue) == "QueuesDeadLetters"
            assert 0 < target["RetryPolicy"]["MaximumRetryAttempts"] <= 185
            assert 60 <= target["RetryPolicy"]["MaximumEventAgeInSeconds"] < 86_400


def test_the_hint_rule(standard: Assembly) -> None:
    for template in standard.regions:
        rule = _rules(template)["hints"]
        assert rule["EventPattern"] == {"source": [SOURCE], "detail-type": [DETAIL_TYPE]}
        assert without_hash(rule["EventBusName"]) == "HintsBus"
        (target,) = rule["Targets"]
        assert target["InputPath"] == "$.detail"


@pytest.mark.parametrize(
    ("event", "rules"),
    [
        ("admin_by_role", {ADMIN}),
        ("admin_by_user", {ADMIN}),
        ("admin_membership", {ADMIN}),
        ("admin_other_pool", set()),
        ("admin_refused", set()),
        ("admin_without_sub", set()),
        ("admin_read", set()),
        ("own_with_pool", {SELF}),
        ("own_without_pool", {SELF}),
        ("own_other_pool", set()),
        ("own_refused", set()),
        ("group_created", {GROUPS}),
        ("group_masked", set()),
        ("group_other_pool", set()),
        ("group_deleted", {GROUPS, MEMBERS}),
        ("group_deletion_refused", set()),
        ("recovery_started", {"cloudtrail-recoveries"}),
        ("recovery_of_another_pool", set()),
        ("admin_masked_sub", set()),
        ("challenge_first_password", {CHALLENGES}),
        ("challenge_sms_mfa", {CHALLENGES}),
        ("challenge_sms_mfa_by_role", {CHALLENGES}),
        ("challenge_sign_in", set()),
        ("page_viewed", set()),
        ("page_signed_up", set()),
        ("page_confirmed", {FORMS}),
        ("page_confirmation_refused", set()),
        ("page_other_pool", set()),
        ("page_saml", set()),
        ("page_password_reset", {PAGES}),
    ],
)
def test_which_calls_become_hints(detached: Assembly, event: str, rules: set[str]) -> None:
    """Where the trigger is not ours, so that all of them are listened to."""
    found = _rules(detached.primary)
    assert {name for name in found if matches(found[name]["EventPattern"], EVENTS[event])} == rules


@pytest.mark.parametrize("event", ["admin_by_role", "group_created", "group_deleted"])
def test_our_own_writes_are_no_hints(standard: Assembly, event: str) -> None:
    echo = json.loads(json.dumps(EVENTS[event]))
    echo["detail"]["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] = REPLAY_ROLE
    rules = _rules(standard.primary)
    assert not [name for name in rules if matches(rules[name]["EventPattern"], echo)]


@pytest.mark.parametrize(
    ("event", "rule", "subject"),
    [
        ("admin_by_role", ADMIN, {"local_sub": FIXTURE["sub"]}),
        ("own_without_pool", SELF, {"local_sub": FIXTURE["sub"]}),
        ("group_created", GROUPS, {"group": "staff"}),
        ("group_deleted", MEMBERS, {"group": "staff"}),
        ("challenge_first_password", CHALLENGES, {"local_sub": FIXTURE["sub"]}),
        ("challenge_sms_mfa", CHALLENGES, {"local_sub": FIXTURE["sub"]}),
        ("challenge_sms_mfa_by_role", CHALLENGES, {"local_sub": FIXTURE["sub"]}),
        ("page_password_reset", PAGES, {"local_sub": FIXTURE["sub"]}),
        ("page_confirmed", FORMS, {"local_sub": FIXTURE["sub"]}),
    ],
)
def test_a_call_becomes_exactly_a_hint(
    standard: Assembly, event: str, rule: str, subject: dict[str, str]
) -> None:
    (target,) = _rules(standard.primary)[rule]["Targets"]
    made = transformed(target["InputTransformer"], EVENTS[event])
    detail = EVENTS[event]["detail"]
    challenge = event.startswith("challenge")
    cause = detail["requestParameters"]["challengeName"] if challenge else detail["eventName"]
    assert made == subject | {
        "cause": cause,
        "change_id": detail["eventID"],
        "hinted_at": detail["eventTime"],
    }
    assert Hint.from_dict(made).to_dict() == made


def _pipe(template: Template, name: str) -> dict[str, Any]:
    (found,) = [p for p in template.of_type(PIPE).values() if name in json.dumps(p["Name"])]
    return found


def test_pipes_are_bounded_and_have_a_dead_letter_queue(assembly: Assembly) -> None:
    for template in assembly.regions:
        assert len(template.of_type(PIPE)) == 2
        source = _pipe(template, "replica-stream")["SourceParameters"]["DynamoDBStreamParameters"]
        queue = source["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
        assert without_hash(queue) == "QueuesDeadLetters"
        assert 0 < source["MaximumRetryAttempts"] <= 185
        assert 60 <= source["MaximumRecordAgeInSeconds"] < 86_400, "a stream keeps 24 h"
        assert source["OnPartialBatchItemFailure"] == "AUTOMATIC_BISECT"
        assert (source["BatchSize"], source["StartingPosition"]) == (1, "TRIM_HORIZON")
        parked = _pipe(template, "parked-hints")["SourceParameters"]["SqsQueueParameters"]
        assert parked["BatchSize"] == 1
        queue = template.named("QueuesParkedHints")["Properties"]
        assert queue["RedrivePolicy"]["maxReceiveCount"] == 10
        letters = queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]
        assert without_hash(letters) == "QueuesDeadLetters"


def test_each_pipe_has_a_role_of_its_own(standard: Assembly) -> None:
    roles = [str(pipe["RoleArn"]) for pipe in standard.primary.of_type(PIPE).values()]
    assert len(set(roles)) == 2


def _record(
    region: str, name: str = "MODIFY", key: str = "origin-1", bulk: bool = False
) -> dict[str, Any]:
    keys = {"origin_sub": {"S": key}, "region": {"S": region}}
    change: dict[str, Any] = {"Keys": keys, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    if name != "REMOVE":
        mark = {"bulk": {"BOOL": True}} if bulk else {}
        change["NewImage"] = keys | {"revision": {"N": "2"}} | mark
    return {"eventID": "e-1", "eventName": name, "eventSource": "aws:dynamodb", "dynamodb": change}


@pytest.mark.parametrize(
    ("record", "passes"),
    [
        (_record("us-west-2"), True),
        (_record("us-west-2", "INSERT"), True),
        (_record("us-west-2", key="#group#staff"), True),
        (_record("us-west-2", "REMOVE"), False),
        (_record("us-east-1"), False),
        (_record("us-west-2", key=CLAIM_KEY), False),
        (_record("us-west-2", bulk=True), False),
        (_record("us-west-2", "REMOVE", bulk=True), False),
    ],
)
def test_which_stream_records_pass(
    standard: Assembly, record: dict[str, Any], passes: bool
) -> None:
    criteria = _pipe(standard.primary, "replica-stream")["SourceParameters"]["FilterCriteria"]
    (one,) = criteria["Filters"]
    assert matches(json.loads(one["Pattern"]), record) is passes


def test_stream_filters_use_only_what_pipes_know(assembly: Assembly) -> None:
    """Pipes know `anything-but` without a prefix, and no eventName."""
    for template in assembly.regions:
        pipe = _pipe(template, "replica-stream")
        (one,) = pipe["SourceParameters"]["FilterCriteria"]["Filters"]
        assert "prefix" not in one["Pattern"]
        assert set(json.loads(one["Pattern"])) == {"dynamodb"}


def test_a_stream_record_becomes_a_hint_with_the_key_alone(standard: Assembly) -> None:
    template = _pipe(standard.primary, "replica-stream")["TargetParameters"]["InputTemplate"]
    record = _record("us-west-2")
    values = {path: look_up(record, path) for path in _paths(template)}
    made = rendered(template, values)
    expected = {"origin_sub": "origin-1", "cause": "replica_stream", "change_id": "e-1"}
    assert made == expected
    assert Hint.from_dict(made).to_dict() == expected


def test_a_parked_hint_is_handed_over_whole(standard: Assembly) -> None:
    """`<$.body>` alone would lose the quotes of a JSON body, so the body is a field."""
    template = _pipe(standard.primary, "parked-hints")["TargetParameters"]["InputTemplate"]
    hint = Hint(local_sub="sub-1", cause="test", created=True).to_dict()
    message = {"messageId": "m-1", "body": hint}
    made = rendered(template, {path: look_up(message, path) for path in _paths(template)})
    assert made == {"hint": hint}


def _paths(template: str) -> list[str]:
    return [part.split(">")[0] for part in template.split("<")[1:]]


def test_executions_are_not_waited_for(standard: Assembly) -> None:
    for pipe in standard.primary.of_type(PIPE).values():
        parameters = pipe["TargetParameters"]["StepFunctionStateMachineParameters"]
        assert parameters == {"InvocationType": "FIRE_AND_FORGET"}
