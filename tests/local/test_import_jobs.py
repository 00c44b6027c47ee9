"""Import jobs on the local AWS, by the API and by PUT."""

from __future__ import annotations

import urllib.error
import urllib.request
from typing import Any

import pytest

from local.emulator import LocalAws
from local.gaps.import_jobs import jobs as kept
from tests.local.conftest import REGION, refused
from tests.local.pools import CODE, PASSWORD, TestPool
from tests.local.rights import holders

pytestmark = pytest.mark.local_aws


class Importing(TestPool):
    """A pool that is imported into."""

    def create_job(self, role: str, **more: Any) -> dict[str, Any]:
        told = self.admin(
            "create_user_import_job", JobName="first", CloudWatchLogsRoleArn=role, **more
        )
        return dict(told["UserImportJob"])

    def file(self, *people: dict[str, str], columns: tuple[str, ...] = ()) -> bytes:
        header = (*self.admin("get_csv_header")["CSVHeader"], *columns)
        rows = [",".join(each.get(name, "") for name in header) for each in people]
        return "\n".join([",".join(header), *rows, ""]).encode()

    def job(self, operation: str, job: dict[str, Any]) -> dict[str, Any]:
        told = self.admin(f"{operation}_user_import_job", JobId=job["JobId"])
        return dict(told["UserImportJob"])

    def run(self, role: str, body: bytes, **more: Any) -> dict[str, Any]:
        """Create, upload, start, and look until it has ended."""
        job = self.create_job(role, **more)
        assert put(job["PreSignedUrl"], body) == 200
        assert self.job("start", job)["Status"] == "Pending"
        while self.job("describe", job)["Status"] in ("Pending", "InProgress"):
            pass
        return self.job("describe", job)

    def log(self, job: dict[str, Any]) -> list[str]:
        name = self.admin("describe_user_pool")["UserPool"]["Name"]
        events = self.aws.client("logs", self.region).get_log_events(
            logGroupName=f"/aws/cognito/userpools/{self.id}/{name}",
            logStreamName=f"{job['JobId']}/{job['JobName']}",
        )
        return [event["message"] for event in events["events"]]


