"""The tables: keys, protection of every replica, consistency modes."""

from __future__ import annotations

import pytest

from stacks.names import Names
from tests.stacks.templates import Assembly

GLOBAL_TABLE = "AWS::DynamoDB::GlobalTable"


def test_records_keys_and_index(assembly: Assembly) -> None:
    table = assembly.data.only(GLOBAL_TABLE)
    assert table["TableName"] == f"{assembly.config['installation']}-records"
    keys = [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]]
    assert keys == [("origin_sub", "HASH"), ("region", "RANGE")]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    (index,) = table["GlobalSecondaryIndexes"]
    keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
    assert (index["IndexName"], keys) == (
        "by-shard",
        [("shard_id", "HASH"), ("origin_sub", "RANGE")],
    )
    assert index["Projection"]["ProjectionType"] == "INCLUDE"
    small = {"revision", "epoch", "deleted", "fingerprint", "observed_at", "schema_version"}
    assert set(index["Projection"]["NonKeyAttributes"]) == small


def test_both_regions_have_the_key_of_the_index_of_names(assembly: Assembly) -> None:
    secret = assembly.data.only("AWS::SecretsManager::Secret")
    installation, backup = assembly.config["installation"], assembly.config["backup_region"]
    assert secret["Name"] == Names(installation).names_secret == f"{installation}-names"
    assert secret["ReplicaRegions"] == [{"Region": backup}]
    assert secret["GenerateSecretString"]["PasswordLength"] >= 40
    assert "SecretString" not in secret
    assert "DeletionPolicy" not in assembly.data.named("NamesKey"), "it goes with the stack"


@pytest.mark.parametrize(
    ("variant", "regions", "protected"),
    [
        ("standard", {"us-east-1", "us-west-2"}, True),
        ("email", {"us-east-1", "us-west-2"}, False),
        ("existing", {"eu-west-1", "eu-central-1", "eu-west-2"}, True),
    ],
)
def test_every_replica_is_protected(
    variant: str, regions: set[str], protected: bool, request: pytest.FixtureRequest
) -> None:
    table = request.getfixturevalue(variant).data.only(GLOBAL_TABLE)
    assert {replica["Region"] for replica in table["Replicas"]} == regions
    for replica in table["Replicas"]:
        assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert replica["DeletionProtectionEnabled"] is protected


def test_records_outlive_their_stack_only_when_protected(
    standard: Assembly, email: Assembly
) -> None:
    assert standard.data.named("Records")["DeletionPolicy"] == "RetainExceptOnCreate"
    assert email.data.named("Records")["DeletionPolicy"] == "Delete"


def test_consistency(standard: Assembly, email: Assembly, existing: Assembly) -> None:
    eventual = standard.data.only(GLOBAL_TABLE)
    assert "MultiRegionConsistency" not in eventual
    witnessed = email.data.only(GLOBAL_TABLE)
    assert witnessed["MultiRegionConsistency"] == "STRONG"
    assert witnessed["GlobalTableWitnesses"] == [{"Region": "us-east-2"}]
    replicated = existing.data.only(GLOBAL_TABLE)
    assert replicated["MultiRegionConsistency"] == "STRONG"
    assert "GlobalTableWitnesses" not in replicated


def test_only_a_region_itself_takes_its_records_away(assembly: Assembly) -> None:
    """A time to live would delete them in whichever replica comes first; MRSC has none."""
    assert "TimeToLiveSpecification" not in assembly.data.only(GLOBAL_TABLE)


def test_encryption_of_the_records(standard: Assembly, existing: Assembly) -> None:
    managed = standard.data.only(GLOBAL_TABLE)
    assert managed["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    for replica in existing.data.only(GLOBAL_TABLE)["Replicas"]:
        key = replica["SSESpecification"]["KMSMasterKeyId"]
        assert f":kms:{replica['Region']}:" in key


def test_ledger(assembly: Assembly) -> None:
    for template in assembly.regions:
        table = template.table("ledger")
        assert table["TableName"] == f"{assembly.config['installation']}-ledger"
        assert table["KeySchema"] == [{"AttributeName": "subject", "KeyType": "HASH"}]
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"]["SSEEnabled"] is True
        assert table["TimeToLiveSpecification"]["AttributeName"] == "expires_at"
        protected = assembly.config.get("protect_data", True)
        assert table["DeletionProtectionEnabled"] is protected


def test_changes(assembly: Assembly) -> None:
    for template in assembly.regions:
        table = template.table("changes")
        assert table["TableName"] == f"{assembly.config['installation']}-changes"
        assert table["KeySchema"] == [{"AttributeName": "id", "KeyType": "HASH"}]
        assert table["BillingMode"] == "PAY_PER_REQUEST"
        assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["SSESpecification"]["SSEEnabled"] is True
        assert table["TimeToLiveSpecification"]["AttributeName"] == "expires_at"
        (index,) = table["GlobalSecondaryIndexes"]
        keys = [(key["AttributeName"], key["KeyType"]) for key in index["KeySchema"]]
        assert (index["IndexName"], keys) == (
            "recent",
            [("listed", "HASH"), ("requested_at", "RANGE")],
        )
        told = {"kind", "status", "asked_by", "ended_at", "subject", "problem", "result"}
        assert set(index["Projection"]["NonKeyAttributes"]) == {*told, "expires_at"}


def test_indexes_of_the_ledger(assembly: Assembly) -> None:
    for template in assembly.regions:
        table = template.table("ledger")
        indexes = {index["IndexName"]: index for index in table["GlobalSecondaryIndexes"]}
        assert set(indexes) == {"by-attention", "by-shard"}
        keys = [(key["AttributeName"], key["KeyType"]) for key in indexes["by-shard"]["KeySchema"]]
        assert keys == [("shard_id", "HASH"), ("subject", "RANGE")]
        projection = indexes["by-shard"]["Projection"]
        assert projection["ProjectionType"] == "INCLUDE"
        confirmed = {f"confirmed_{part}" for part in ("epoch", "region", "revision")}
        others = {"state", "local_sub", "summary", "record_fingerprint", "lease_expires_at"}
        assert set(projection["NonKeyAttributes"]) == confirmed | others
