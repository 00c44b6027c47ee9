"""The Admin API's gateway: in every config each method demands a proof, and little is logged."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from pydantic import ValidationError

from cognito_standby.changes.api.models import BODIES
from cognito_standby.changes.api.operations import OPERATIONS, SCOPES
from stacks.config.api import AdminApi
from stacks.config.source import ConfigError, parse
from stacks.constructs.api.models import gateway_schema
from tests.stacks.templates import Assembly, Template
from tests.stacks.variants import MINIMAL, VARIANTS

METHOD = "AWS::ApiGateway::Method"


def _of_admin_api(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Without the open gateway's, which has one method of its own (`test_active_document`)."""
    found = template.of_type(kind).items()
    return {key: one for key, one in found if not key.startswith("ActiveDocument")}


def _methods(template: Template) -> dict[str, dict[str, Any]]:
    return _of_admin_api(template, METHOD)


POOLS = {
    "authorization": "cognito",
    "primary_admin_pools": ["arn:aws:cognito-idp:us-east-1:111111111111:userpool/us-east-1_A"],
    "backup_admin_pools": ["arn:aws:cognito-idp:us-west-2:111111111111:userpool/us-west-2_A"],
}


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_no_config_has_an_open_method(synthesizer: Any, variant: str) -> None:
    assembly: Assembly = synthesizer.assembly(variant)
    wanted = assembly.config.get("admin_api", {}).get("authorization", "iam")
    for template in assembly.regions:
        methods = _methods(template)
        assert len(methods) == len(OPERATIONS)
        for method in methods.values():
            kind = method["AuthorizationType"]
            assert kind == {"iam": "AWS_IAM", "cognito": "COGNITO_USER_POOLS"}[wanted]
            assert method.get("ApiKeyRequired") is not True
            if kind == "COGNITO_USER_POOLS":
                assert method["AuthorizerId"]
                assert len(method["AuthorizationScopes"]) == 1
        assert not [key for key in template.resources if "OPTIONS" in key], "no preflight"


def test_the_config_knows_no_other_kind_of_proof() -> None:
    schema = AdminApi.model_json_schema()["properties"]["authorization"]
    assert schema["enum"] == ["iam", "cognito"]


@pytest.mark.parametrize(
    ("api", "message"),
    [
        ({"authorization": "none"}, "admin_api.authorization: Input should be 'iam' or 'cognito'"),
        ({"authorization": "cognito"}, "cognito needs primary_admin_pools"),
        ({**POOLS, "backup_admin_pools": []}, "cognito needs primary_admin_pools"),
        ({**POOLS, "authorization": "iam"}, "admin pools are for authorization cognito"),
        (
            {**POOLS, "backup_admin_pools": POOLS["primary_admin_pools"]},
            "admin_api.backup_admin_pools: arn:aws:cognito-idp:us-east-1",
        ),
        ({"wait_seconds": 29}, "less than or equal to 20"),
        ({"primary_address": "http://api.example.org"}, "admin_api.primary_address"),
        ({"resource_server": "a b"}, "admin_api.resource_server"),
    ],
)
def test_configs_that_are_refused(api: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse(MINIMAL | {"admin_api": api}, "test.json")
    assert message in str(refusal.value)


def test_tokens_need_the_scope_of_their_verb(existing: Assembly) -> None:
    for template in existing.regions:
        scopes = {
            scope
            for method in _methods(template).values()
            for scope in method["AuthorizationScopes"]
        }
        assert scopes == {f"standby/{scope}" for scope in SCOPES}
        (authorizer,) = template.of_type("AWS::ApiGateway::Authorizer").values()
        region = template.name.removeprefix("gamma-")
        assert all(f":cognito-idp:{region}:" in arn for arn in authorizer["ProviderARNs"])


def test_bodies_are_held_against_the_models(standard: Assembly) -> None:
    for template in standard.regions:
        (validator,) = template.of_type("AWS::ApiGateway::RequestValidator").values()
        assert validator["ValidateRequestBody"] is True
        models = template.of_type("AWS::ApiGateway::Model").values()
        assert {model["Name"] for model in models} == set(BODIES)
        for method in _methods(template).values():
            assert method["RequestValidatorId"]
        taking = [one for one in _methods(template).values() if one.get("RequestModels")]
        assert sorted(one["HttpMethod"] for one in taking) == ["PATCH", "POST", "PUT"]


WHOLE = {"attributes": {"name": "Ada"}, "enabled": True, "groups": ["staff"]}
PARTS: list[dict[str, Any]] = [
    *({}, {"username": "a"}, {"username": ""}, {"username": "a" * 129}, {"username": None}),
    *({"attributes": {"name": None}}, {"attributes": {"name": ""}}, {"attributes": {"n": 1}}),
    *({"attributes": {f"a{n}": "x" for n in range(71)}}, {"attributes": []}),
    *({"verified": {"email": True}}, {"verified": {"fax": True}}, {"verified": {"email": "x"}}),
    *({"enabled": None}, {"enabled": 1}, {"groups": None}, {"groups": ["a"] * 101}),
    *({"groups": [""]}, {"groups": [3]}, {"join": ["a"]}, {"leave": ["a"]}, {"unknown": 1}),
]


@pytest.mark.parametrize("name", list(BODIES))
def test_the_gateway_refuses_what_the_handler_refuses(name: str) -> None:
    """Both are made from the same models; no rule of shape is lost on the way to draft 4."""
    judge = jsonschema_rs.Draft4Validator(gateway_schema(name))
    verdicts = set()
    for part in PARTS:
        for body in (part, WHOLE | part):
            try:
                BODIES[name].model_validate(body)
                accepted = True
            except ValidationError:
                accepted = False
            assert judge.is_valid(body) == accepted, body
            verdicts.add(accepted)
    assert verdicts == {True, False}


def test_the_gateway_answers_with_problem_details(standard: Assembly) -> None:
    for template in standard.regions:
        answers = template.of_type("AWS::ApiGateway::GatewayResponse").values()
        kinds = {one["ResponseType"] for one in answers}
        assert {"UNAUTHORIZED", "ACCESS_DENIED", "THROTTLED", "DEFAULT_4XX", "DEFAULT_5XX"} <= kinds
        for one in answers:
            kind = one["ResponseParameters"]["gatewayresponse.header.Content-Type"]
            assert kind == "'application/problem+json'"
            (text,) = one["ResponseTemplates"].values()
            body = json.loads(text)
            assert str(body["status"]) == one["StatusCode"]
            assert "$" not in text, "nothing of the request or of the inside is quoted"


def test_the_access_log_names_nobody(standard: Assembly) -> None:
    for template in standard.regions:
        (stage,) = _of_admin_api(template, "AWS::ApiGateway::Stage").values()
        told = json.loads(stage["AccessLogSetting"]["Format"]).values()
        personal = ("path", "identity", "authorizer", "sourceIp", "userAgent", "requestOverride")
        assert "$context.resourcePath" in told, "the template, with {username} in it"
        assert not [one for one in told if any(f"$context.{word}" in one for word in personal)]
        (settings,) = stage["MethodSettings"]
        assert (settings["LoggingLevel"], settings["DataTraceEnabled"]) == ("OFF", False)
        assert (settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]) == (20, 40)
        assert stage["TracingEnabled"] is True


