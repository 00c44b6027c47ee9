"""What outlives its stack, and that protection comes after everything stands."""

from __future__ import annotations

from typing import Any

from tests.stacks.conftest import STREAM, Synthesizer
from tests.stacks.templates import Assembly

PROTECTIONS = {"DeletionProtectionEnabled": True, "DeletionProtection": "ACTIVE"}
HOLDS_DATA = ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table")


def protections(value: Any) -> list[Any]:
    """Every switch of a template that can refuse a deletion."""
    if isinstance(value, list):
        return [found for one in value for found in protections(one)]
    if not isinstance(value, dict):
        return []
    own = [one for key, one in value.items() if key in PROTECTIONS]
    return own + [found for one in value.values() for found in protections(one)]


def test_a_stack_that_does_not_stand_protects_nothing(synthesizer: Synthesizer) -> None:
    first = synthesizer.assembly("standard", unprotected=("data", "us-east-1", "us-west-2"))
    for template in (first.data, *first.regions):
        found = protections(template.body)
        assert found
        assert set(map(str, found)) <= {"False", "INACTIVE"}
    assert not any(first.termination_protection().values())


def test_a_stack_that_stands_keeps_its_protection(detached: Assembly) -> None:
    assert set(map(str, protections(detached.data.body))) == {"True"}
    assert detached.termination_protection() == {
        "delta-data": True,
        "delta-us-east-1": True,
        "delta-us-west-2": False,
    }


def test_what_holds_data_outlives_all_but_the_creation_that_failed(standard: Assembly) -> None:
    kept = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
    for template in (standard.data, *standard.regions):
        tables = [r for r in template.resources.values() if r["Type"] in HOLDS_DATA]
        assert tables
        for table in tables:
            assert {name: table[name] for name in kept} == kept
    for template in standard.regions:
        for name in ("RunsBucket", "UsersClient"):
            assert {key: template.named(name)[key] for key in kept} == kept


def test_a_pool_without_its_trigger_is_kept(detached: Assembly) -> None:
    for template in detached.regions:
        assert template.named("UsersPool")["DeletionPolicy"] == "RetainExceptOnCreate"


def test_another_stream_asks_again_and_makes_another_pipe(
    detached: Assembly, standard: Assembly
) -> None:
    """Only of the one is a stream known, of one Region."""
    for template, before in zip(detached.regions, standard.regions, strict=True):
        seen = template.only("Custom::ReplicaStreamArn")["Seen"]
        assert seen == STREAM.get(template.region, "none")
        assert before.only("Custom::ReplicaStreamArn")["Seen"] == "none"
        pipes = [p["Name"] for p in template.of_type("AWS::Pipes::Pipe").values()]
        (named,) = [name for name in pipes if isinstance(name, dict)]
        assert named["Fn::Join"][1][-1]["Fn::GetAtt"][1] == "StreamLabel"


def test_the_gateways_log_role_keeps_what_it_may(standard: Assembly) -> None:
    for template in standard.regions:
        role = template.named("AdminApiLogRole")
        (policy,) = role["Properties"]["Policies"]
        assert "logs:PutLogEvents" in policy["PolicyDocument"]["Statement"][0]["Action"]
        assert not [key for key in template.resources if "LogRoleDefaultPolicy" in key]
