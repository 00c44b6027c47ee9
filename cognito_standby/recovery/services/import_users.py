"""`standby import`: parts one after the other, each by an import job, then everybody's replay.

A part: its users are named in the ledger, the job is created, fed, started and watched, its log is
read, and a sync is started for each user: it finds whom the job made and completes them (groups,
the disabled flag, links), or makes who went by no job. What the run notes lets it go on after a
crash at any of these; all of them can be repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from cognito_standby.core.domain.hints import Hint
from cognito_standby.recovery.domain.import_csv import MAX_BYTES
from cognito_standby.recovery.domain.import_plan import (
    Fate,
    ImportRun,
    PartRun,
    Planned,
    Stage,
    body_of,
)
from cognito_standby.recovery.domain.job_log import SUCCEEDED, outcomes_of
from cognito_standby.recovery.domain.password_hashes import Unused
from cognito_standby.recovery.services.import_adopting import adopt
from cognito_standby.recovery.services.import_naming import named
from cognito_standby.recovery.services.import_notes import (
    ImportOrder,
    begin,
    end,
    is_current,
    keep,
    kept,
    note,
    resumed,
)
from cognito_standby.recovery.services.import_plan import (
    Export,
    counts_of,
    names_in,
    plan_part,
    refuse_active,
)
from cognito_standby.recovery.services.noted_changes import of_now
from cognito_standby.recovery.services.patiently import patiently
from cognito_standby.recovery.services.transfer_ports import (
    ImportJob,
    JobState,
    TransferContext,
    TransferRefusedError,
)
from cognito_standby.replication.services.sync import IMPORT

WATCH_SECONDS, WAIT_SECONDS = 5.0, 30.0
PATIENCE = 120
"""How often another job's end is waited for: an hour. The own file is uploaded by then, and a job
may be started for 24 hours."""
START_SECONDS = 0.02
"""Between two executions: the quota of StartExecution is some hundreds a second. Their replays
wait in the line of the Region anyway."""

Tell = Callable[[str], None]


class JobFailedError(Exception):
    """A job ended without success. Whom it made is completed; the run can go on with a new job."""


def give_up(ctx: TransferContext, export: Export, order: ImportOrder) -> None:
    """Let another import begin. Whom its jobs made is completed; whom it named and did not make, a
    reconciliation brings in. TransferRefusedError: its job goes on."""
    run = resumed(ctx, order)
    if not is_current(ctx, order.run_id):
        raise TransferRefusedError(f"the import {order.run_id} is not under way")
    for name, part in run.parts.items():
        job = ctx.pool.look(part.job_id) if part.stage is Stage.CREATED else None
        if job is not None and job.state is JobState.RUNNING:
            raise TransferRefusedError(f"its job {job.id} goes on: --resume {order.run_id}")
        if job is not None and job.state is not JobState.CREATED:
            rows = [row for row in kept(ctx, order, name) if row.fate is Fate.JOB]
            _complete(ctx, export, order, name, rows)
    end(ctx)


def run_import(ctx: TransferContext, export: Export, order: ImportOrder, tell: Tell) -> ImportRun:
    """Import every part that is not done. JobFailedError; TransferRefusedError: another job of the
    account did not end. StandbyError: a service refused. After each of them it can go on."""
    run = begin(ctx, order)
    for name in export.parts:
        if (before := run.parts.get(name)) is not None and before.stage is Stage.DONE:
            continue
        run = _part(ctx, export, order, run, name, tell)
    end(ctx)
    return run


def _part(
    ctx: TransferContext, export: Export, order: ImportOrder, run: ImportRun, name: str, tell: Tell
) -> ImportRun:
    refuse_active(ctx)
    before = run.parts.get(name)
    job = ctx.pool.look(before.job_id) if before and before.job_id else None
    if job is not None and job.state in (JobState.RUNNING, JobState.SUCCEEDED):
        rows = kept(ctx, order, name)
        tell(f"{name}: goes on with the job {job.id}")
    else:
        planned = plan_part(ctx, export, name)
        _require_room(export, order, name, planned)
        rows = named(ctx, planned, order.run_id)
        keep(ctx, order, name, rows, {})
        run = note(ctx, run, name, PartRun(Stage.NAMED, fates=counts_of(rows)))
        tell(f"{name}: {_spoken(counts_of(rows))}")
        job = None
    ours = [row for row in rows if row.fate is Fate.JOB]
    if ours and job is None:
        title = f"{order.run_id}-{name.partition('.')[0]}"
        job = ctx.pool.create(title, order.role_arn, order.algorithm)
        run = note(ctx, run, name, replace(run.parts[name], stage=Stage.CREATED, job_id=job.id))
        ctx.pool.upload(job, _body(ctx, export, order, ours, tell))
        _start(ctx, job, order, tell)
    return _finish(ctx, export, order, run, name, rows, _watch(ctx, job) if job else None)


def _require_room(export: Export, order: ImportOrder, name: str, rows: Sequence[Planned]) -> None:
    """TransferRefusedError: hashes would make the job's file larger than Cognito takes. Nobody is
    named before: the job would only fail, again and again."""
    ours = [row for row in rows if row.fate is Fate.JOB]
    if order.hashes and len(body_of(export.rules.header, ours, order.hashes)) > MAX_BYTES:
        raise TransferRefusedError(
            f"{name}: with the hashes its file is larger than Cognito takes: --give-up "
            f"{order.run_id}, and export again with fewer --part-users"
        )


def _body(
    ctx: TransferContext, export: Export, order: ImportOrder, ours: Sequence[Planned], tell: Tell
) -> bytes:
    """The job's file. Somebody may have changed their password since the hashes were read."""
    header, hashes = export.rules.header, order.hashes
    if hashes is None:
        return body_of(header, ours)
    subs = [row.origin_sub for row in ours]
    still = of_now(ctx, hashes, subs)
    if changed := sum(sub in hashes.of and sub not in still.of for sub in subs):
        tell(f"{changed} more hashes are not used: {Unused.OLDER}")
    return body_of(header, ours, still)


