"""A config that cannot work is refused before anything is made of it, with its key named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import boto3
import pytest

from cognito_standby.core.domain.identities import FederatedWay
from cognito_standby.reconciliation.services.context import RunSettings
from stacks.config.model import Config
from stacks.config.parts import Federated
from stacks.config.source import ConfigError, find_config, parse
from stacks.partitions import in_standard_partition
from tests.stacks.variants import ACCOUNT, EMAIL, EXISTING, MINIMAL, VARIANTS

ROOT = Path(__file__).parents[2]
OWNER = f"arn:aws:lambda:{{}}:{ACCOUNT}:function:mine"
EXISTING_HERE = {
    "primary_user_pool_id": "us-east-1_Primary01",
    "backup_user_pool_id": "us-west-2_Backup01",
}
MRSC = {"consistency": "MRSC", "witness_region": "us-east-2"}


def _role(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"backup_region": "us-wst-2"}, "'us-wst-2' is known; the nearest name is us-west-2"),
    ({"primary_region": "eu-west1"}, "'eu-west1' is known; the nearest name is eu-west-1"),
    (
        {"on_demand": {"backup_old_pool": {"user_pool_id": "eu-west-1_A", "client_id": "1a"}}},
        "on_demand.backup_old_pool is for on_demand.backup: true",
    ),
    (
        {
            "pools": EXISTING_HERE,
            "on_demand": {
                "primary": True,
                "primary_old_pool": {"user_pool_id": "us-east-1_Primary01", "client_id": "1a"},
            },
        },
        "on_demand.primary_old_pool is the pool that is to be filled",
    ),
    ({"on_demand": {"primary": "yes"}}, "on_demand.primary"),
    ({"on_demand": {"concurrency": 0}}, "on_demand.concurrency"),
    ({"on_demand": {"primary_old_pool": {"user_pool_id": "pool"}}}, "on_demand.primary_old_pool"),
    (MRSC | {"witness_region": "US-EAST-2"}, "'US-EAST-2' is known; the nearest name is us-east-2"),
    ({"backup_region": "us-east-1"}, "primary_region and backup_region must be different"),
    (
        {"backup_region": "oregon"},
        "backup_region: no Region 'oregon' is known; the nearest name",
    ),
    ({"backup_region": "cn-north-1"}, "backup_region: cn-north-1 is of the partition aws-cn"),
    ({"primary_region": "us-gov-west-1"}, "is of the partition aws-us-gov: the state machines"),
    (
        {"permissions_boundary": f"arn:aws-us-gov:iam::{ACCOUNT}:policy/b"},
        "is of the partition aws-us-gov; only aws is supported",
    ),
    (
        {"triggers": {"origin_sub_claim": "sub"}},
        "triggers: origin_sub_claim: sub says something else in a token",
    ),
    ({"triggers": {"origin_sub_claim": "email"}}, "email says something else in a token"),
    (
        {"triggers": {"origin_sub_claim": "cognito:origin"}},
        "triggers.origin_sub_claim: must be a claim's name",
    ),
    (
        {"triggers": {"pre_token_generation": {"event": "V2_0"}}},
        "V2_0 changes access tokens, which needs plan essentials or plus",
    ),
    (
        {"plan": "lite", "triggers": {"pre_token_generation": {"event": "V3_0"}}},
        "V3_0 changes access tokens, which needs plan essentials or plus",
    ),
    (
        {"pools": EXISTING_HERE, "plan": "plus"},
        "plan and triggers.pre_token_generation.event are for created pools: remove them",
    ),
    (
        {"triggers": {"pre_sign_up": {"primary_function": OWNER.format("us-east-1")}}},
        "triggers.pre_sign_up: name a function in both Regions, or in none",
    ),
    (
        {
            "triggers": {
                "pre_token_generation": {
                    "primary_function": OWNER.format("us-east-1"),
                    "backup_function": OWNER.format("us-east-1"),
                }
            }
        },
        ":function:mine is not in us-west-2",
    ),
    ({"instalation": "x"}, "instalation: unknown key"),
    ({"retention": {"log_days": 3}}, "retention.log_days: unknown key"),
    ({"installation": "Alpha"}, "installation: must be 3 to 21 lower-case letters"),
    ({"installation": "ab"}, "installation: must be 3 to 21 lower-case letters"),
    ({"installation": "a" * 22}, "installation: must be 3 to 21 lower-case letters"),
    ({"account": 111111111111}, "account: Input should be a valid string"),
    ({"account": "1111"}, "account: must be an AWS account id, 12 digits, such as 111111111111"),
    ({"rpo_objective_seconds": "60"}, "rpo_objective_seconds: Input should be a valid integer"),
    ({"protect_data": "yes"}, "protect_data: Input should be a valid boolean"),
    ({"sign_in": "name"}, "sign_in: Input should be 'username', 'email', 'phone' or 'email_or"),
    ({"sign_in": "phone"}, "sign_in and aliases: codes go to phones, so sms is needed"),
    ({"aliases": ["phone_number"]}, "codes go to phones, so sms is needed"),
    ({"sign_in": "email", "aliases": ["email"]}, "aliases are for sign_in username"),
    ({"aliases": ["email", "email"]}, "aliases: one is named twice"),
    ({"pools": {}}, "pools: either create, or both"),
    ({"pools": {"primary_user_pool_id": "us-east-1_A"}}, "pools: either create, or both"),
    ({"pools": {"create": True, "primary_client_id": "abc"}}, "pools: create pools or name"),
    (
        {"pools": {"primary_user_pool_id": "us-east-1_A", "backup_user_pool_id": "us-east-1_B"}},
        "pools.backup_user_pool_id us-east-1_B is not in us-west-2",
    ),
    (
        {"group_roles": [{"primary": _role("a"), "backup": _role(b)} for b in "bc"]},
        "group_roles: twice as primary: arn:aws:iam::111111111111:role/a",
    ),
    (
        {"group_roles": [{"primary": _role(a), "backup": _role("b")} for a in "ac"]},
        "group_roles: twice as backup: arn:aws:iam::111111111111:role/b",
    ),
    (
        {"group_roles": [{"primary": _role("a" * 2500), "backup": _role("b")}]},
        "group_roles: more than 2500 characters in all",
    ),
    ({"group_roles": [{"primary": "a", "backup": _role("b")}]}, "group_roles.0.primary: must be"),
    ({"custom_attributes": [{"name": "origin_sub"}]}, "`origin_sub` is reserved"),
    (
        {"after_failover": "otp", "factors": {"mfa": "required", "second": ["totp"]}},
        "after_failover otp: a one-time code as first factor excludes MFA",
    ),
    ({"after_failover": "otp", "plan": "lite"}, "after_failover otp: one-time codes need the plan"),
    ({"factors": {"mfa": "optional"}}, "factors: mfa that is not off needs factors.second"),
    ({"factors": {"second": ["totp"]}}, "factors: mfa that is not off needs factors.second"),
    (
        {"factors": {"mfa": "required", "second": ["totp"], "codes": ["email"]}},
        "factors: codes exclude MFA",
    ),
    ({"factors": {"codes": ["email"]}, "plan": "lite"}, "factors: codes need the plan"),
    (
        {"factors": {"mfa": "optional", "second": ["email"]}},
        "factors.second email: passwords are reset by email alone",
    ),
    (
        {"factors": {"mfa": "optional", "second": ["sms"]}, "sms": None},
        "factors: codes go to phones, so sms is needed",
    ),
    (
        {
            "factors": {"codes": ["email"]},
            "pools": {
                "primary_user_pool_id": "us-east-1_A",
                "backup_user_pool_id": "us-west-2_B",
            },
        },
        "factors are for created pools; existing ones keep their own: remove them",
    ),
    (
        {"custom_attributes": [{"name": "a" * 21}]},
        "custom_attributes.0.name: must be 1 to 20",
    ),
    ({"custom_attributes": [{"name": "a"}, {"name": "a"}]}, "named twice: a"),
    ({"custom_attributes": [{"name": "a", "type": "date"}]}, "custom_attributes.0.type: Input"),
    ({"custom_attributes": [{"name": "a", "max_length": 2049}]}, "less than or equal to 2048"),
    ({"custom_attributes": [{"name": f"a{i}"} for i in range(50)]}, "at most 49 items"),
    ({"witness_region": "us-east-2"}, "are for consistency MRSC"),
    ({"consistency": "MRSC"}, "exactly one of witness_region and third_replica_region"),
    (MRSC | {"third_replica_region": "us-east-2"}, "exactly one of witness_region"),
    (MRSC | {"witness_region": "us-east-1"}, "MRSC needs three different Regions"),
    (MRSC | {"witness_region": "eu-west-1"}, "MRSC needs three Regions of one set (US: us-east-1"),
    (MRSC | {"backup_region": "us-west-1"}, "MRSC needs three Regions of one set"),
    (
        {"schedules": {"reconcile": "daily"}},
        "must be a schedule, rate(...) or cron(...), such as rate(",
    ),
    ({"schedules": {"sweep": "cron(0 3 * * ?)"}}, "schedules.sweep: cron(0 3 * * ?): it has 5"),
    ({"schedules": {"canary": "cron(0 3 30 2 ? *)"}}, "cron(0 3 30 2 ? *): it never fires"),
    ({"retention": {"dead_letters_days": 15}}, "less than or equal to 14"),
    ({"retention": {"logs_days": 2}}, "logs_days must be one of 1, 3, 5"),
    (
        {"retention": {"record_tombstone_days": 7, "deletion_grace_days": 7}},
        "record_tombstone_days must exceed deletion_grace_days",
    ),
    ({"retention": {"runs_days": 14}}, "retention.runs_days: Input should be greater than"),
    ({"reconcile": {"quota_share": 0}}, "reconcile.quota_share: Input should be greater than 0"),
    ({"reconcile": {"quota_share": 1.5}}, "reconcile.quota_share: Input should be less than"),
    ({"reconcile": {"quotas": {"UserLists": 9}}}, "reconcile.quotas.UserLists: unknown key"),
    ({"reconcile": {"brake_share": 5}}, "reconcile.brake_share: Input should be less than"),
    ({"reconcile": {"approval_hours": 169}}, "reconcile.approval_hours: Input should be less"),
    (
        {"reconcile": {"quota_share": 0.01, "concurrency": 200}},
        "reconcile: quota_share and concurrency leave a worker less than one request in 10 s",
    ),
    ({"alarm_email": "nobody"}, "alarm_email: must be an e-mail address, such as"),
    ({"tags": {"aws:x": "y"}}, "tags: 'aws:x'"),
    (
        {"permissions_boundary": "boundary"},
        "permissions_boundary: must be the ARN of a managed",
    ),
    ({"bootstrap_qualifier": "much-too-long"}, "bootstrap_qualifier: must be 1 to 10 lower-case"),
    (
        {
            "kms_keys": {
                "primary": EXISTING["kms_keys"]["primary"],
                "backup": EXISTING["kms_keys"]["backup"],
            }
        },
        "kms_keys: no key in us-east-1",
    ),
]


@pytest.mark.parametrize(("change", "message"), REFUSED, ids=[text for _, text in REFUSED])
def test_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        parse(MINIMAL | change, "test.json")
    text = str(refusal.value)
    assert text.startswith("The config in test.json cannot be used:\n  - ")
    assert message in text


def test_every_region_of_another_partition_is_refused() -> None:
    """By the SDK's own table of partitions: a new one, or a new prefix, fails here."""
    session = boto3.session.Session()
    refused = 0
    for partition in session.get_available_partitions():
        for region in session.get_available_regions("dynamodb", partition_name=partition):
            if partition == "aws":
                assert in_standard_partition(region) == region
                continue
            refused += 1
            with pytest.raises(ValueError, match=f"{region} is of the partition {partition}: "):
                in_standard_partition(region)
    assert refused > 0


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refusal:
        parse({"installation": "x", "colour": "red"}, "test.json")
    text = str(refusal.value)
    for expected in ("installation: ", "account: is required", "colour: unknown key"):
        assert expected in text


