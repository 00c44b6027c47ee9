"""`standby reconcile --seed`: estimate, question, then the active Region and the standby."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cognito_standby.cli.arguments import NOTHING, Sure
from cognito_standby.cli.regions import NO_RUNS, Opened, in_each
from cognito_standby.cli.views.reconcile import ReconcileView
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.domain.seeding import Filling
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.operator.services.context import Unreachable, told
from cognito_standby.operator.services.run_estimate import Census, census, estimate
from cognito_standby.reconciliation.domain import prices

_PAIR = 2


class SeedView:
    """Fills both Regions, one after the other: the standby needs the records of the active one."""

    def __init__(self, view: ReconcileView) -> None:
        self._view = replace(view, wait=True)
        self._console = Console(quiet=view.as_json)

    def run(self, only: str, sure: Sure) -> int:
        """The exit code. `only`: fill just this Region; the estimate is about both."""
        regions = self._view.location.regions
        looks = in_each(self._view.location, regions, _look)
        troubles = [(region, why) for region, why, *_ in looks if why]
        for region, why in troubles:
            Console(stderr=True).print(f"[bold red]{region}:[/] {escape(why)}")
        counts = [count for *_, count in looks if count is not None]
        actives = {active for _, _, active, _ in looks if active}
        if troubles or len(counts) != _PAIR or len(actives) != 1:
            if not troubles:
                self._console.print("the Regions do not agree on who is active: wait, then retry")
            return NOTHING
        active, standby = sorted(counts, key=lambda each: each.region not in actives)
        self._tell(active, standby)
        if not sure("Fill them now?"):
            self._console.print("nothing was started")
            return NOTHING
        return self._fill([r for r in (active.region, standby.region) if only in ("", r)])

    def _fill(self, regions: list[str]) -> int:
        results = []
        for region in regions:
            results += self._view.work([region])
            if results[-1].code != 0:
                if region != regions[-1]:
                    self._console.print("the standby is not filled: the active Region comes first")
                break
        return self._view.finish(results)

    def _tell(self, active: Census, standby: Census) -> None:
        fillings = estimate(active, standby)
        table = Table("", title="What a first filling takes, at most", title_justify="left")
        for each in fillings:
            table.add_column(f"{each.region} ({each.role})", justify="right")
        for name, *cells in zip(_ROWS, *map(_cells, fillings), strict=True):
            table.add_row(name, *cells)
        self._console.print(table)
        self._console.print(
            f"Both one after the other: {spoken(sum(each.seconds for each in fillings))} or more. "
            f"Quotas and share ({active.share:.0%}) {active.told_by}.\n"
            "Billed users and dollars are once, for this month, and at most: who is active this "
            "month anyway costs nothing more.\n"
            f"{'' if active.memberships else 'Memberships come on top, a request each. '}"
            f"[dim]Prices of {prices.DATE}: {prices.SOURCE}.[/]"
        )


_Look = tuple[str, str, str, Census | None]
"""Region, why nothing could be learnt, who is active there, its census."""


def _look(context: Opened) -> _Look:
    if isinstance(context, Unreachable):
        return context.region, f"could not be reached: {context.reason}", "", None
    if context.runs is None:
        return context.region, NO_RUNS, "", None
    try:
        active = context.records.read_claims().highest().region
        return context.region, "", active, census(context.runs)
    except StandbyError as error:
        return context.region, told(error), "", None


_ROWS = (
    *("users to write", "time, at least", "decided by", "billed users"),
    *(f"dollars on {plan}" for plan in prices.ACTIVE_USER),
)


def _cells(each: Filling) -> list[str]:
    return [
        f"{each.users:,}",
        spoken(each.seconds),
        each.bottleneck,
        f"{each.active_users:,}",
        *(f"${usd:,.2f}" for usd in each.usd.values()),
    ]
