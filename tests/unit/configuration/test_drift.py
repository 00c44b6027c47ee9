"""What differs between active and standby pool, and what must."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cognito_standby.configuration.domain.document import PoolConfiguration
from cognito_standby.configuration.domain.drift import Drift, drift_between
from tests.unit.configuration.documents import OTHER_ID, document

HERE, THERE = "us-east-1", "eu-west-1"


def pair(here: dict[str, Any], there: dict[str, Any]) -> Drift:
    return drift_between(_in(HERE, here), _in(THERE, there))


def _in(region: str, sections: dict[str, Any]) -> PoolConfiguration:
    made = document(user_pool_id=OTHER_ID, **sections)
    return replace(made, region=region)


def places(drift: Drift) -> list[str]:
    return [each.place for each in drift.differences]


def arn(service: str, region: str, rest: str) -> str:
    return f"arn:aws:{service}:{region}:111111111111:{rest}"


def test_a_region_s_own_names_are_no_drift() -> None:
    def sections(region: str, key: str, domain: str, client: str) -> dict[str, Any]:
        return {
            "pool": {
                "pool": {
                    "Name": f"people in {region}",
                    "SmsConfiguration": {"SnsRegion": region, "ExternalId": key},
                    "KeyConfiguration": {"KmsKeyArn": arn("kms", region, f"key/{key}")},
                    "DeletionProtection": "ACTIVE" if region == HERE else "INACTIVE",
                }
            },
            "triggers": {"PreSignUp": {"LambdaArn": arn("lambda", region, "function:f")}},
            "domains": {domain: {"Custom": False, "ManagedLoginVersion": 2}},
            "clients": {client: {"ClientName": "app"}},
            "groups": {key: {}},
            "tags": {"aws:cloudformation:stack-name": {"Value": f"stack-{region}"}},
            "logs": {"userAuthEvents": {"S3Configuration": {"BucketArn": f"arn:aws:s3:::{key}"}}},
        }

    drift = pair(sections(HERE, "k1", "here", "c1"), sections(THERE, "k2", "there", "c2"))
    assert places(drift) == []
    assert {each.why for each in drift.expected} == {
        "a pool's name is its own",
        "the SMS role's external id is the pool's own",
        "the configuration protects each Region apart",
        "groups are replicated and reconciled by themselves",
        "the stack that made the pool",
    }


def test_what_decides_a_sign_in_is_drift() -> None:
    here = {
        "mfa": {"pool": {"MfaConfiguration": "ON"}},
        "attributes": {"custom:plan": {"Mutable": True}},
        "triggers": {"PreSignUp": {"LambdaArn": arn("lambda", HERE, "function:f")}},
        "clients": {"1": {"ClientName": "app", "CallbackURLs": ["https://a"]}},
        "providers": {"Google": {}},
        "domains": {"here": {"Custom": False, "ManagedLoginVersion": 2}},
    }
    there = {
        "mfa": {"pool": {"MfaConfiguration": "OFF"}},
        "attributes": {"custom:plan": {"Mutable": False}},
        "triggers": {"PreSignUp": {"LambdaArn": arn("lambda", THERE, "function:g")}},
        "clients": {"2": {"ClientName": "app", "CallbackURLs": ["https://b"]}},
    }
    assert places(pair(here, there)) == [
        "attributes/custom:plan/Mutable",
        "triggers/PreSignUp/LambdaArn",
        "mfa/pool/MfaConfiguration",
        "providers/Google",
        "clients/1/CallbackURLs",
        "domains/prefix",
    ]