@pytest.mark.parametrize("raw", [None, [], "text", 3])
def test_a_config_is_an_object(raw: Any) -> None:
    with pytest.raises(ConfigError):
        parse(raw, "test.json")


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=list(VARIANTS))
def test_accepted(variant: dict[str, Any]) -> None:
    assert parse(variant, "test").installation == variant["installation"]


def test_every_key_is_described() -> None:
    def undescribed(schema: dict[str, Any], path: str) -> list[str]:
        found = [
            f"{path}.{k}" for k, v in schema.get("properties", {}).items() if "description" not in v
        ]
        for name, below in schema.get("$defs", {}).items():
            found += undescribed(below, name)
        return found

    assert undescribed(Config.model_json_schema(), "config") == []


def test_the_example_in_cdk_json_is_accepted() -> None:
    assert find_config(ROOT, [], {}).pools.create


def test_the_ways_of_federated_users_are_those_that_functions_know() -> None:
    assert get_args(Federated) == tuple(FederatedWay)


def test_one_default_of_how_long_what_was_deleted_is_kept() -> None:
    """The config's, the example's in cdk.json, and that of a reconciliation which is told nothing
    are the same."""
    own, kept = RunSettings(), parse(MINIMAL, "test").retention
    example = find_config(ROOT, [], {}).retention
    for retention in (kept, example):
        assert timedelta(days=retention.record_tombstone_days) == own.retention
        assert timedelta(days=retention.deletion_grace_days) == own.grace


