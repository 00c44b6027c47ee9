"""Reconciliation: its bucket, what its machine and functions are told, when it starts."""

from __future__ import annotations

from tests.stacks.templates import Assembly, Template, without_hash


def _bucket(template: Template) -> dict[str, object]:
    found = template.named("RunsBucket")
    return {**found["Properties"], "DeletionPolicy": found["DeletionPolicy"]}


def test_the_bucket_is_private_and_encrypted(assembly: Assembly) -> None:
    installation = assembly.config["installation"]
    own_key = "kms_keys" in assembly.config
    for template in assembly.regions:
        bucket = _bucket(template)
        assert str(bucket["BucketName"]).startswith(f"{installation}-reconcile-111111111111-")
        public = bucket["PublicAccessBlockConfiguration"]
        assert isinstance(public, dict)
        assert len(public) == 4
        assert all(public.values())
        rules = str(bucket["BucketEncryption"])
        assert ("aws:kms" if own_key else "AES256") in rules
        protected = assembly.config.get("protect_data", True)
        assert bucket["DeletionPolicy"] == ("Retain" if protected else "Delete")
        assert "VersioningConfiguration" not in bucket


def test_nobody_reads_the_bucket_in_the_clear(assembly: Assembly) -> None:
    for template in assembly.regions:
        policies = template.of_type("AWS::S3::BucketPolicy").values()
        (policy,) = [p for p in policies if without_hash(p["Bucket"]["Ref"]) == "RunsBucket"]
        (statement,) = policy["PolicyDocument"]["Statement"]
        assert statement["Effect"] == "Deny"
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_runs_and_reports_expire_by_themselves(assembly: Assembly) -> None:
    reports = assembly.config.get("retention", {}).get("reports_days", 400)
    for template in assembly.regions:
        lifecycle = _bucket(template)["LifecycleConfiguration"]
        assert isinstance(lifecycle, dict)
        days = {rule["Prefix"]: rule["ExpirationInDays"] for rule in lifecycle["Rules"]}
        assert days == {"runs/": 30, "reports/": reports}
