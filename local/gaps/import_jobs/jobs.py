"""The jobs of all pools, and when each may begin or end."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from local.cognito_rules import imports
from local.cognito_rules.refusals import CognitoError, invalid
from local.cognito_store import Pool

MAX_JOBS = 1000
"""Of one pool; none is ever deleted (guide, "Quotas in Amazon Cognito")."""
URL_SECONDS = 15 * 60
UNSTARTED_SECONDS = 24 * 3600
"""A job that nobody started expires within 24 to 48 hours."""


class JobStatus(StrEnum):
    """UserImportJobStatusType."""

    CREATED = "Created"
    PENDING = "Pending"
    IN_PROGRESS = "InProgress"
    EXPIRED = "Expired"
    STOPPED = "Stopped"
    FAILED = "Failed"
    SUCCEEDED = "Succeeded"


ACTIVE = (JobStatus.PENDING, JobStatus.IN_PROGRESS)


@dataclass
class Job:
    """One job. `rows`: those that are still to be imported, once it began."""

    pool: Pool
    name: str
    role: str
    algorithm: str
    url: str
    id: str
    created: float
    status: JobStatus = JobStatus.CREATED
    body: bytes | None = None
    rows: list[imports.Row] = field(default_factory=list)
    counts: dict[imports.Told, int] = field(default_factory=lambda: dict.fromkeys(imports.Told, 0))
    started: float | None = None
    ended: float | None = None
    message: str = ""

    def end(self, status: JobStatus, message: str = "") -> None:
        """Cognito forgets the file then."""
        self.status, self.message, self.ended = status, message, time.time()
        self.body, self.rows = None, []

    def told(self) -> dict[str, Any]:
        """UserImportJobType: what is not there yet is left out."""
        optional = {
            "StartDate": self.started,
            "CompletionDate": self.ended,
            "CompletionMessage": self.message,
            "PasswordHashingAlgorithm": self.algorithm,
        }
        return {
            "JobName": self.name,
            "JobId": self.id,
            "UserPoolId": self.pool.id,
            "PreSignedUrl": self.url,
            "CreationDate": self.created,
            "Status": self.status.value,
            "CloudWatchLogsRoleArn": self.role,
            "ImportedUsers": self.counts[imports.Told.SUCCEEDED],
            "SkippedUsers": self.counts[imports.Told.SKIPPED],
            "FailedUsers": self.counts[imports.Told.FAILED],
            **{name: value for name, value in optional.items() if value},
        }


class Jobs:
    """Every job, in the order of their creation."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    def create(self, pool: Pool, params: dict[str, Any], endpoint: str) -> Job:
        """CreateUserImportJob. LimitExceededException."""
        if len(self.of(pool)) >= MAX_JOBS:
            raise CognitoError("LimitExceededException", "The pool has too many import jobs.")
        name = f"import-{secrets.token_hex(5)}"
        query = f"X-Amz-Expires={URL_SECONDS}&X-Amz-Signature={secrets.token_hex(16)}"
        job = Job(
            pool,
            name=str(params["JobName"]),
            role=str(params["CloudWatchLogsRoleArn"]),
            algorithm=str(params.get("PasswordHashingAlgorithm") or ""),
            url=f"{endpoint}/aws-cognito-idp-user-import/{pool.id}/{name}?{query}",
            id=name,
            created=time.time(),
        )
        self._jobs[name] = job
        return job

    def find(self, pool: Pool, name: object) -> Job:
        """One job of a pool. ResourceNotFoundException."""
        job = self._jobs.get(str(name))
        if job is None or job.pool.id != pool.id:
            raise CognitoError("ResourceNotFoundException", "There is no such import job.")
        _expire([job])
        return job

    def of(self, pool: Pool) -> list[Job]:
        """Those of a pool, the last created first."""
        found = [job for job in reversed(self._jobs.values()) if job.pool.id == pool.id]
        _expire(found)
        return found

    def at(self, url: str) -> Job | None:
        """Whose upload URL it is, path and query."""
        return next((job for job in self._jobs.values() if job.url.endswith(url)), None)

    def start(self, job: Job) -> None:
        """StartUserImportJob. PreconditionNotMetException, InvalidParameterException."""
        if job.status is not JobStatus.CREATED:
            raise invalid(f"The import job is {job.status.value} and cannot be started.")
        if not job.pool.settings.auto_verified:
            raise _unmet("The user pool has no auto verified attributes.")
        if job.body is None:
            raise _unmet(f"No csv file was uploaded for {job.id}")
        for other in self._jobs.values():
            if other.pool.account == job.pool.account and other.status in ACTIVE:
                raise _unmet("There is already an active import job in this account.")
        job.status, job.started = JobStatus.PENDING, time.time()

    def stop(self, job: Job) -> None:
        """StopUserImportJob: it cannot be started again. PreconditionNotMetException."""
        if job.status not in ACTIVE:
            raise _unmet(f"The import job is {job.status.value} and cannot be stopped.")
        job.end(JobStatus.STOPPED, imports.STOPPED)


def _expire(jobs: Iterable[Job]) -> None:
    for job in jobs:
        old = time.time() - job.created > UNSTARTED_SECONDS
        if job.status is JobStatus.CREATED and old:
            job.end(JobStatus.EXPIRED)


def _unmet(why: str) -> CognitoError:
    return CognitoError("PreconditionNotMetException", why)
