"""The figures as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from tests.bench.reconcile.export_model import OLD_REPLICATED_WRITE_UNIT
from tests.bench.reconcile.figures import DAYS, Case, bill, own_microseconds, pages_of
from tests.bench.reconcile.memory import MemoryFigures
from tests.bench.reconcile.wire_speed import WireCost


def print_all(
    console: Console, cases: Sequence[Case], memory: Sequence[MemoryFigures], wire: WireCost
) -> None:
    """Everything, the most important first."""
    console.print(_times(cases))
    console.print(_bill(cases))
    console.print(_speed(cases, wire))
    console.print(_memory(memory))
    console.print(_model(cases))


def minutes(seconds: float) -> str:
    """For people: 5.6 s, 4.9 min, 2.4 h."""
    if seconds < 90:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    return table


def _times(cases: Sequence[Case]) -> Table:
    table = _table(
        "Comparing a whole pool, in virtual time (+g: one group each, over 10 groups)",
        *("pool", "floor", "full quota", "x", "listing x", "half quota", "AWS export", "x ours"),
        *("its guide", "x ours"),
    )
    for case in cases:
        ours, export, measured = case.full.seconds, case.export, case.measured_minutes
        table.add_row(
            case.name,
            minutes(case.floor),
            minutes(ours),
            f"{case.over_floor:.2f}",
            f"{case.full.phases['list'].seconds / case.floor:.2f}",
            minutes(case.default.seconds) if case.default else "-",
            minutes(export.seconds) if export else "-",
            f"{export.seconds / ours:.0f}" if export else "-",
            minutes(measured * 60) if measured else "-",
            f"{measured * 60 / ours:.0f}" if measured else "-",
        )
    return table


def _bill(cases: Sequence[Case]) -> Table:
    table = _table("One run at full share, one Region", "item", *(case.name for case in cases))
    rows: dict[str, list[str]] = {
        "listing calls": [f"{_listing_calls(case):,}" for case in cases],
        "of these needless": [f"{_listing_calls(case) - pages_of(case.people)}" for case in cases],
        "refused for their number": [f"{case.full.counts.throttled.total():,}" for case in cases],
        "other Cognito calls": [f"{_other_calls(case):,}" for case in cases],
    }
    for place, line in enumerate(bill(cases[0].full)):
        rows[line.item] = [f"{bill(case.full)[place].number:,.0f}" for case in cases]
    rows["drift found"] = [f"{sum(case.full.judgement.tally.drift.values())}" for case in cases]
    rows[f"dollars a month, {DAYS} runs"] = [f"{case.monthly_usd:.2f}" for case in cases]
    rows["AWS export: items written, x 2"] = [
        f"{case.export.write_units:,}" if case.export else "-" for case in cases
    ]
    rows["AWS export: dollars a month"] = [
        f"{case.export.monthly_usd():.2f}" if case.export else "-" for case in cases
    ]
    for item, cells in rows.items():
        table.add_row(item, *cells)
    return table


def _listing_calls(case: Case) -> int:
    return case.full.counts.calls["ListUsers"] + case.full.counts.calls["ListUsersInGroup"]


def _other_calls(case: Case) -> int:
    return case.full.counts.calls["ListGroups"] + case.full.counts.calls["DescribeUserPool"]


def _speed(cases: Sequence[Case], wire: WireCost) -> Table:
    table = _table(
        "Computing (real time, one core of this machine)",
        *("pool", "listing, us/user", "comparing, us/user", "users compared/s"),
        "with the SDK",
    )
    for case in cases:
        listing = own_microseconds(case.full, "list")
        comparison = own_microseconds(case.full, "compare")
        parsed = comparison + (wire.record + wire.ledger_row) * 1e6
        table.add_row(
            case.name,
            f"{listing:.1f}",
            f"{comparison:.1f}",
            f"{1e6 / comparison:,.0f}",
            f"{1e6 / parsed:,.0f}",
        )
    return table


def _memory(memory: Sequence[MemoryFigures]) -> Table:
    table = _table("Peak memory of one child (real, resident)", "pool", "child", "users", "MiB")
    for each in memory:
        table.add_row(each.pool, each.child, f"{each.users:,}", f"{each.mib:.0f}")
    return table


def _model(cases: Sequence[Case]) -> Table:
    table = _table(
        "The model of AWS's export against its guide",
        *(
            "pool",
            "model",
            "measured",
            "model / measured",
            "$ a month",
            "$ at the prices until 2024",
        ),
    )
    for case in cases:
        measured = case.measured_minutes
        if case.export is None or measured is None:
            continue
        table.add_row(
            case.name,
            f"{case.export.seconds / 60:.1f} min",
            f"{measured:.1f} min",
            f"{case.export.seconds / 60 / measured:.2f}",
            f"{case.export.monthly_usd():.0f}",
            f"{case.export.monthly_usd(OLD_REPLICATED_WRITE_UNIT):.0f}",
        )
    return table
