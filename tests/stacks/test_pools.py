"""The created pools: usable by an app, the same twice, and never naming a deleted trigger."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cognito_standby.triggers.settings import OwnerSettings, Parts, TokenSettings
from stacks.config.source import parse
from stacks.names import Names
from tests.stacks.templates import Assembly, Template, without_hash
from tests.stacks.variants import MINIMAL

POOL, CLIENT = "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient"


@pytest.fixture(params=["standard", "email"])
def created(request: pytest.FixtureRequest) -> Assembly:
    found: Assembly = request.getfixturevalue(request.param)
    return found


def _schema(template: Template) -> dict[str, dict[str, Any]]:
    return {one["Name"]: one for one in template.only(POOL)["Schema"]}


def test_both_regions_have_the_same_pool(created: Assembly) -> None:
    own = {"UserPoolTags", "EmailConfiguration", "SmsConfiguration"}

    def shared(template: Template) -> dict[str, Any]:
        pool = {k: v for k, v in template.only(POOL).items() if k not in own}
        called = pool.get("LambdaConfig", {})
        # A pool is filled on demand for itself.
        return {**pool, "LambdaConfig": {k: v for k, v in called.items() if k != ON_DEMAND}}

    assert shared(created.primary) == shared(created.backup)
    assert created.primary.only(CLIENT) == created.backup.only(CLIENT)


def test_schema(standard: Assembly) -> None:
    for template in standard.regions:
        schema = _schema(template)
        assert set(schema) == {"email", "origin_sub", "plan", "seats"}
        assert (schema["email"]["Required"], schema["email"]["Mutable"]) == (True, True)
        assert schema["origin_sub"]["Mutable"] is True
        assert schema["plan"]["StringAttributeConstraints"]["MaxLength"] == "64"
        assert (schema["seats"]["AttributeDataType"], schema["seats"]["Mutable"]) == (
            "Number",
            False,
        )


def test_sign_in_modes(standard: Assembly, email: Assembly) -> None:
    by_name, by_email = standard.primary.only(POOL), email.primary.only(POOL)
    assert "UsernameAttributes" not in by_name
    assert "AliasAttributes" not in by_name
    assert by_email["UsernameAttributes"] == ["email"]
    for pool in (by_name, by_email):
        assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
        assert pool["AutoVerifiedAttributes"] == ["email"]
        assert pool["AccountRecoverySetting"]["RecoveryMechanisms"] == [
            {"Name": "verified_email", "Priority": 1}
        ]
        settings = pool["UserAttributeUpdateSettings"]
        assert settings == {"AttributesRequireVerificationBeforeUpdate": ["email"]}


def test_aliases_and_case(detached: Assembly) -> None:
    for template in detached.regions:
        pool = template.only(POOL)
        assert "UsernameAttributes" not in pool
        assert pool["AliasAttributes"] == ["email", "preferred_username"]
        assert pool["UsernameConfiguration"] == {"CaseSensitive": True}


@pytest.mark.parametrize(
    ("name", "usernames", "contacts", "required"),
    [
        ("phone", ["phone_number"], ["phone_number"], {"phone_number"}),
        ("email_or_phone", ["email", "phone_number"], ["email", "phone_number"], set()),
    ],
)
def test_pools_of_phones(
    synthesizer: Any, name: str, usernames: list[str], contacts: list[str], required: set[str]
) -> None:
    """Either contact verifies and recovers, mail first; nobody must have the other one."""
    pool = _alone({**MINIMAL, "sign_in": name, "sms": {"external_id": "phones"}})
    assert pool["UsernameAttributes"] == usernames
    assert pool["AutoVerifiedAttributes"] == contacts
    assert {one["Name"] for one in pool["Schema"] if one.get("Required")} == required
    recovery = pool["AccountRecoverySetting"]["RecoveryMechanisms"]
    assert [one["Name"] for one in recovery] == [f"verified_{contact}" for contact in contacts]
    settings = pool["UserAttributeUpdateSettings"]
    assert settings == {"AttributesRequireVerificationBeforeUpdate": contacts}


def _alone(raw: dict[str, Any]) -> dict[str, Any]:
    """The pool of a config in a stack of its own, which takes a tenth of a whole synthesis."""
    from aws_cdk import App, Environment, Stack  # noqa: PLC0415
    from aws_cdk import aws_lambda as lambda_  # noqa: PLC0415
    from aws_cdk.assertions import Template as Synthesized  # noqa: PLC0415

    from stacks.constructs.pool.triggers import PERMISSIONS, PoolTriggers  # noqa: PLC0415
    from stacks.constructs.pool.user_pool import UserPool  # noqa: PLC0415

    config = parse(raw, "test.json")
    where = Environment(account=config.account, region=config.primary_region)
    stack = Stack(App(), "Alone", env=where)
    arn = f"arn:aws:lambda:{config.primary_region}:{config.account}:function:trigger"
    trigger = lambda_.Function.from_function_arn(stack, "Trigger", arn)
    functions = {name: trigger for name in PERMISSIONS if name != "user_migration"}
    triggers = PoolTriggers(stack, functions, None)
    UserPool(
        stack,
        config=config,
        names=Names(config.installation),
        triggers=triggers,
        protected=False,
    )
    (pool,) = Synthesized.from_stack(stack).find_resources(POOL).values()
    return dict(pool["Properties"])


def test_deletion_protection(standard: Assembly, email: Assembly) -> None:
    assert standard.backup.only(POOL)["DeletionProtection"] == "ACTIVE"
    assert email.backup.only(POOL)["DeletionProtection"] == "INACTIVE"


def test_no_client_may_write_the_origin_sub(created: Assembly) -> None:
    for template in created.regions:
        for client in template.of_type(CLIENT).values():
            written = client["WriteAttributes"]
            assert written, "an empty list would leave custom attributes writable"
            assert "custom:origin_sub" not in written
            assert "email" in written
            assert "custom:origin_sub" in client["ReadAttributes"]


def test_client_flows(standard: Assembly, email: Assembly) -> None:
    srp = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert standard.primary.only(CLIENT)["ExplicitAuthFlows"] == srp
    flows = email.primary.only(CLIENT)["ExplicitAuthFlows"]
    assert flows == [*srp, "ALLOW_USER_PASSWORD_AUTH"]
    for assembly in (standard, email):
        client = assembly.primary.only(CLIENT)
        assert client["PreventUserExistenceErrors"] == "ENABLED"
        assert client["GenerateSecret"] is False


FUNCTIONS = {
    "PostConfirmation": "postconfirmationFunction",
    "PreSignUp": "presignupFunction",
    "PreTokenGeneration": "pretokengenerationFunction",
    "PreAuthentication": "preauthenticationFunction",
    "CustomMessage": "custommessageFunction",
}
ON_DEMAND = "UserMigration"
PERMISSIONS = [
    *("CustomMessagePermission", "PreAuthenticationPermission", "PreSignUpPermission"),
    *("PreTokenGenerationPermission", "TriggerPermission"),
]


def _attached(template: Template) -> dict[str, Any]:
    """Trigger -> ARN of its function; that of tokens has a version besides."""
    config = dict(template.only(POOL).get("LambdaConfig", {}))
    if tokens := config.pop("PreTokenGenerationConfig", None):
        config["PreTokenGeneration"] = tokens["LambdaArn"]
    return config


def test_the_triggers_outlive_the_pool(created: Assembly) -> None:
    """CloudFormation deletes in reverse order of dependencies: the pool goes before the functions
    and their permissions, or, if deletion protection keeps it, they stay with it."""
    for template in created.regions:
        pool = template.named("UsersPool")
        attached = _attached(template)
        called = {name: without_hash(arn["Fn::GetAtt"][0]) for name, arn in attached.items()}
        permissions = list(PERMISSIONS)
        if called.pop(ON_DEMAND, "") == "usermigrationFunction":
            permissions.append("UserMigrationPermission")
        assert called == FUNCTIONS
        assert sorted(without_hash(one) for one in pool["DependsOn"]) == permissions
        assert pool["DeletionPolicy"] == "Delete", "a retained pool would lose its triggers"
        assert pool["UpdateReplacePolicy"] == "Retain"
        for name in permissions:
            assert "UsersPool" not in str(template.named(name)["Properties"])


def test_the_plan_and_the_event_of_tokens(standard: Assembly, email: Assembly) -> None:
    for assembly, plan, version in ((standard, None, "V1_0"), (email, "ESSENTIALS", "V2_0")):
        for template in assembly.regions:
            pool = template.only(POOL)
            assert pool.get("UserPoolTier") == plan
            told = pool["LambdaConfig"]["PreTokenGenerationConfig"]
            assert told["LambdaVersion"] == version


def test_the_owners_function_is_asked_in_its_own_region(email: Assembly) -> None:
    for template, region in ((email.primary, "us-east-1"), (email.backup, "us-west-2")):
        function = template.named("pretokengenerationFunction")["Properties"]
        parts = TokenSettings.from_env(function["Environment"]["Variables"] | {"LEDGER_TABLE": "l"})
        arn = f"arn:aws:lambda:{region}:111111111111:function:claims:live"
        assert parts.parts == Parts(
            *(arn, "https://example.org/origin_sub"), marked=True, home=region == "us-east-1"
        )
        assert _callers(template, arn) == 1


def test_that_of_post_confirmation_is_asked_where_there_is_one(
    email: Assembly, standard: Assembly
) -> None:
    for template, region in ((email.primary, "us-east-1"), (email.backup, "us-west-2")):
        function = template.named("postconfirmationFunction")["Properties"]
        arn = f"arn:aws:lambda:{region}:111111111111:function:welcome"
        told = OwnerSettings.from_env(function["Environment"]["Variables"])
        assert told.owner_function == arn
        assert _callers(template, arn) == 1
        alarms = {each["AlarmName"] for each in template.of_type("AWS::CloudWatch::Alarm").values()}
        assert "beta-trigger-errors" not in alarms, "its refusals are errors of ours, too"
        assert "beta-trigger-throttles" in alarms
    function = standard.primary.named("postconfirmationFunction")["Properties"]
    assert "OWNER_FUNCTION" not in function["Environment"]["Variables"]


def _callers(template: Template, arn: str) -> int:
    """How many policies let somebody call the function."""
    return sum(
        statement["Action"] == "lambda:InvokeFunction" and statement["Resource"] == arn
        for policy in template.of_type("AWS::IAM::Policy").values()
        for statement in policy["PolicyDocument"]["Statement"]
    )


def _permission(template: Template, task: str) -> dict[str, Any]:
    """Cognito's; the gateway of the Admin API has others."""
    permissions = template.of_type("AWS::Lambda::Permission").values()
    (found,) = [one for one in permissions if task in str(one["FunctionName"])]
    return found


