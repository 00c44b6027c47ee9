"""The ports of exports and imports, on the local AWS."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cognito_standby.core.domain.errors import ServiceUnavailableError
from cognito_standby.recovery.adapters.import_jobs import CognitoImportPool, put_file
from cognito_standby.recovery.adapters.transfer_files import BucketFiles, FolderFiles
from cognito_standby.recovery.domain.import_csv import CsvUser, line_of
from cognito_standby.recovery.domain.import_plan import Fate, Planned, body_of
from cognito_standby.recovery.domain.password_hashes import Algorithm, DatedHash, Hashes
from cognito_standby.recovery.services.transfer_ports import ImportJob, JobState, TransferFiles
from local.emulator import LocalAws
from tests.local.conftest import REGION, unique
from tests.local.pools import TestPool
from tests.local.test_import_jobs import logs_role

pytestmark = pytest.mark.local_aws
ORIGIN = "custom:origin_sub"
SCHEMA = [{"Name": "origin_sub", "AttributeDataType": "String", "Mutable": True}]


def port(aws: LocalAws, pool: TestPool) -> CognitoImportPool:
    return CognitoImportPool(pool.cognito, aws.client("logs", REGION), pool.id)


@pytest.fixture
def pool(aws: LocalAws) -> TestPool:
    return TestPool(aws, settings={"AutoVerifiedAttributes": ["email"], "Schema": SCHEMA})


def ended(jobs: CognitoImportPool, job: ImportJob) -> ImportJob:
    while True:
        seen = jobs.look(job.id)
        assert seen
        if seen.state not in (JobState.CREATED, JobState.RUNNING):
            return seen


def test_a_job_from_its_rules_to_its_log(aws: LocalAws, pool: TestPool) -> None:
    jobs = port(aws, pool)
    rules = jobs.rules()
    assert rules.marks
    assert rules.auto_verified == ("email",)
    address = {"email": "ann@example.org", "email_verified": "true", "name": "Doe, Ann"}
    line = line_of(rules, CsvUser("ann", {**address, ORIGIN: "some-id"}))
    body = "\n".join([",".join(rules.header), line, ""]).encode()
    job = jobs.create("one", logs_role(aws))
    assert job.state is JobState.CREATED
    jobs.upload(job, body)
    assert jobs.start(job)
    other = jobs.create("two", logs_role(aws))
    jobs.upload(other, body)
    assert not jobs.start(other), "one is active"
    done = ended(jobs, job)
    assert done.state is JobState.SUCCEEDED
    assert jobs.log(done) == ["[SUCCEEDED] Line Number 2 - The import succeeded."]
    assert pool.user("ann")[ORIGIN] == "some-id"
    assert jobs.look("import-nothing") is None
    assert jobs.log(other) == []
    assert jobs.start(other)
    assert ended(jobs, other).state is JobState.SUCCEEDED


def test_a_job_with_hashes(aws: LocalAws, pool: TestPool) -> None:
    jobs = port(aws, pool)
    address = {"email": "ann@example.org", "email_verified": "true"}
    user = CsvUser("ann", {**address, ORIGIN: "some-id"})
    row = Planned(2, "some-id", Fate.JOB, user=user, text=str(line_of(jobs.rules(), user)))
    hashed = "$argon2id$v=19$m=19456,t=2,p=1$ko/G5o1ms+ML08P95sQ8DA$AkVbvWSOqz7Hs3qthhWKxicOWnGLN"
    hashes = Hashes(Algorithm.ARGON2ID, {"some-id": DatedHash(hashed, datetime.now(UTC))})
    job = jobs.create("one", logs_role(aws), hashes.algorithm)
    jobs.upload(job, body_of(jobs.rules().header, [row], hashes))
    assert jobs.start(job)
    assert ended(jobs, job).state is JobState.SUCCEEDED
    assert pool.user("ann")["status"] == "CONFIRMED"


def test_a_refused_upload_tells_no_address(aws: LocalAws, pool: TestPool) -> None:
    job = port(aws, pool).create("one", logs_role(aws))
    with pytest.raises(ServiceUnavailableError, match="HTTP 403") as raised:
        put_file(job.url + "x", b"")
    assert "Signature" not in str(raised.value)


@pytest.fixture(params=["bucket", "folder"])
def files(request: pytest.FixtureRequest, aws: LocalAws, tmp_path: Path) -> TransferFiles:
    if request.param == "folder":
        return FolderFiles(tmp_path)
    client, name = aws.client("s3", REGION), unique("bucket")
    client.create_bucket(Bucket=name)
    return BucketFiles(client, name)


def test_files(files: TransferFiles) -> None:
    assert files.read("a/b") is None
    assert files.write_new("a/b", b"1")
    assert not files.write_new("a/b", b"2")
    files.write("a/c", b"3")
    files.write("a/c", b"4")
    assert (files.read("a/b"), files.read("a/c")) == (b"1", b"4")
    assert files.names("a/") == ["a/b", "a/c"]
    files.remove("a/b")
    files.remove("a/b")
    assert files.names("") == ["a/c"]


def test_who_only_looks_leaves_nothing_behind(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "nowhere")
    assert (files.read("a/b"), list(files.names(""))) == (None, [])
    files.remove("a/b")
    assert not (tmp_path / "nowhere").exists()


def test_objects_are_encrypted_and_files_are_their_owners_alone(
    aws: LocalAws, tmp_path: Path
) -> None:
    client, name = aws.client("s3", REGION), unique("bucket")
    client.create_bucket(Bucket=name)
    BucketFiles(client, name).write("a", b"1")
    assert client.head_object(Bucket=name, Key="a")["ServerSideEncryption"] == "aws:kms"
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "the-key"}
    rules = [{"ApplyServerSideEncryptionByDefault": default}]
    client.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": rules})
    BucketFiles(client, name).write("b", b"1")
    assert "the-key" in client.head_object(Bucket=name, Key="b")["SSEKMSKeyId"]
    FolderFiles(tmp_path).write("deep/a", b"1")
    FolderFiles(tmp_path).write_new("deep/b", b"1")
    modes = {stat.S_IMODE((tmp_path / "deep" / each).stat().st_mode) for each in "ab"}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "deep").stat().st_mode) == 0o700
