"""A created trail: enough for EventBridge, little else, and kept no longer than wanted."""

from __future__ import annotations

from tests.stacks.templates import Assembly, Template, listed, without_hash

TRAIL, BUCKET = "AWS::CloudTrail::Trail", "AWS::S3::Bucket"


def _bucket(template: Template) -> dict[str, object]:
    return dict(template.named("TrailLogs"))


def test_a_trail_records_write_management_events_and_nothing_else(standard: Assembly) -> None:
    from stacks.constructs.events.trail import LEFT_OUT  # noqa: PLC0415 - starts Node

    for template in standard.regions:
        trail = template.only(TRAIL)
        assert trail["IsLogging"] is True
        assert trail["IsMultiRegionTrail"] is False
        assert trail["EnableLogFileValidation"] is True
        assert trail["TrailName"] == "alpha-changes"
        (selector,) = trail["EventSelectors"]
        assert selector == {
            "IncludeManagementEvents": True,
            "ReadWriteType": "WriteOnly",
            "ExcludeManagementEventSources": list(LEFT_OUT),
        }


def test_its_files_are_encrypted_private_and_expire(standard: Assembly) -> None:
    for template in standard.regions:
        bucket = template.named("TrailLogs")
        properties = bucket["Properties"]
        (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
        assert all(properties["PublicAccessBlockConfiguration"].values())
        (life,) = properties["LifecycleConfiguration"]["Rules"]
        assert (life["ExpirationInDays"], life["Status"]) == (90, "Enabled")
        assert bucket["DeletionPolicy"] == "Retain"
        assert "BucketName" not in properties, "a bucket's name is global"


def test_only_this_trail_may_write_and_only_over_tls(standard: Assembly) -> None:
    for template in standard.regions:
        policy = template.named("TrailLogsPolicy")["Properties"]["PolicyDocument"]["Statement"]
        denied = [one for one in policy if one["Effect"] == "Deny"]
        assert [one["Condition"] for one in denied] == [{"Bool": {"aws:SecureTransport": "false"}}]
        for statement in policy:
            if statement["Effect"] == "Allow":
                assert statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
                assert "aws:SourceArn" in statement["Condition"]["StringEquals"]
                assert set(listed(statement["Action"])) <= {"s3:GetBucketAcl", "s3:PutObject"}
        dependencies = [
            without_hash(name)
            for resource in template.resources.values()
            if resource["Type"] == TRAIL
            for name in resource["DependsOn"]
        ]
        assert "TrailLogsPolicy" in dependencies


def test_an_existing_trail_is_left_alone(existing: Assembly) -> None:
    for template in existing.regions:
        assert not template.of_type(TRAIL)
        assert not [key for key in template.of_type(BUCKET) if key.startswith("Trail")]
