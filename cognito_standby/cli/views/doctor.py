"""What the doctor found, for a person and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from cognito_standby.adoption.domain.findings import Finding, Severity, counting
from cognito_standby.adoption.domain.sides import Case

_STYLE: Mapping[Severity, str] = {
    Severity.BLOCKS: "bold red",
    Severity.LOSES: "red",
    Severity.UNKNOWN: "magenta",
    Severity.INCONVENIENT: "yellow",
    Severity.NOTE: "dim",
}
_MEANS: Mapping[Severity, str] = {
    Severity.BLOCKS: "mend before you deploy or fail over",
    Severity.LOSES: "is lost on the day",
    Severity.UNKNOWN: "could not be read: may be any of these",
    Severity.INCONVENIENT: "everybody gets in, and something is otherwise",
    Severity.NOTE: "worth knowing",
}
_SIDES = ("primary", "backup")
_HEAD, _DETAIL = (0, 0, 0, 2), (0, 0, 0, 6)
"""Margins, which lines that are broken keep."""


def show(
    console: Console, case: Case, findings: Sequence[Finding], accepted: Collection[str]
) -> None:
    """The worst first, each with what was seen, what it means, and what mends it."""
    for side, name, owner in zip(case.sides, _SIDES, case.owners, strict=True):
        account = f" in the account {owner}" if case.apart else ""
        console.print(f"{name}: {side.region} {side.pool_id}{account}", highlight=False)
    for severity in Severity:
        found = [each for each in findings if each.severity is severity]
        if not found:
            continue
        console.print(f"\n[{_STYLE[severity]}]{severity.value}[/]: {_MEANS[severity]}")
        for each in found:
            _one(console, case, each, accepted=each.matter.code in accepted)
    counts = Counter(each.severity for each in findings)
    told = ", ".join(f"{counts[each]} {each.value}" for each in Severity if counts[each])
    console.print(f"\n{told or 'nothing found: the pools are alike'}", highlight=False)
    console.print(
        "each code: docs/doctor.md; what the account lacks for a deployment: make preflight",
        style="dim",
    )


def _one(console: Console, case: Case, found: Finding, *, accepted: bool) -> None:
    matter = found.matter
    about = f" {found.about}" if found.about else ""
    mark = " (accepted)" if accepted else ""
    head = f"[bold]{matter.code}[/]{escape(about)}{mark}: {escape(matter.what)}"
    console.print(Padding(head, _HEAD, expand=False), highlight=False)
    for side, seen in zip(case.sides, found.seen, strict=True):
        if seen:
            console.print(
                Padding(f"{side.region}: {escape(seen)}", _DETAIL, expand=False), highlight=False
            )
    console.print(
        Padding(escape(matter.consequence), _DETAIL, expand=False), style="dim", highlight=False
    )
    for step in found.mend:
        mark = "$" if step.startswith(("aws ", "make ", "export ")) else "-"
        console.print(f"      {mark} {escape(step)}", highlight=False, soft_wrap=True)


def as_json(
    case: Case, findings: Sequence[Finding], least: Severity, accepted: Collection[str]
) -> dict[str, Any]:
    """Stable names; more can come."""
    counts = Counter(each.severity for each in findings)
    return {
        **{
            name: {"region": side.region, "account": owner, "user_pool_id": side.pool_id}
            for name, side, owner in zip(_SIDES, case.sides, case.owners, strict=True)
        },
        "fail_on": least.value,
        "accepted": sorted(accepted),
        "failing": len(counting(findings, least, accepted)),
        "counts": {each.value: counts[each] for each in Severity},
        "findings": [_plain(each) for each in findings],
    }


def _plain(found: Finding) -> dict[str, Any]:
    return {
        "code": found.matter.code,
        "severity": found.severity.value,
        "about": found.about,
        "what": found.matter.what,
        "primary": found.seen[0],
        "backup": found.seen[1],
        "consequence": found.matter.consequence,
        "mend": list(found.mend),
    }
