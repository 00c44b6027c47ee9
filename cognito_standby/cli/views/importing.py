"""What an import shows: the plan, who is refused, and how far it is."""

from __future__ import annotations

from collections import Counter
from itertools import islice

from rich.console import Console
from rich.markup import escape

from cognito_standby.core.domain.subjects import digest
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.recovery.domain.import_plan import Fate, Planned
from cognito_standby.recovery.services.import_notes import ImportOrder
from cognito_standby.recovery.services.import_plan import Export, open_export, plan_part
from cognito_standby.recovery.services.import_users import give_up, run_import
from cognito_standby.recovery.services.transfer_ports import TransferContext

_SHOWN = 20
USERS_A_SECOND = 34
"""Of import jobs, at most, as others measured; Cognito does not document it."""


class ImportView:
    """One import at a terminal."""

    def __init__(self, context: TransferContext, export: Export, order: ImportOrder) -> None:
        self._context, self._export, self._order = context, export, order
        self._console = Console(highlight=False, soft_wrap=True)
        self.anybody = False

    def show(self) -> bool:
        """The plan; whether somebody is refused. Ids are hashed, as in the logs."""
        counts: Counter[tuple[Fate, str]] = Counter()
        refused: list[tuple[str, Planned]] = []
        for name in self._export.parts:
            for row in plan_part(self._context, self._export, name):
                counts[row.fate, row.reason if row.fate is Fate.CALL else ""] += 1
                if row.fate is Fate.REFUSED:
                    refused.append((name, row))
        self.anybody = any(counts[key] for key in counts if key[0] in (Fate.JOB, Fate.CALL))
        for (fate, why), number in sorted(counts.items()):
            self._console.print(f"{number} {fate}{f': {escape(why)}' if why else ''}")
        if counts[Fate.HERE, ""]:
            onward = f"standby restore --region {self._context.sync.region} --dry-run"
            self._console.print(f"[dim]Whether the pool has lost some of those: {onward}[/]")
        if jobs := counts[Fate.JOB, ""]:
            self._console.print(
                f"[dim]Jobs make at most about {USERS_A_SECOND} users a second: "
                f"{spoken(jobs / USERS_A_SECOND)} or more.[/]"
            )
        self._tell_hashes()
        for name, row in islice(refused, _SHOWN):
            who = f" ({digest(row.origin_sub)})" if row.origin_sub else ""
            self._console.print(f"  {name}, line {row.place}{who}: {escape(row.reason)}")
        if len(refused) > _SHOWN:
            self._console.print(f"  [dim]and {len(refused) - _SHOWN} more[/]")
        return bool(refused)

    def _tell_hashes(self) -> None:
        hashes = self._order.hashes
        if hashes is None:
            return
        self._console.print(f"{len(hashes.of)} password hashes ({hashes.algorithm}) to pass on")
        for why, number in hashes.unused.items():
            self._console.print(f"  {number} not used: {escape(why)}; they reset their password")

    def run(self) -> None:
        """Everything. The plan is made anew for each part: the records move meanwhile."""
        self._console.print(f"the import {self._order.run_id} begins")
        export = open_export(self._context, self._order.export)
        run = run_import(self._context, export, self._order, self._tell)
        totals: Counter[str] = Counter()
        for part in run.parts.values():
            totals.update(part.outcomes)
        told = ", ".join(f"{number} {outcome.lower()}" for outcome, number in totals.items())
        self._console.print(f"[green]done[/]; the jobs' logs say: {told or 'nothing'}")
        self._console.print(
            "replication completes each of them at its pace: standby status, standby reconcile"
        )

    def end(self) -> int:
        """Give a run up."""
        give_up(self._context, self._export, self._order)
        self._console.print(f"the import {self._order.run_id} is over; another can begin")
        return 0

    def _tell(self, line: str) -> None:
        self._console.print(escape(line))
