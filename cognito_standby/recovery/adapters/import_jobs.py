"""Cognito's import jobs, their upload and their log.

Sources: API reference, CreateUserImportJob and its kin; developer guide, "Importing users into user
pools from a CSV file".
"""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from cognito_standby.core.adapters.aws_errors import code_of, translated
from cognito_standby.core.domain.errors import MisconfiguredError, ServiceUnavailableError
from cognito_standby.recovery.domain.import_csv import ImportRules
from cognito_standby.recovery.services.transfer_ports import ImportJob, JobState

_STATES = {
    "Created": JobState.CREATED,
    "Pending": JobState.RUNNING,
    "InProgress": JobState.RUNNING,
    "Stopping": JobState.RUNNING,
    "Succeeded": JobState.SUCCEEDED,
}
_BUSY = ("PreconditionNotMetException", "LimitExceededException")
"""The file was taken, and the pool verifies addresses: what is left is another job."""
_NOT_THERE = "ResourceNotFoundException"
"""No such job; no log of it."""
_UPLOAD_SECONDS = 600

Put = Callable[[str, bytes], None]


class CognitoImportPool:
    """ImportPool, by boto3's `cognito-idp` and `logs` clients."""

    def __init__(self, client: Any, logs: Any, user_pool_id: str, put: Put | None = None) -> None:
        self._client, self._logs, self._pool = client, logs, user_pool_id
        self._put = put or put_file
        self._known: tuple[ImportRules, str] | None = None

    def rules(self) -> ImportRules:
        """GetCSVHeader and DescribeUserPool, once."""
        return self._facts()[0]

    def _facts(self) -> tuple[ImportRules, str]:
        if self._known is None:
            with translated():
                header = self._client.get_csv_header(UserPoolId=self._pool)["CSVHeader"]
                pool = self._client.describe_user_pool(UserPoolId=self._pool)["UserPool"]
            required = {a["Name"] for a in pool.get("SchemaAttributes", ()) if a.get("Required")}
            verified = tuple(pool.get("AutoVerifiedAttributes") or ())
            rules = ImportRules(tuple(header), verified, frozenset(required - {"sub"}))
            self._known = (rules, str(pool["Name"]))
        return self._known

    def create(self, name: str, role_arn: str, algorithm: str = "") -> ImportJob:
        """One CreateUserImportJob."""
        more = {"PasswordHashingAlgorithm": algorithm} if algorithm else {}
        with translated():
            answer = self._client.create_user_import_job(
                JobName=name, UserPoolId=self._pool, CloudWatchLogsRoleArn=role_arn, **more
            )
        return _job(answer["UserImportJob"])

    def upload(self, job: ImportJob, body: bytes) -> None:
        """One PUT to the pre-signed URL, which is a secret: no error tells it."""
        self._put(job.url, body)

    def start(self, job: ImportJob) -> bool:
        """One StartUserImportJob."""
        with translated():
            try:
                self._client.start_user_import_job(UserPoolId=self._pool, JobId=job.id)
            except ClientError as error:
                if code_of(error) in _BUSY:
                    return False
                raise
        return True

    def look(self, job_id: str) -> ImportJob | None:
        """One DescribeUserImportJob."""
        with translated():
            try:
                answer = self._client.describe_user_import_job(UserPoolId=self._pool, JobId=job_id)
            except ClientError as error:
                if code_of(error) == _NOT_THERE:
                    return None
                raise
        return _job(answer["UserImportJob"])

    def log(self, job: ImportJob) -> Sequence[str]:
        """GetLogEvents, all pages: the last one names itself as the next."""
        where = {
            "logGroupName": f"/aws/cognito/userpools/{self._pool}/{self._facts()[1]}",
            "logStreamName": f"{job.id}/{job.name}",
            "startFromHead": True,
        }
        lines, token = list[str](), ""
        while True:
            more = {"nextToken": token} if token else {}
            with translated():
                try:
                    page = self._logs.get_log_events(**where, **more)
                except ClientError as error:
                    if code_of(error) == _NOT_THERE:
                        return lines
                    raise
            lines += [event["message"] for event in page["events"]]
            if page["nextForwardToken"] == token or not page["events"]:
                return lines
            token = page["nextForwardToken"]


def put_file(url: str, body: bytes) -> None:
    """PUT with the header that the signature demands. ServiceUnavailableError: not taken.

    MisconfiguredError: the URL is not encrypted on its way, and does not stay on this machine.
    """
    if not url.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
        raise MisconfiguredError("the upload's address is not one of https")
    headers = {"x-amz-server-side-encryption": "aws:kms", "content-type": "text/csv"}
    request = urllib.request.Request(  # noqa: S310 - looked at above
        url, data=body, headers=headers, method="PUT"
    )
    try:
        with urllib.request.urlopen(request, timeout=_UPLOAD_SECONDS):  # noqa: S310 - as above
            return
    except urllib.error.HTTPError as error:
        raise ServiceUnavailableError(f"the upload was refused: HTTP {error.code}") from None
    except OSError as error:
        raise ServiceUnavailableError(f"the upload failed: {type(error).__name__}") from None


def _job(raw: Mapping[str, Any]) -> ImportJob:
    return ImportJob(
        id=str(raw["JobId"]),
        name=str(raw["JobName"]),
        state=_STATES.get(str(raw["Status"]), JobState.ENDED),
        url=str(raw.get("PreSignedUrl") or ""),
        message=str(raw.get("CompletionMessage") or raw["Status"]),
    )