def test_sources_in_order(tmp_path: Path) -> None:
    named, other = tmp_path / "named.json", tmp_path / "other.json"
    named.write_text(json.dumps(MINIMAL | {"installation": "named"}))
    other.write_text(json.dumps(MINIMAL | {"installation": "other"}))
    environ = {"COGNITO_STANDBY_CONFIG": str(other)}
    cli = {"CDK_CONTEXT_JSON": json.dumps({"config": str(named)})}
    assert find_config(ROOT, [], environ).installation == "other"
    assert find_config(ROOT, ["-c", f"config={named}"], environ).installation == "named"
    assert find_config(ROOT, [], environ | cli).installation == "named"


@pytest.mark.parametrize(
    ("text", "message"),
    [("{", "is not JSON"), ("[]", "JSON object"), ("[" * 10**5, "is not JSON")],
)
def test_unreadable_files(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config.json"
    with pytest.raises(ConfigError, match="cannot be read"):
        find_config(ROOT, [], {"COGNITO_STANDBY_CONFIG": str(path)})
    path.write_text(text)
    with pytest.raises(ConfigError, match=message):
        find_config(ROOT, [], {"COGNITO_STANDBY_CONFIG": str(path)})


@pytest.mark.parametrize("context", [None, [], "standby", 5])
def test_a_context_of_another_shape_has_no_config(tmp_path: Path, context: Any) -> None:
    (tmp_path / "cdk.json").write_text(json.dumps({"context": context}))
    with pytest.raises(ConfigError, match="context key `standby` cannot be used"):
        find_config(tmp_path, [], {})


def test_app_refuses_with_one_message_and_no_traceback(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(EMAIL | {"backup_region": "us-east-1"}))
    environ = {**os.environ, "COGNITO_STANDBY_CONFIG": str(path), "CDK_OUTDIR": str(tmp_path)}
    run = subprocess.run(
        [sys.executable, ROOT / "app.py"], env=environ, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "must be different Regions" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.stdout == ""
    assert not list(tmp_path.glob("*.template.json"))


def test_app_says_when_the_layer_is_missing(tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "COGNITO_STANDBY_LAYER_DIR": str(tmp_path),
        "CDK_OUTDIR": str(tmp_path),
    }
    run = subprocess.run(
        [sys.executable, ROOT / "app.py"], env=environ, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "The layer has not been built" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("config", "told", "fenced"),
    [
        *((MINIMAL, None, True), (MINIMAL, "off", False), (MINIMAL, "on", True)),
        *((EXISTING, None, False), (EXISTING, "on", True)),
    ],
)
def test_created_pools_are_fenced_and_existing_ones_where_it_is_said(
    config: dict[str, Any], told: str | None, fenced: bool
) -> None:
    assert parse({**config, "triggers": {"fence": told}}, "test.json").fenced is fenced
