"""`standby restore --strategy import`: whom the plan makes, by import jobs first.

It is an export and an import of just those people, in the bucket and never on a disk, which end
before the machine goes on: the machine then visits each of them, completes whom a job has made
(groups, the disabled flag, links), and makes who went by no job. So nobody's sync is started here.
Who may be made, and whether they still are missing, the import asks for itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from cognito_standby.core.domain.subjects import Subject, SubjectKind
from cognito_standby.reconciliation.ports import RunFiles
from cognito_standby.recovery.domain import exports
from cognito_standby.recovery.domain.exports import Form
from cognito_standby.recovery.domain.restoring import Action
from cognito_standby.recovery.services.export import ExportRequest, export
from cognito_standby.recovery.services.import_notes import ImportOrder, is_current, noted
from cognito_standby.recovery.services.import_plan import open_export
from cognito_standby.recovery.services.import_users import run_import
from cognito_standby.recovery.services.restore_store import RestoreStore
from cognito_standby.recovery.services.transfer_ports import TransferContext

PART_USERS = 100_000
"""Of one job, which runs for about 50 minutes."""


def import_planned(
    ctx: TransferContext,
    files: RunFiles,
    restore: str,
    role_arn: str,
    tell: Callable[[str], None],
) -> dict[str, int]:
    """What the jobs' logs say -> of how many. Repeatable from any point: it goes on.

    JobFailedError; TransferRefusedError: it is not done, and why. StandbyError.
    """
    jobs_only, order = replace(ctx, machine=None), ImportOrder(restore, restore, role_arn)
    run = noted(jobs_only, restore)
    if run is None or is_current(jobs_only, restore):
        if run is None:
            _export(jobs_only, planned_to_make(files, restore), restore)
        run = run_import(jobs_only, open_export(jobs_only, restore), order, tell)
    for name in ctx.files.names(exports.folder_of(restore)):
        ctx.files.remove(name)
    outcomes = Counter[str]()
    for part in run.parts.values():
        outcomes.update(part.outcomes)
    return dict(outcomes)


def planned_to_make(files: RunFiles, restore: str) -> frozenset[str]:
    """The people whom the plan of a restore makes."""
    store = RestoreStore(files, restore)
    plan = store.plan()
    rows = (row for batch in (plan.users if plan else ()) for row in store.batch(batch))
    made = (Subject.from_key(row.key) for row in rows if row.action is Action.CREATE)
    return frozenset(whom.id for whom in made if whom.kind is SubjectKind.USER)


def _export(ctx: TransferContext, whom: frozenset[str], name: str) -> None:
    """Whole, or begun anew: one that a crash has cut has no index."""
    there = ctx.files.names(exports.folder_of(name))
    if exports.folder_of(name) + exports.INDEX in there:
        return
    for file in there:
        ctx.files.remove(file)
    export(ctx, ExportRequest(name, Form.CSV, PART_USERS, only=whom))
