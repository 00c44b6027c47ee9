"""The layer with the six operations, and how a job goes on."""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable
from typing import Any, cast

from local.cognito_factors import allowed_firsts
from local.cognito_rules import hashes, imports, names
from local.cognito_rules.imports import Imported, ImportSettings, Told
from local.cognito_rules.refusals import CognitoError, invalid
from local.cognito_store import CognitoStore, Pool
from local.gaps.import_jobs.jobs import ACTIVE, Job, Jobs, JobStatus
from local.gateway import Emulator, Forward
from local.protocol import Call, Reply

ROWS_A_LOOK = 500
LogsDenied = Callable[[str, str, str, str], str]
"""For a role, a job, the ARN of its log group and its stream: why the role may not write there, or
nothing."""


class ImportJobs:
    """A layer: jobs are served here, everything else happens as before."""

    def __init__(
        self,
        store: CognitoStore,
        emulator: Emulator,
        jobs: Jobs,
        endpoint: str,
        denied: LogsDenied,
    ) -> None:
        self._store, self._emulator, self._jobs = store, emulator, jobs
        self._endpoint, self._denied = endpoint, denied

    async def __call__(self, call: Call, forward: Forward) -> Reply:
        """Serve an operation on jobs."""
        pool = self._store.pool_of(call) if call.operation in _OPERATIONS else None
        if pool is None:
            return await forward(call)
        try:
            return Reply.of(await self._serve(call, pool))
        except CognitoError as refused:
            return Reply.refusal(refused.code, refused.message)

    async def _serve(self, call: Call, pool: Pool) -> dict[str, Any]:
        params = dict(call.params)
        match call.operation:
            case "GetCSVHeader":
                columns = list(imports.header(pool.settings))
                return {"UserPoolId": pool.id, "CSVHeader": columns}
            case "ListUserImportJobs":
                return await self._list(pool, params)
            case "CreateUserImportJob":
                if params.get("PasswordHashingAlgorithm") not in (None, *hashes.ALGORITHMS):
                    raise invalid("The password hashing algorithm is not supported.")
                return {"UserImportJob": self._jobs.create(pool, params, self._endpoint).told()}
            case _:
                return {"UserImportJob": (await self._turn(call.operation, pool, params)).told()}

    async def _turn(self, operation: str, pool: Pool, params: dict[str, Any]) -> Job:
        job = self._jobs.find(pool, params.get("JobId"))
        if operation == "StartUserImportJob":
            self._jobs.start(job)
        elif operation == "StopUserImportJob":
            self._jobs.stop(job)
        else:
            await self._go_on(job)
        return job

    async def _list(self, pool: Pool, params: dict[str, Any]) -> dict[str, Any]:
        found, most = self._jobs.of(pool), int(params["MaxResults"])
        begin = int(params.get("PaginationToken") or 0)
        page, onward = found[begin : begin + most], begin + most
        for job in page:
            await self._go_on(job)
        more = {"PaginationToken": str(onward)} if onward < len(found) else {}
        return {"UserImportJobs": [job.told() for job in page], **more}

    async def _go_on(self, job: Job) -> None:
        """The first look lets it begin, each further one imports some rows."""
        if job.status is JobStatus.PENDING:
            await self._begin(job)
            return
        if job.status is not JobStatus.IN_PROGRESS:
            return
        rows, job.rows = job.rows[:ROWS_A_LOOK], job.rows[ROWS_A_LOOK:]
        lines = []
        for row in rows:
            told, reason = _imported(job, row)
            job.counts[told] += 1
            lines.append(told.line(row.line, reason))
            if _has_failed(job):
                job.rows = []
                break
        await self._log(job, lines)
        if job.rows or job.status not in ACTIVE:
            return
        if _has_failed(job):
            job.end(JobStatus.FAILED, imports.TOO_MANY_FAILED)
        else:
            job.end(JobStatus.SUCCEEDED)

    async def _begin(self, job: Job) -> None:
        group, stream = _log_of(job)
        where = f"arn:aws:logs:{job.pool.region}:{job.pool.account}:log-group:{group}"
        if why := self._denied(job.role, job.id, where, stream):
            job.end(JobStatus.FAILED, f"The CloudWatch Logs role cannot be used: {why}")
            return
        try:
            job.rows = imports.read_file(job.body or b"", job.pool.settings, job.algorithm)
        except imports.FileError as error:
            job.end(JobStatus.FAILED, str(error))
            return
        job.status = JobStatus.IN_PROGRESS
        name = {"logGroupName": group}
        await self._emulator.logs(job.pool, "CreateLogGroup", **name)
        await self._emulator.logs(job.pool, "CreateLogStream", **name, logStreamName=stream)

    async def _log(self, job: Job, lines: list[str]) -> None:
        """10,000 events at most in one PutLogEvents."""
        group, stream = _log_of(job)
        now = int(time.time() * 1000)
        events = [{"timestamp": now, "message": line} for line in lines]
        where = {"logGroupName": group, "logStreamName": stream}
        if events:
            await self._emulator.logs(job.pool, "PutLogEvents", **where, logEvents=events)


_OPERATIONS = frozenset(
    {
        *("GetCSVHeader", "CreateUserImportJob", "DescribeUserImportJob", "ListUserImportJobs"),
        *("StartUserImportJob", "StopUserImportJob"),
    }
)


def _log_of(job: Job) -> tuple[str, str]:
    """Group and stream (guide, "Viewing the results")."""
    name = job.pool.setting("Name")
    return f"/aws/cognito/userpools/{job.pool.id}/{name}", f"{job.id}/{job.name}"


def _has_failed(job: Job) -> bool:
    others = job.counts[Told.SKIPPED] + job.counts[Told.FAILED]
    return imports.too_many(job.counts[Told.SUCCEEDED], others)


def _imported(job: Job, row: imports.Row) -> tuple[Told, str]:
    """Put one user into the pool, or say why not."""
    pool = job.pool
    mfa, firsts = str(pool.setting("MfaConfiguration")), allowed_firsts(pool.raw)
    settings = ImportSettings(pool.settings, mfa, firsts)
    try:
        user = imports.check_row(settings, row, job.algorithm)
    except imports.RowError as error:
        return Told.FAILED, str(error)
    for kind, value in names.held(pool.settings, user):
        for other in pool.named(value):
            if (kind, value) in names.held(pool.settings, other):
                return Told.SKIPPED, imports.EXISTS
    _put(pool, user)
    return Told.SUCCEEDED, imports.IMPORTED


def _put(pool: Pool, user: Imported) -> None:
    sub, now = str(uuid.uuid4()), time.time()
    attributes = [{"Name": n, "Value": v} for n, v in {"sub": sub, **user.attributes}.items()]
    username = user.username or sub
    raw = cast("dict[str, Any]", pool.raw)  # the emulator's own, which readers do not write to
    users: dict[str, Any] = raw["_users"]
    users[username] = {
        "Username": username,
        "Attributes": attributes,
        "UserCreateDate": now,
        "UserLastModifiedDate": now,
        "Enabled": True,
        "UserStatus": user.status.value,
        "MFAOptions": [],
        "_password": secrets.token_urlsafe(),  # nobody's; the emulator lets in who has none
        "_groups": [],
        "_tokens": [],
    }
    raw["EstimatedNumberOfUsers"] = len(users)