def test_the_handler_may_look_and_ask_and_nothing_else(standard: Assembly) -> None:
    for template in standard.regions:
        policy = template.named("adminapiRoleDefaultPolicy")["Properties"]["PolicyDocument"]
        actions = {
            name
            for one in policy["Statement"]
            for name in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
        }
        writes = {one for one in actions if "Put" in one or "Update" in one or "Delete" in one}
        assert writes == {
            *("dynamodb:PutItem", "events:PutEvents", "logs:PutLogEvents"),
            *("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
        }
        (put,) = [one for one in policy["Statement"] if "dynamodb:PutItem" in one["Action"]]
        assert "Changes" in str(put["Resource"])


def test_only_the_gateway_may_call_the_handler(standard: Assembly) -> None:
    for template in standard.regions:
        permissions = [
            one
            for one in template.of_type("AWS::Lambda::Permission").values()
            if "adminapi" in str(one["FunctionName"])
        ]
        assert len(permissions) == len(OPERATIONS)
        for one in permissions:
            assert one["Principal"] == "apigateway.amazonaws.com"
            assert "/*/" not in str(one["SourceArn"]).replace("/*/erase", ""), "no other stage"


def test_the_logging_role_of_the_account_outlives_the_stack(
    standard: Assembly, synthesizer: Any
) -> None:
    for template in standard.regions:
        assert not template.of_type("AWS::ApiGateway::Account"), "it would replace others' role"
        assert template.named("AdminApiLogRole")["DeletionPolicy"] == "Retain"
    for template in synthesizer.assembly("detached").regions:
        assert not template.of_type("Custom::ApiGatewayLogRole"), "there is one already"


def test_each_region_announces_its_own_address(standard: Assembly, existing: Assembly) -> None:
    for template in standard.regions:
        (resource,) = template.of_type("Custom::AdminApiAddress").values()
        assert "execute-api" in str(resource["Address"])
        assert resource["TableName"] == "alpha-records"
        policy = template.named("announceapiRoleDefaultPolicy")["Properties"]["PolicyDocument"]
        (put,) = [one for one in policy["Statement"] if "dynamodb:PutItem" in one["Action"]]
        keys = put["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        assert keys in ("#address", ["#address"])
    (resource,) = existing.primary.of_type("Custom::AdminApiAddress").values()
    assert resource["Address"] == "https://admin.example.org/standby"
