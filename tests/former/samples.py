"""Letters beside those of the unit tests, and inputs of executions as their senders write them."""

from __future__ import annotations

import json
from typing import Any

from tests.former import today
from tests.former.messages import SUB
from tests.former.world import ROOT

CHANGE_ARN = "arn:aws:states:us-east-1:111111111111:execution:standby-apply_admin_change:1"
MORE_LETTERS: tuple[dict[str, Any], ...] = (
    {
        "name": "failed_change",
        "body": {
            "kind": "failed_execution",
            "execution_arn": CHANGE_ARN,
            "machine": "apply_admin_change",
            "status": "TIMED_OUT",
            "error": "",
            "subject": SUB,
            "change_id": "change-1",
            "region": "us-east-1",
            "redrive_count": 2,
            "failed_at": "2026-03-04T05:06:07+00:00",
        },
    },
    {
        "name": "rule_change",
        "body": {
            "source": "cognito-standby",
            "detail-type": "AdminChangeRequested",
            "detail": {"change_id": "change-1"},
        },
        "attributes": {
            "RULE_ARN": "arn:aws:events:us-east-1:111111111111:rule/b/standby-admin-changes",
            "ERROR_CODE": "THROTTLING",
        },
    },
    {"name": "rule_change_input", "body": {"change_id": "change-1"}},
    {"name": "unreadable", "body": {"kind": "of tomorrow", "x": 1}},
)
_CLOUDTRAIL = {
    "cause": "AdminDisableUser",
    "change_id": "7b7e2a64-0000-4000-8000-000000000002",
    "hinted_at": "2026-03-04T05:06:07Z",
}
_PARKED = {
    "local_sub": SUB,
    "cause": "PostConfirmation_ConfirmSignUp",
    "user_pool_id": "us-east-1_Invented",
    "created": True,
}
INPUTS: tuple[tuple[str, str, Any], ...] = (
    ("sync_user", "rule of the hints", {**_PARKED, "change_id": "c-1", "hinted_at": "2026-03-04"}),
    (
        "sync_user",
        "pipe of the replica's stream",
        [{"origin_sub": SUB, "cause": "replica_stream", "change_id": "e-1"}],
    ),
    (
        "sync_user",
        "the same about a group",
        [{"origin_sub": "#group#staff", "cause": "replica_stream", "change_id": "e-2"}],
    ),
    ("sync_user", "pipe of the parked hints", [{"hint": _PARKED}]),
    ("sync_user", "CloudTrail's rule about a user", {"local_sub": SUB, **_CLOUDTRAIL}),
    ("sync_user", "CloudTrail's rule about a group", {"group": "staff", **_CLOUDTRAIL}),
    ("sync_user", "redrive", {"origin_sub": SUB, "cause": "redrive", "change_id": "c-1"}),
    ("sync_user", "of a later release", {"origin_sub": SUB, "cause": "x", "tomorrow": {"a": 1}}),
    ("hint_members", "CloudTrail's rule", {"group": "staff", **_CLOUDTRAIL}),
    ("apply_admin_change", "rule of the changes", {"change_id": "change-1"}),
    ("contain_failure", "rule of failures", {"execution_arn": CHANGE_ARN, "status": "FAILED"}),
    ("reconcile_pool", "recovery, or a schedule of before", {}),
    ("reconcile_pool", "schedule", {"scheduled": True}),
    ("reconcile_pool", "command", {"dry_run": True, "shards": ["0a", "f0"], "clear_ids": True}),
    ("reconcile_pool", "seed", {"seeding": True}),
    ("reconcile_pool", "resume", {"resume": "run-1"}),
)

_EVENTS = (
    *("admin_by_role", "admin_membership", "own_with_pool", "own_without_pool", "group_created"),
    *("group_deleted", "challenge_first_password", "recovery_started"),
)


def letters() -> list[dict[str, Any]]:
    """Those of the unit tests, and what CloudTrail's rules could not deliver, too."""
    known = json.loads(today.LETTERS.read_text())["letters"]
    told = [{k: each[k] for k in ("name", "body", "attributes")} for each in known]
    events = json.loads((ROOT / "tests/stacks/cloudtrail_events.json").read_text())["events"]
    rule = {"RULE_ARN": "arn:aws:events:us-east-1:111111111111:rule/standby-cloudtrail"}
    trail = [{"name": f"event {n}", "body": events[n], "attributes": rule} for n in _EVENTS]
    return [*told, *({"attributes": {}, **each} for each in MORE_LETTERS), *trail]
