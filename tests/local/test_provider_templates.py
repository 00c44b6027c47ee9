"""The template that `standby init` writes, deployed: pools with identity providers, too.

Sources: CloudFormation's template reference, AWS::Cognito::UserPoolIdentityProvider ("Update
requires", "Return values").
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cognito_standby.adoption.domain.proposal import proposed
from cognito_standby.adoption.domain.template import parameters_of, template_of
from cognito_standby.configuration.adapters.reading import CognitoConfigurationReader
from cognito_standby.core.adapters.system import SystemClock
from local.control import sign_in_through
from local.emulator import LocalAws
from tests.local.conftest import OTHER_REGION, REGION, eventually, unique
from tests.odd_pools import CLIENT, ODD_POOLS, build

pytestmark = pytest.mark.local_aws
Template = dict[str, Any]
_FAILED = ("CREATE_FAILED", "UPDATE_FAILED")


class Owner:
    """Somebody who deploys a template with the AWS command line."""

    def __init__(self, aws: LocalAws) -> None:
        self.formation = aws.client("cloudformation", OTHER_REGION)
        self.cognito = aws.client("cognito-idp", OTHER_REGION)
        self.name = unique("standby")

    def deploy(self, template: Template, *, update: bool = False) -> Mapping[str, Any]:
        """The stack as it ends."""
        call = self.formation.update_stack if update else self.formation.create_stack
        given = [
            {"ParameterKey": name, "ParameterValue": f"given-{name}"}
            for name in parameters_of(template)
        ]
        call(StackName=self.name, TemplateBody=json.dumps(template), Parameters=given)
        return self.ended()

    def ended(self) -> Mapping[str, Any]:
        def end() -> Any:
            (stack,) = self.formation.describe_stacks(StackName=self.name)["Stacks"]
            return None if stack["StackStatus"].endswith("_IN_PROGRESS") else stack

        return dict(eventually(end))

    def why(self) -> str:
        events = self.formation.describe_stack_events(StackName=self.name)["StackEvents"]
        told = (e.get("ResourceStatusReason", "") for e in events if e["ResourceStatus"] in _FAILED)
        return "; ".join(told)

    def provider(self, pool: str, name: str) -> Mapping[str, Any]:
        told = self.cognito.describe_identity_provider(UserPoolId=pool, ProviderName=name)
        return dict(told["IdentityProvider"])

    def providers(self, pool: str) -> set[str]:
        listed = self.cognito.list_identity_providers(UserPoolId=pool)["Providers"]
        return {each["ProviderName"] for each in listed}


@pytest.fixture
def owner(aws: LocalAws) -> Owner:
    return Owner(aws)


def written(aws: LocalAws, kind: str) -> Template:
    """What init proposes beside an odd pool that is there."""
    cognito = aws.client("cognito-idp", REGION)
    pool_id = build(cognito, ODD_POOLS[kind], unique().replace("-", ""))
    reader = CognitoConfigurationReader(cognito, aws.client("wafv2", REGION), SystemClock().now)
    return template_of(proposed(reader.read(pool_id), OTHER_REGION))


def outputs(stack: Mapping[str, Any]) -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def only_google() -> Template:
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": {"UserPoolName": unique()}}
    google = {
        "Type": "AWS::Cognito::UserPoolIdentityProvider",
        "Properties": {
            "UserPoolId": {"Ref": "Pool"},
            "ProviderName": "Google",
            "ProviderType": "Google",
            "ProviderDetails": {
                "client_id": "c",
                "client_secret": "s",
                "authorize_scopes": "openid",
            },
            "AttributeMapping": {"email": "email"},
            "IdpIdentifiers": ["example.org"],
        },
    }
    told = {"Pool": {"Value": {"Ref": "Pool"}}, "Provider": {"Value": {"Ref": "Google"}}}
    return {"Resources": {"Pool": pool, "Google": google}, "Outputs": told}


def test_the_template_of_a_pool_with_providers_is_deployed(aws: LocalAws, owner: Owner) -> None:
    template = written(aws, "providers")
    stack = owner.deploy(template)
    assert stack["StackStatus"] == "CREATE_COMPLETE", owner.why()
    told = outputs(stack)
    pool = told["UserPoolId"]
    assert owner.providers(pool) == {"Corporate", "Partner", "Google"}
    google = owner.provider(pool, "Google")
    assert google["ProviderType"] == "Google"
    assert google["AttributeMapping"] == {"email": "email"}
    details = google["ProviderDetails"]
    (given,) = (each for each in parameters_of(template) if "Google" in _about(template, each))
    assert (details["client_id"], details["client_secret"]) == ("google-id", f"given-{given}")
    assert sorted(owner.provider(pool, "Corporate")["IdpIdentifiers"]) == [
        "corp.example.org",
        "example.org",
    ]
    clients = [
        owner.cognito.describe_user_pool_client(UserPoolId=pool, ClientId=each)["UserPoolClient"]
        for name, each in told.items()
        if name.startswith("Client")
    ]
    supported = {each["ClientName"]: each["SupportedIdentityProviders"] for each in clients}
    assert set(supported[CLIENT]) == {"COGNITO", "Google", "Corporate"}
    assert supported["partners"] == ["Partner"]


def _about(template: Template, parameter: str) -> str:
    return str(template["Parameters"][parameter]["Description"])


def test_people_come_through_a_provider_of_a_template(aws: LocalAws, owner: Owner) -> None:
    pool = outputs(owner.deploy(only_google()))["Pool"]
    owner.cognito.create_user_pool_client(UserPoolId=pool, ClientName="app")
    sign_in_through(aws.endpoint, "Google", "1029", pool=pool, claims={"email": "ann@example.org"})
    (ann,) = owner.cognito.list_users(UserPoolId=pool)["Users"]
    assert ann["UserStatus"] == "EXTERNAL_PROVIDER"


def test_a_provider_of_a_template_is_changed_in_place_and_taken_away(owner: Owner) -> None:
    template = only_google()
    told = outputs(owner.deploy(template))
    assert told["Provider"] == "Google"
    made = owner.provider(told["Pool"], "Google")
    changed = copy.deepcopy(template)
    properties = changed["Resources"]["Google"]["Properties"]
    properties["ProviderDetails"]["client_id"] = "another"
    properties["AttributeMapping"] = {"email": "email", "given_name": "given_name"}
    del properties["IdpIdentifiers"]
    assert owner.deploy(changed, update=True)["StackStatus"] == "UPDATE_COMPLETE", owner.why()
    now = owner.provider(told["Pool"], "Google")
    assert now["ProviderDetails"]["client_id"] == "another"
    assert now["AttributeMapping"] == {"email": "email", "given_name": "given_name"}
    assert not now.get("IdpIdentifiers")
    assert now["CreationDate"] == made["CreationDate"]
    gone = {"Resources": {"Pool": template["Resources"]["Pool"]}}
    assert owner.deploy(gone, update=True)["StackStatus"] == "UPDATE_COMPLETE", owner.why()
    assert owner.providers(told["Pool"]) == set()


def test_a_provider_of_another_name_takes_its_place(owner: Owner) -> None:
    template = only_google()
    template["Resources"]["Google"]["Properties"] |= {
        "ProviderName": "Partner",
        "ProviderType": "OIDC",
    }
    pool = outputs(owner.deploy(template))["Pool"]
    changed = copy.deepcopy(template)
    changed["Resources"]["Google"]["Properties"] |= {
        "ProviderName": "Others",
        "IdpIdentifiers": ["others.example.org"],
    }
    stack = owner.deploy(changed, update=True)
    assert stack["StackStatus"] == "UPDATE_COMPLETE", owner.why()
    assert owner.providers(pool) == {"Others"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ProviderType": "Nobody"}, "type Nobody"),
        ({"ProviderName": "Googol"}, "Googol"),
        ({"UserPoolId": f"{OTHER_REGION}_Nowhere00"}, "Nowhere00"),
    ],
)
def test_a_provider_that_cannot_be_fails_its_stack_and_says_why(
    owner: Owner, wrong: Mapping[str, Any], said: str
) -> None:
    template = only_google()
    template["Resources"]["Google"]["Properties"] |= wrong
    assert owner.deploy(template)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert said in owner.why()


def test_a_type_is_not_changed_under_the_same_name(owner: Owner) -> None:
    template = only_google()
    template["Resources"]["Google"]["Properties"]["ProviderName"] = "Partner"
    template["Resources"]["Google"]["Properties"]["ProviderType"] = "OIDC"
    pool = outputs(owner.deploy(template))["Pool"]
    changed = copy.deepcopy(template)
    changed["Resources"]["Google"]["Properties"]["ProviderType"] = "SAML"
    assert owner.deploy(changed, update=True)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert "custom-named" in owner.why()
    assert owner.provider(pool, "Partner")["ProviderType"] == "OIDC"


def test_a_deleted_stack_takes_its_provider_along(owner: Owner) -> None:
    template = only_google()
    template["Resources"]["Pool"]["DeletionPolicy"] = "Retain"
    pool = outputs(owner.deploy(template))["Pool"]
    owner.formation.delete_stack(StackName=owner.name)

    def gone() -> bool:
        try:
            owner.formation.describe_stacks(StackName=owner.name)
        except ClientError:
            return True
        return False

    assert eventually(gone)
    assert owner.providers(pool) == set()
