"""Who would not get in after a failover: on the terminal, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.recoverability import Reason
from cognito_standby.operator.domain.readiness import (
    ACTIVE,
    ReadyVerdict,
    RegionReadiness,
    added,
    doubts,
)
from cognito_standby.operator.domain.timespan import spoken
from cognito_standby.operator.services.context import told

STYLES = {
    ReadyVerdict.READY: "green",
    ReadyVerdict.NOT_READY: "yellow",
    ReadyVerdict.UNKNOWN: "yellow",
    ReadyVerdict.NOTHING_REACHED: "bold red",
}

DO: Mapping[str, str] = {
    Reason.PROVIDER_ONLY: "give both pools the provider; they come in by it",
    Reason.PAIRWISE_SUBJECT: "register one client at the provider for both pools",
    Reason.NOT_IN_POOL: "read the report of the run; redrive what failed",
    Reason.UNCONFIRMED: "nothing: they sign up again, or are confirmed",
    Reason.TEMPORARY_PASSWORD: "invite them again",
    Reason.OPAQUE_STATUS: "ask AWS",
    Reason.NO_VERIFIED_CONTACT: "verify an address of theirs in the active pool",
    Reason.ONLY_ADMINISTRATORS_RESET: "let the pool recover by itself, or reset them",
    Reason.FACTOR_IS_RECOVERY: "verify their other address, or turn the factor off",
    Reason.MFA_CANNOT_BE_ENROLLED: "offer authenticator apps, or add their number",
}
"""What to do, of every reason that is listed."""


CHANGED: Mapping[str, str] = {
    AfterFailback.RESET_CHANGED: "set a password while the other Region was active; they get an "
    "unknown one here before this Region opens",
    AfterFailback.KEEP: "set a password while the other Region was active; [yellow]an older one[/] "
    "opens this pool again (after_failback: keep)",
}


def do(reason: str) -> str:
    """What to do about it; a reason of a newer release is not known."""
    return DO.get(reason, "look at docs/runbooks/readiness.md of the release that counted it")


def summary(verdict: ReadyVerdict, regions: Sequence[RegionReadiness]) -> RenderableType:
    """The verdict, where it is from, and the counts."""
    parts: list[RenderableType] = [f"[{STYLES[verdict]}]{_words(verdict)}[/]"]
    parts += [f"  [yellow]not known:[/] {escape(why)}" for why in doubts(regions)]
    parts += [line for each in regions if each.ready is not None for line in _region(each)]
    counts = added(regions)
    if counts:
        table = Table(title="who would not get in by themselves", title_justify="left")
        for name in ("reason", "people", "what to do"):
            table.add_column(name, overflow="fold", justify="right" if name == "people" else "left")
        for reason, number in counts.items():
            table.add_row(escape(reason), f"{number:,}", do(reason))
        parts.append(table)
    parts += [found for each in regions if (found := _fields(each)) is not None]
    return Group(*parts)


def _words(verdict: ReadyVerdict) -> str:
    return verdict.value.upper().replace("_", " ")


def _region(each: RegionReadiness) -> Iterator[str]:
    assert each.ready is not None  # noqa: S101 - the caller's condition, for the type
    ready = each.ready
    role = f"{each.now} now, {each.role} in that run" if each.turned else each.role
    yield f"[bold]{each.region}[/], {role}: run {escape(each.run)}, {spoken(each.age)} ago"
    linked = f"{ready.linked:,} with linked identities ({ready.identities:,})"
    disabled = ready.reasons.get(Reason.DISABLED, 0)
    yield f"  {ready.people:,} users, {disabled:,} of them disabled; {linked}"
    if ready.factors:
        told = [
            f"{number:,} {name} ({ready.preferred.get(name, 0):,} prefer it)"
            for name, number in sorted(ready.factors.items())
        ]
        yield f"  second factors that are on: {escape(', '.join(told))}"
    if ready.awaited:
        told = [f"{number:,} {reason}" for reason, number in sorted(ready.awaited.items())]
        yield (
            f"  {sum(ready.awaited.values()):,} people are awaited: not in this pool, and made "
            f"when they first come; by themselves: {escape(', '.join(told))}"
        )
    for policy, number in sorted(ready.changed_passwords.items()):
        yield f"  {number:,} people {CHANGED.get(policy, CHANGED[AfterFailback.KEEP])}"
    for sentence in each.after_failover:
        yield f"  [dim]{escape(sentence)}[/]"
    if each.role == ACTIVE:
        yield (
            "  counted here: only whom the other Region lacks: there is no record of them, or only "
            "their provider's sign-in makes them"
        )
    if each.left:
        yield f"  [yellow]{each.left:,} subjects with drift left[/]: standby reports {each.run}"
    if not each.kept:
        yield "  [dim]its files have expired: nobody can be named[/]"


def _fields(each: RegionReadiness) -> Table | None:
    if each.ready is None or not each.ready.not_held:
        return None
    table = Table(title=f"fields that {each.region} does not hold", title_justify="left")
    for name in ("why", "fields", "times"):
        table.add_column(name, overflow="fold", justify="right" if name == "times" else "left")
    for why, names in sorted(each.ready.not_held.items()):
        table.add_row(escape(why), escape(", ".join(sorted(names))), f"{sum(names.values()):,}")
    return table


def as_json(
    verdict: ReadyVerdict,
    regions: Sequence[RegionReadiness],
    listed: Mapping[str, Iterable[Mapping[str, Any]]],
) -> Iterator[str]:
    """One JSON object in pieces, so that a list may be longer than the memory is. Its shape is told
    in docs/runbooks/readiness.md; it only grows."""
    head = {
        "verdict": verdict.value,
        "not_known": doubts(regions),
        "reasons": [
            {"reason": reason, "people": number, "do": do(reason)}
            for reason, number in added(regions).items()
        ],
        "regions": [asdict(each) for each in regions],
    }
    yield json.dumps(head, indent=2).removesuffix("\n}")
    broken: dict[str, str] = {}
    for name, rows in listed.items():
        yield f',\n  "{name}": ['
        try:
            for number, row in enumerate(rows):
                yield f"{',' if number else ''}\n    {json.dumps(row)}"
        except StandbyError as error:
            broken[name] = told(error)
        yield "\n  ]"
    yield f',\n  "ends_early": {json.dumps(broken)}\n}}\n'
