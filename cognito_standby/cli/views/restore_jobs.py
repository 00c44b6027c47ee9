"""`standby restore --strategy import`: what its import jobs are told by, and what came of them."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.services.context import told
from cognito_standby.recovery.domain.job_log import SUCCEEDED
from cognito_standby.recovery.services.import_users import JobFailedError
from cognito_standby.recovery.services.restore_desk import RestoreDesk
from cognito_standby.recovery.services.restore_ending import RestoreReport
from cognito_standby.recovery.services.restore_importing import import_planned
from cognito_standby.recovery.services.transfer_ports import TransferContext, TransferRefusedError


@dataclass(frozen=True)
class Jobs:
    """Of one Region's pool. `role`: by which Cognito writes their logs."""

    context: TransferContext
    role: str

    @property
    def words(self) -> str:
        """The same on a command line."""
        return f" --strategy import --role {shlex.quote(self.role)}"

    def run(self, desk: RestoreDesk, report: RestoreReport, out: Console) -> bool:
        """Before the machine goes on. False: it does not, and it was said why."""
        if not report.plan.importable:
            out.print("nobody can be made by an import job: all go by calls")
            return True
        tell: Callable[[str], None] = lambda line: out.print(f"  {escape(line)}")  # noqa: E731
        try:
            outcomes = import_planned(self.context, desk.files, report.restore, self.role, tell)
        except (StandbyError, TransferRefusedError, JobFailedError) as error:
            why = told(error) if isinstance(error, StandbyError) else str(error)
            out.print(f"[bold red]{desk.region}:[/] {escape(why)}", soft_wrap=True)
            return False
        others = sum(outcomes.values()) - outcomes.get(SUCCEEDED, 0)
        out.print(
            f"{outcomes.get(SUCCEEDED, 0):,} made by import jobs, {others:,} passed over; "
            "completed, and made, by calls:"
        )
        return True