def put(url: str, body: bytes, encryption: str = "aws:kms") -> int:
    headers = {"x-amz-server-side-encryption": encryption} if encryption else {}
    request = urllib.request.Request(  # noqa: S310 - loopback
        url, data=body, headers=headers, method="PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310 - loopback
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code


def person(name: str, /, **more: str) -> dict[str, str]:
    address = {"email": f"{name}@example.org", "email_verified": "TRUE"}
    return {"cognito:username": name, **address, **more}


def logs_role(aws: LocalAws, *, trusts: str = "cognito-idp") -> str:
    groups = f"arn:aws:logs:{REGION}:{aws.account}:log-group:/aws/cognito/*"
    return holders.role(aws, holders.allow(holders.LOGS_OF_IMPORTS, groups), trusts=trusts)


@pytest.fixture(scope="module")
def role(aws: LocalAws) -> str:
    return logs_role(aws)


@pytest.fixture
def pool(aws: LocalAws) -> Importing:
    return Importing(aws, settings={"AutoVerifiedAttributes": ["email"]})


def test_users_are_made_and_the_log_tells_by_line(pool: Importing, role: str) -> None:
    pool.create("ben")
    people = [person("ann", name=r"Ann\, the first"), person("ben"), person("c", email="")]
    job = pool.run(role, pool.file(*people))
    counts = [job[f"{what}Users"] for what in ("Imported", "Skipped", "Failed")]
    assert (job["Status"], counts) == ("Succeeded", [1, 1, 1])
    described = pool.admin("describe_user_pool")["UserPool"]
    assert described["EstimatedNumberOfUsers"] == 2
    ann = pool.user("ann")
    assert (ann["status"], ann["name"], ann["email_verified"]) == (
        *("RESET_REQUIRED", "Ann, the first"),
        "true",
    )
    assert [line.split(" - ")[0] for line in pool.log(job)] == [
        "[SUCCEEDED] Line Number 2",
        "[SKIPPED] Line Number 3",
        "[FAILED] Line Number 4",
    ]
    with refused("NotAuthorizedException"):
        pool.token("ann")
    pool.app("forgot_password", Username="ann")
    pool.app("confirm_forgot_password", Username="ann", ConfirmationCode=CODE, Password=PASSWORD)
    assert pool.token("ann")


def test_a_hash_confirms(pool: Importing, role: str) -> None:
    hashed = "$2b$10$CtA.Rcu/szzn9U00wpUjOuN3vrgJRZycv4aOzcP3GzqzO8UDPEFq6"
    people = [person("ann", password_hash=hashed), person("ben"), person("c", password_hash="x")]
    body = pool.file(*people, columns=("password_hash",))
    job = pool.run(role, body, PasswordHashingAlgorithm="BCRYPT")
    assert job["PasswordHashingAlgorithm"] == "BCRYPT"
    assert pool.user("ann")["status"] == "CONFIRMED"
    assert pool.user("ben")["status"] == "RESET_REQUIRED"
    assert job["FailedUsers"] == 1
    with refused("NotAuthorizedException"):
        pool.token("ann")


def test_an_upload_needs_its_header_its_url_and_its_time(
    pool: Importing, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = pool.create_job(role)
    url, body = job["PreSignedUrl"], pool.file(person("ann"))
    assert put(url, body, "") == 403
    assert put(url, body, "AES256") == 403
    assert put(url[:-1], body) == 403
    with refused("PreconditionNotMetException", "No csv file was uploaded"):
        pool.job("start", job)
    with monkeypatch.context() as patched:
        patched.setattr("local.gaps.import_jobs.uploads.URL_SECONDS", -1)
        assert put(url, body) == 403
    assert put(url, body) == 200


def test_one_job_is_active_and_can_be_stopped_for_good(pool: Importing, role: str) -> None:
    first, second = pool.create_job(role), pool.create_job(role)
    for job in (first, second):
        put(job["PreSignedUrl"], pool.file(person("ann")))
    pool.job("start", first)
    with refused("PreconditionNotMetException", "active import job"):
        pool.job("start", second)
    assert pool.job("stop", first)["Status"] == "Stopped"
    with refused("InvalidParameterException"):
        pool.job("start", first)
    pool.job("start", second)
    pool.job("stop", second)
    assert pool.admin("list_users")["Users"] == []


def test_jobs_are_listed_the_last_first(pool: Importing, role: str) -> None:
    made = [pool.create_job(role)["JobId"] for _ in range(3)]
    page = pool.admin("list_user_import_jobs", MaxResults=2)
    assert [job["JobId"] for job in page["UserImportJobs"]] == made[:0:-1]
    rest = pool.admin(
        "list_user_import_jobs", MaxResults=2, PaginationToken=page["PaginationToken"]
    )
    assert [job["JobId"] for job in rest["UserImportJobs"]] == made[:1]
    assert "PaginationToken" not in rest


def test_too_many_failures_end_a_job(pool: Importing, role: str) -> None:
    job = pool.run(role, pool.file(*(person(f"p{n}", email="") for n in range(9))))
    assert (job["Status"], job["FailedUsers"]) == ("Failed", 5)
    assert "Too many" in job["CompletionMessage"]


@pytest.mark.parametrize("body", [b"", b"name\nann\n"], ids=["empty", "foreign header"])
def test_a_file_that_cannot_be_read_fails_the_job(pool: Importing, role: str, body: bytes) -> None:
    assert pool.run(role, body)["Status"] == "Failed"
    assert pool.admin("list_users")["Users"] == []


def test_the_role_must_let_cognito_in(aws: LocalAws, pool: Importing) -> None:
    job = pool.run(logs_role(aws, trusts="lambda"), pool.file(person("ann")))
    assert job["Status"] == "Failed"
    assert "role" in job["CompletionMessage"]
    assert pool.admin("list_users")["Users"] == []


def test_a_pool_that_verifies_nothing_imports_nobody(aws: LocalAws, role: str) -> None:
    pool = Importing(aws)
    job = pool.create_job(role)
    put(job["PreSignedUrl"], pool.file(person("ann")))
    with refused("PreconditionNotMetException", "auto verified"):
        pool.job("start", job)


def test_what_nobody_started_expires_and_a_pool_has_its_limit(
    pool: Importing, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = pool.create_job(role)
    with monkeypatch.context() as patched:
        patched.setattr(kept, "UNSTARTED_SECONDS", -1)
        assert pool.job("describe", job)["Status"] == "Expired"
    with refused("InvalidParameterException"):
        pool.job("start", job)
    with monkeypatch.context() as patched:
        patched.setattr(kept, "MAX_JOBS", 1)
        with refused("LimitExceededException"):
            pool.create_job(role)


def test_another_pools_job_is_unknown(aws: LocalAws, pool: Importing, role: str) -> None:
    job = Importing(aws).create_job(role)
    with refused("ResourceNotFoundException"):
        pool.job("describe", job)
