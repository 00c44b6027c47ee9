"""Pools that are filled on demand: what is deployed for them, and nothing where they are not."""

from __future__ import annotations

from cognito_standby.core.domain.sign_in_names import SignInNames
from cognito_standby.core.settings import Filled, FilledSettings, SyncSettings
from cognito_standby.triggers.settings import (
    FenceSettings,
    OldPool,
    OldPoolSettings,
    SignInSettings,
)
from tests.stacks.templates import Assembly, Template, listed

FUNCTION, POLICY = "AWS::Lambda::Function", "AWS::IAM::Policy"
OWN, FORMER = "userpool/eu-west-1_Primary01", "userpool/us-east-1_Former01"
LOOKS = {
    *("cognito-idp:DescribeUserPool", "cognito-idp:ListIdentityProviders"),
    *("cognito-idp:GetUserPoolMfaConfig", "cognito-idp:AdminGetUser"),
    *("cognito-idp:AdminGetUserAuthFactors", "cognito-idp:AdminListGroupsForUser"),
    "cognito-idp:ListUsers",
}


def environment(template: Template, task: str) -> dict[str, str]:
    found: dict[str, str] = template.named(f"{task}Function")["Properties"]["Environment"][
        "Variables"
    ]
    return {name: str(value) for name, value in found.items()}


def allowed(template: Template, part: str) -> dict[str, set[str]]:
    """Action -> resources, of the policies whose name has this part."""
    found: dict[str, set[str]] = {}
    for policy in template.of_type(POLICY).values():
        if part in str(policy["PolicyName"]):
            for statement in policy["PolicyDocument"]["Statement"]:
                for action in listed(statement["Action"]):
                    found.setdefault(action, set()).update(map(str, listed(statement["Resource"])))
    return found


def test_it_looks_at_users_and_asks_the_former_pool_and_writes_to_neither(
    existing: Assembly, email: Assembly
) -> None:
    told = allowed(existing.primary, "Arrivals")
    assert set(told) == {*LOOKS, "cognito-idp:AdminInitiateAuth"}
    assert all(FORMER in arn for arn in told["cognito-idp:AdminInitiateAuth"])
    assert all(OWN in arn for arn in told["cognito-idp:ListUsers"])
    assert set(allowed(email.backup, "Arrivals")) == LOOKS, "there is no former pool"
    for template in (existing.primary, email.backup):
        own = allowed(template, "usermigration")
        assert not [name for name in own if name.startswith("cognito-idp:")], "made after it"
        writes = {"dynamodb:UpdateItem", "events:PutEvents"}
        assert writes <= set(own)
        assert not {"dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"} & set(own)


def test_it_is_told_all_but_the_pool(existing: Assembly, email: Assembly) -> None:
    for template, name, former in (
        (existing.primary, "gamma", OldPool("us-east-1_Former01", "1ask23456789")),
        (email.backup, "beta", OldPool()),
    ):
        told = environment(template, "usermigration")
        assert "USER_POOL_ID" not in told
        settings = SyncSettings.from_env({**told, "USER_POOL_ID": "p"})
        assert settings.records_table == f"{name}-records"
        assert OldPoolSettings.from_env(told).old_pool == former
        assert FenceSettings.from_env(told).fence.installation == name


LOOKING = (
    *("plansync", "capturerecord", "replayrecord", "measurerpo", "applychange", "adminapi"),
    *("comparebucket", "repairbatch", "restorepart", "resetchangedpasswords"),
    *("presignup", "pretokengeneration", "usermigration"),
)


def test_whoever_looks_at_the_pool_knows_how_it_is_filled(
    existing: Assembly, email: Assembly
) -> None:
    for template in (existing.primary, email.backup):
        for task in LOOKING:
            told = FilledSettings.from_env(environment(template, task))
            assert told.filled is Filled.ON_DEMAND, task
    for template in (existing.backup, email.primary):
        told_of = [
            one["FunctionName"]
            for one in template.of_type(FUNCTION).values()
            if "FILLED" in one.get("Environment", {}).get("Variables", {})
        ]
        assert not told_of


def test_the_other_triggers_may_keep_names_and_bind(existing: Assembly, email: Assembly) -> None:
    names = {"dynamodb:Query", "secretsmanager:GetSecretValue"}
    writes = {"dynamodb:PutItem", "dynamodb:UpdateItem"}
    for template in (existing.primary, email.backup):
        assert names <= set(allowed(template, "presignup"))
        assert writes <= set(allowed(template, "pretokengeneration"))
        assert not writes & set(allowed(template, "presignup"))
    for template in (existing.backup, email.primary):
        assert not names & set(allowed(template, "presignup"))
        assert not writes & set(allowed(template, "pretokengeneration"))


def test_by_what_people_sign_in_is_told_of_created_pools_and_asked_of_others(
    existing: Assembly, email: Assembly
) -> None:
    """Existing pools may differ from what the config says of created ones."""
    told = SignInSettings.from_env(environment(email.backup, "presignup")).sign_in
    assert told == SignInNames(("email",))
    asked = "cognito-idp:DescribeUserPool"
    assert asked not in allowed(email.backup, "presignup"), "it is made before the pool"
    assert all(OWN in arn for arn in allowed(existing.primary, "presignup")[asked])
    for template in (existing.primary, existing.backup, email.primary):
        assert "SIGN_IN" not in environment(template, "presignup")
    assert asked not in allowed(existing.backup, "presignup")


def test_its_cap_and_its_time(existing: Assembly) -> None:
    function = existing.primary.named("usermigrationFunction")["Properties"]
    assert function["ReservedConcurrentExecutions"] == 50
    assert function["Timeout"] == 5, "Cognito waits no longer"


def test_a_created_pool_has_it_attached_in_that_region_alone(email: Assembly) -> None:
    for filled, template in enumerate(email.regions):
        pool = template.only("AWS::Cognito::UserPool")
        assert ("UserMigration" in pool["LambdaConfig"]) is bool(filled)
        assert bool(allowed(template, "Arrivals")) is bool(filled)
        own = str(allowed(template, "Arrivals").get("cognito-idp:ListUsers", ""))
        assert ("UsersPool" in own) is bool(filled)


def test_who_is_awaited_is_found_made_and_counted_there_alone(
    existing: Assembly, email: Assembly
) -> None:
    wanted = {
        "adminapi": {"dynamodb:Query", "secretsmanager:GetSecretValue"},
        "snapshotuser": {"cognito-idp:AdminCreateUser", "cognito-idp:AdminSetUserPassword"},
        "comparebucket": {"dynamodb:BatchGetItem"},
    }
    for part, actions in wanted.items():
        for template in (existing.primary, email.backup):
            assert actions <= set(allowed(template, part)), part
    for template in (existing.backup, email.primary):
        assert "cognito-idp:AdminCreateUser" not in allowed(template, "snapshotuser")
        assert "secretsmanager:GetSecretValue" not in allowed(template, "adminapi")
