"""Each field that Cognito's create operations take is given again, or is known not to be."""

from __future__ import annotations

from typing import Any

import botocore.session

from cognito_standby.configuration.domain.canonical import FACTS_OF_POOL, VOLATILE
from cognito_standby.configuration.domain.made_fields import (
    CLIENT_ELSEWHERE,
    OF_CLIENT,
    OF_POOL,
    POOL_ELSEWHERE,
)

MODEL = botocore.session.get_session().get_service_model("cognito-idp")


def members(operation: str) -> set[str]:
    shape: Any = MODEL.operation_model(operation).input_shape
    return set(shape.members)


def told(shape: str) -> set[str]:
    found: Any = MODEL.shape_for(shape)
    return set(found.members)


def test_the_pool_s() -> None:
    given_apart = {"PoolName", "Schema", "LambdaConfig", "UserPoolTags", "MfaConfiguration"}
    assert members("CreateUserPool") - given_apart == OF_POOL
    assert told("UserPoolType") - VOLATILE == OF_POOL | POOL_ELSEWHERE | FACTS_OF_POOL


def test_a_client_s() -> None:
    secrets = {"GenerateSecret", "ClientSecret", "PublishSecretsInAWSSecretsManager"}
    assert members("CreateUserPoolClient") - secrets - {"UserPoolId"} == OF_CLIENT
    shown = told("UserPoolClientType") - VOLATILE
    assert shown - {"ClientId", "ClientSecret", "ClientSecretArn"} == OF_CLIENT | {"ClientType"}
    assert "ClientType" in CLIENT_ELSEWHERE


def test_of_what_is_created_as_it_is_nothing_is_taken_that_is_not_told() -> None:
    assert members("CreateGroup") - {"UserPoolId"} <= told("GroupType")
    assert members("CreateResourceServer") - {"UserPoolId"} <= told("ResourceServerType")
    assert members("CreateIdentityProvider") - {"UserPoolId"} <= told("IdentityProviderType")
    assert members("CreateTerms") - {"UserPoolId"} <= told("TermsType")
    assert members("CreateCIMDPolicy") - {"UserPoolId"} <= told("CIMDPolicyType")
    assert members("SetRiskConfiguration") - {"UserPoolId"} <= told("RiskConfigurationType")