def _finish(
    ctx: TransferContext,
    export: Export,
    order: ImportOrder,
    run: ImportRun,
    name: str,
    rows: Sequence[Planned],
    job: ImportJob | None,
) -> ImportRun:
    ours = [row.origin_sub for row in rows if row.fate is Fate.JOB]
    log = patiently(ctx, lambda: ctx.pool.log(job)) if job else ()
    outcomes = outcomes_of(ours, log)
    keep(ctx, order, name, rows, outcomes)
    failed = job is not None and job.state is not JobState.SUCCEEDED
    made = {sub for sub, (told, _) in outcomes.items() if told == SUCCEEDED or not failed}
    wanted = [row for row in rows if row.fate is Fate.CALL or row.origin_sub in made]
    refuse_active(ctx)
    _complete(ctx, export, order, name, wanted)
    if failed and job is not None:
        raise JobFailedError(f"{name}: the job {job.id} ended without success: {job.message}")
    counted = dict(Counter(told for told, _ in outcomes.values()))
    return note(ctx, run, name, replace(run.parts[name], stage=Stage.DONE, outcomes=counted))


def _start(ctx: TransferContext, job: ImportJob, order: ImportOrder, tell: Tell) -> None:
    for attempt in range(PATIENCE):
        if ctx.pool.start(job):
            return
        if not attempt:
            tell("another import job of this account is active: waiting for its end")
        ctx.pause(WAIT_SECONDS)
    raise TransferRefusedError(
        "another import job of this account is still active: when it has ended, go on with "
        f"--resume {order.run_id}"
    )


def _watch(ctx: TransferContext, job: ImportJob) -> ImportJob:
    """The job as it ended."""
    while True:
        seen = patiently(ctx, lambda: ctx.pool.look(job.id))
        if seen is None:
            return replace(job, state=JobState.ENDED, message="the job is not there any more")
        if seen.state not in (JobState.CREATED, JobState.RUNNING):
            return seen
        ctx.pause(WATCH_SECONDS)


def _complete(
    ctx: TransferContext, export: Export, order: ImportOrder, name: str, rows: Sequence[Planned]
) -> None:
    """Start the sync of each user, once the ledger tells of whom a job made."""
    names = names_in(ctx, export, name) if any(row.fate is Fate.JOB for row in rows) else {}
    for row in rows:
        if row.fate is Fate.JOB and (username := names.get(row.origin_sub)):
            _adopt(ctx, order, row.origin_sub, username)
        _bring_in(ctx, row.origin_sub)


def _adopt(ctx: TransferContext, order: ImportOrder, origin_sub: str, username: str) -> None:
    patiently(ctx, lambda: adopt(ctx, origin_sub, username, f"import:{order.run_id}"))


def _bring_in(ctx: TransferContext, origin_sub: str) -> None:
    """Start the sync that completes a user, unless whoever imports completes them."""
    machine = ctx.machine
    if machine is None:
        return
    now = ctx.sync.clock.now().isoformat()
    hint = Hint(origin_sub=origin_sub, cause=IMPORT, hinted_at=now)
    patiently(ctx, lambda: machine.start(hint))
    ctx.pause(START_SECONDS)


def _spoken(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {fate}" for fate, n in counts.items()) or "nobody"
