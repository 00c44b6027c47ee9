"""Import jobs on a strict pool, by the same rules as the local AWS's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from cognito_standby.core.domain.pools import UserStatus
from cognito_standby.recovery.domain.import_csv import ImportRules
from cognito_standby.recovery.services.transfer_ports import ImportJob, JobState
from local.cognito_rules import imports, names
from local.cognito_rules.imports import ImportSettings, Told
from tests.twins.pool.accounts import Account
from tests.twins.pool.pool import StrictPool
from tests.twins.stores.frozen import FrozenMap


class InMemoryImportPool:
    """ImportPool. A job does its work when it is looked at first.

    busy         how often another job of the account is active when one is to be started
    before       called before a job makes anybody: what happens while a job waits
    fails_after  lets the next job fail after so many users; None: it does not
    """

    def __init__(self, pool: StrictPool) -> None:
        self._pool = pool
        self.jobs: dict[str, ImportJob] = {}
        self.bodies: dict[str, bytes] = {}
        self.algorithms: dict[str, str] = {}
        self.lines: dict[str, list[str]] = {}
        self.busy = 0
        self.before: Callable[[], None] = lambda: None
        self.fails_after: int | None = None

    def rules(self) -> ImportRules:
        config = self._pool.config
        required = {n for n, spec in config.specs().items() if spec.required} - {"sub"}
        return ImportRules(imports.header(config), config.auto_verified, frozenset(required))

    def create(self, name: str, role_arn: str, algorithm: str = "") -> ImportJob:
        job = ImportJob(f"import-{len(self.jobs) + 1}", name, JobState.CREATED, "https://upload")
        self.algorithms[job.id] = algorithm
        self.jobs[job.id] = job
        return job

    def upload(self, job: ImportJob, body: bytes) -> None:
        self.bodies[job.id] = body

    def start(self, job: ImportJob) -> bool:
        assert job.id in self.bodies
        if self.busy:
            self.busy -= 1
            return False
        self.jobs[job.id] = replace(job, state=JobState.RUNNING)
        return True

    def look(self, job_id: str) -> ImportJob | None:
        job = self.jobs.get(job_id)
        if job is not None and job.state is JobState.RUNNING:
            self.before()
            job = self.jobs[job_id] = self._done(job)
        return job

    def log(self, job: ImportJob) -> Sequence[str]:
        return self.lines.get(job.id, [])

    def _done(self, job: ImportJob) -> ImportJob:
        settings = ImportSettings(self._pool.config)
        lines = self.lines[job.id] = []
        algorithm, body = self.algorithms[job.id], self.bodies.pop(job.id)
        for row in imports.read_file(body, self._pool.config, algorithm):
            if self.fails_after is not None and len(lines) >= self.fails_after:
                self.fails_after = None
                return replace(job, state=JobState.ENDED, message=imports.TOO_MANY_FAILED)
            told, why = self._imported(settings, row, algorithm)
            lines.append(told.line(row.line, why))
        return replace(job, state=JobState.SUCCEEDED)

    def _imported(
        self, settings: ImportSettings, row: imports.Row, algorithm: str
    ) -> tuple[Told, str]:
        try:
            user = imports.check_row(settings, row, algorithm)
        except imports.RowError as error:
            return Told.FAILED, str(error)
        pool = self._pool
        sub = pool._new_sub()
        account = Account(
            *(sub, user.username or sub, UserStatus(user.status)),
            attributes=FrozenMap(user.attributes),
        )
        if any(pool._accounts.find(value) for _, value in names.held(pool.config, account)):
            return Told.SKIPPED, imports.EXISTS
        pool._put(account)
        return Told.SUCCEEDED, imports.IMPORTED