TASKS = [
    *("postconfirmation", "presignup", "pretokengeneration", "preauthentication"),
    "custommessage",
]


@pytest.mark.parametrize("task", TASKS)
def test_permission_of_a_trigger(standard: Assembly, existing: Assembly, task: str) -> None:
    for template in (*standard.regions, *existing.regions):
        permission = _permission(template, task)
        assert permission["Principal"] == "cognito-idp.amazonaws.com"
        assert permission["SourceAccount"] == "111111111111"
    # A created pool depends on its permission, so that cannot name the pool: see TriggerPermission.
    arn = str(_permission(standard.primary, task)["SourceArn"])
    assert ":cognito-idp:us-east-1:111111111111:userpool/*" in arn
    arn = str(_permission(existing.primary, task)["SourceArn"])
    assert "userpool/eu-west-1_Primary01" in arn


def test_existing_pools_are_only_named(existing: Assembly) -> None:
    for template, pool, client in (
        (existing.primary, "eu-west-1_Primary01", "1example23456789"),
        (existing.backup, "eu-central-1_Backup01", "none"),
    ):
        assert not template.of_type(POOL)
        assert not template.of_type(CLIENT)
        outputs = template.body["Outputs"]
        assert outputs["UserPoolId"]["Value"] == pool
        assert outputs["ClientId"]["Value"] == client
        tokens = template.named("pretokengenerationFunction")["Properties"]
        told = json.loads(tokens["Environment"]["Variables"]["PARTS"])
        assert told["marked"] is False, "it may lack custom:origin_sub"
        plan = template.named("plansyncFunction")["Properties"]
        assert plan["Environment"]["Variables"]["USER_POOL_ID"] == pool


def test_a_fence_that_is_switched_off_takes_no_trigger_that_nobody_else_wants(
    synthesizer: Any,
) -> None:
    owner = {
        f"{side}_function": f"arn:aws:lambda:{region}:111111111111:function:mails"
        for side, region in (("primary", "us-east-1"), ("backup", "us-west-2"))
    }
    off = _alone({**MINIMAL, "triggers": {"fence": "off", "origin_sub_claim": None}})
    assert set(off["LambdaConfig"]) == {"PostConfirmation", "PreSignUp"}
    told = {"fence": "off", "custom_message": owner}
    asked = _alone({**MINIMAL, "triggers": told})
    assert set(asked["LambdaConfig"]) == {
        *("PostConfirmation", "PreSignUp", "PreTokenGenerationConfig", "CustomMessage")
    }


def test_detached_triggers(synthesizer: Any) -> None:
    template = synthesizer.assembly("detached").primary
    assert not template.only(POOL).get("LambdaConfig", {})
