"""What UpdateUserPool is sent so that it changes triggers and nothing else."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_standby.adoption.adapters.attaching import CognitoSettings
from cognito_standby.adoption.domain.attachment import (
    SLOTS,
    TOKENS_WITH_VERSION,
    Ours,
    Taken,
    as_meant,
    attach,
    detach,
    function_in,
    turned,
)
from cognito_standby.adoption.domain.pool_update import (
    NOT_SET_BACK,
    RENAMED,
    SENT,
    PoolSettings,
    UnknownFieldError,
    changed_besides,
    lost_on_the_way,
    update_of,
)
from cognito_standby.operator.adapters.connection import Connection

POOL = {"Id": "us-east-1_a", "Name": "people", "Arn": "arn:aws:cognito-idp:..."}


def settings(**fields: Any) -> PoolSettings:
    return PoolSettings({**POOL, **fields}, {"MfaConfiguration": "OFF"})


def test_each_field_of_a_pool_is_decided_about() -> None:
    model: Any = botocore.session.get_session().get_service_model("cognito-idp")
    described = set(model.shape_for("UserPoolType").members)
    asked = set(model.operation_model("UpdateUserPool").input_shape.members)
    assert described & asked == SENT
    assert described - asked == NOT_SET_BACK | RENAMED.keys()
    assert asked - described == set(RENAMED.values())


def test_all_is_sent_again_and_nothing_that_is_not_set_up() -> None:
    pool = settings(DeletionProtection="ACTIVE", EmailVerificationMessage="", SmsConfiguration={})
    assert update_of(pool, {"PreSignUp": "f"}) == {
        "UserPoolId": "us-east-1_a",
        "PoolName": "people",
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {"PreSignUp": "f"},
    }


def test_of_two_names_for_one_thing_the_newer_is_sent() -> None:
    policy = {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}}
    invited = {"AllowAdminCreateUserOnly": True, "UnusedAccountValidityDays": 3}
    sent = update_of(settings(Policies=policy, AdminCreateUserConfig=invited), {})
    assert sent["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    older = update_of(settings(AdminCreateUserConfig=invited), {})
    assert older["AdminCreateUserConfig"] == invited


@pytest.mark.parametrize(
    "pool",
    [
        settings(Telepathy={"Enabled": True}),
        PoolSettings(POOL, {}, unknown=("Policies.PasswordPolicy.Runes",)),
    ],
    ids=["a field", "within a field"],
)
def test_what_this_release_does_not_know_is_refused(pool: PoolSettings) -> None:
    with pytest.raises(UnknownFieldError):
        update_of(pool, {})


def test_what_the_sdk_left_out_of_an_answer_is_found() -> None:
    sent = {"a": {"b": 1, "new": 2}, "list": [{"c": 1}, {"c": 1, "d": 2}], "nothing": None}
    read = {"a": {"b": 1}, "list": [{"c": 1}, {"c": 1}]}
    assert list(lost_on_the_way(sent, read)) == ["a.new", "list[1].d"]


class _Answers(BaseHTTPRequestHandler):
    """A Cognito that tells more of a pool than the SDK's model has."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        asked = self.headers["X-Amz-Target"].rpartition(".")[2]
        told: dict[str, Any] = {"MfaConfiguration": "OFF"}
        if asked == "DescribeUserPool":
            told = {"UserPool": {**POOL, "Telepathy": {"Enabled": True}}}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not on the terminal."""


def test_the_answer_is_seen_as_it_came() -> None:
    """By the SDK's own event, before its parser."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        connection = Connection(
            endpoint=f"http://127.0.0.1:{server.server_port}", account="111111111111"
        )
        seen = CognitoSettings(connection, "us-east-1", "us-east-1_a").described()
        server.shutdown()
    assert seen.unknown == ("Telepathy",)


functions = st.sampled_from(["", "arn:own", "arn:other"])
triggers = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys((*SLOTS.values(), "PostAuthentication", "UserMigration"), functions),
        TOKENS_WITH_VERSION: st.fixed_dictionaries(
            {
                "LambdaVersion": st.sampled_from(["V1_0", "V2_0"]),
                "LambdaArn": st.sampled_from(["arn:own", "arn:other"]),
            }
        ),
    },
)


@given(triggers, st.sets(st.sampled_from(list(SLOTS)), min_size=1))
def test_there_and_back_is_where_it_began(before: dict[str, Any], wanted: set[str]) -> None:
    """Whatever stands in the other places, and whoever ours asks."""
    ours = {task: Ours(f"arn:{task}", function_in(before, task)) for task in SLOTS}
    there = turned(before, attach(before, ours, wanted).turns)
    for task in SLOTS:
        assert ours[task].stands_in(function_in(there, task)) == (task in wanted)
    assert as_meant(turned(there, detach(there, ours).turns), before)


@given(triggers, st.sets(st.sampled_from(list(SLOTS)), min_size=1))
def test_an_owners_function_that_nobody_would_ask_keeps_its_place(
    before: dict[str, Any], wanted: set[str]
) -> None:
    ours = {task: Ours(f"arn:{task}") for task in SLOTS}
    found = attach(before, ours, wanted)
    held = {task for task in wanted if function_in(before, task)}
    assert {each.task for each in found.taken} == held
    assert {each.task for each in found.turns} == wanted - held
    after = turned(before, found.turns)
    assert {task: function_in(after, task) for task in held} == {
        task: function_in(before, task) for task in held
    }


def test_another_function_is_named_beside_the_one_that_ours_asks() -> None:
    ours = {task: Ours(f"arn:{task}", "arn:own") for task in SLOTS}
    found = attach({"PreSignUp": "arn:other"}, ours, ["pre_sign_up"])
    assert found.taken == (Taken("pre_sign_up", "arn:other", "arn:own"),)


def test_ours_with_an_alias_is_ours() -> None:
    ours = {task: Ours(f"arn:{task}") for task in SLOTS}
    assert attach({"PreSignUp": "arn:pre_sign_up:live"}, ours, ["pre_sign_up"]).turns == ()
    (turn,) = detach({"PreSignUp": "arn:pre_sign_up:live"}, ours).turns
    assert turn.after == ""


def test_empty_and_missing_are_alike_and_counts_are_no_settings() -> None:
    before = settings(EstimatedNumberOfUsers=1, SmsConfiguration={})
    after = settings(EstimatedNumberOfUsers=2)
    assert changed_besides(before, after) == ()
    assert changed_besides(before, settings(MfaConfiguration="ON")) == ("MfaConfiguration",)
