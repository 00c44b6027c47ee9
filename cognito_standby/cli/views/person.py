"""A person on the terminal, readable at 80 columns: Region under Region, then what differs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table

from cognito_standby.core.domain.moments import utc
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.recoverability import Reason, Recoverability, Way
from cognito_standby.core.domain.subjects import USERNAME
from cognito_standby.operator.domain.person import Claimant, Doubt, Person, Side, masked
from cognito_standby.operator.domain.person_search import Search, Verdict, merged

_STYLES = {
    Verdict.FOUND: "green",
    Verdict.AMBIGUOUS: "yellow",
    Verdict.UNKNOWN: "yellow",
    Verdict.NOT_FOUND: "red",
    Verdict.NOTHING_REACHED: "bold red",
}
_NEXT = {
    Verdict.NOT_FOUND: (
        "Neither pool has them, and no record does: they never signed up, or were erased. A name "
        "is compared as a whole: try the address, or the sub from a token."
    ),
    Verdict.UNKNOWN: "They may be in the Region that did not answer: ask again when it does.",
    Verdict.NOTHING_REACHED: (
        "Look at credentials and network first: `aws sts get-caller-identity` says who you are."
    ),
}
"""What to do where nobody can be shown."""

_DOUBTS = {
    Doubt.NOT_KNOWN_HERE: "the ledger does not know them: not captured yet, or skipped",
    Doubt.CLAIM_NOT_CONFIRMED: "custom:origin_sub says so, the ledger does not: set by hand?",
    Doubt.CLAIM_CONTRADICTED: "custom:origin_sub says another; the ledger counts",
    Doubt.CLAIMED_TWICE: "custom:origin_sub says so, and the ledger has another user as them",
}
_REASONS = {
    Reason.VERIFIED_EMAIL: "to the verified e-mail address",
    Reason.VERIFIED_PHONE: "to the verified phone number",
    Reason.MFA_NEEDS_ENROLMENT: "then a second factor has to be set up anew",
    Reason.PROVIDER_ONLY: "at their identity provider, if this pool has it",
    Reason.NOT_IN_POOL: "they are not in this pool",
    Reason.DISABLED: "they are disabled",
    Reason.UNCONFIRMED: "their sign-up was never confirmed",
    Reason.TEMPORARY_PASSWORD: "FORCE_CHANGE_PASSWORD: only by a temporary password",
    Reason.OPAQUE_STATUS: "their status says nothing that can be relied on",
    Reason.NO_VERIFIED_CONTACT: "no verified address by which this pool recovers",
    Reason.ONLY_ADMINISTRATORS_RESET: "in this pool only administrators reset passwords",
    Reason.FACTOR_IS_RECOVERY: "their only way to recover is their second factor as well",
    Reason.MFA_CANNOT_BE_ENROLLED: "a second factor is required and cannot be set up on the way",
}


@dataclass(frozen=True)
class Shown:
    """How much is shown."""

    clear: bool = False
    attributes: bool = False

    def value(self, name: str, value: str) -> str:
        """A field's value as it may be shown."""
        return value if self.clear else masked(name, value)


def rendered(
    decided: Verdict, searches: Sequence[Search], people: Sequence[Person], shown: Shown
) -> RenderableType:
    """What is shown of a search."""
    told = decided.value.upper().replace("_", " ")
    parts: list[RenderableType] = [f"[{_STYLES[decided]}]{told}[/]"]
    parts += [
        f"  [yellow]{each.region} unknown:[/] {escape(each.silent)}"
        for each in searches
        if each.silent
    ]
    if len(people) > 1:
        parts.append(f"  {len(people)} people; a name makes nobody one with somebody else")
    found = merged(searches)
    for person in people:
        by = ", ".join(sorted(each.value for each in found.get(person.origin_sub, ())))
        what = "origin sub" if person.recorded else "sub; in no record"
        parts += ["", f"[bold]{escape(person.origin_sub)}[/]  ({what}; found by {by})"]
        for side in person.sides:
            parts += [f"[bold]{side.region}[/], {side.role}", _lines(_side(side, shown))]
        parts.append(_fields(person, shown))
        parts += [line for side in person.sides for line in _history(side)]
    if (to_do := _NEXT.get(decided)) is not None:
        parts.append(f"  {to_do}")
    if people and not shown.clear:
        parts.append("[dim]Values are masked; --clear shows them.[/]")
    return Group(*parts)


def way_in(way: Recoverability) -> str:
    """How somebody gets in, in words."""
    match way.way:
        case Way.PASSWORD_RESET:
            how = "by a password reset"
        case Way.ONE_TIME_CODE:
            how = "by a one-time code"
        case Way.PROVIDER:
            how = "by their provider"
        case Way.NONE:
            how = "[red]cannot[/]"
        case _ as never:
            assert_never(never)
    return f"{how}: {_REASONS[way.reason]} ({way.reason.value})"


def _side(side: Side, shown: Shown) -> Iterator[tuple[str, str]]:
    if side.unreachable:
        yield "unknown", escape(side.unreachable)
        return
    if side.state is None:
        yield "user", "[yellow]unknown[/]"
    elif side.awaited:
        yield "user", "awaited: none in this pool, which makes them when they first come"
    else:
        yield from _user("user", side.user, shown)
    for claimant in side.claimants:
        yield from _user("claimant", claimant, shown)
    yield "record", _record(side.own)
    row = side.row
    if row is not None:
        known = f"{row.state.value}, local sub {row.local_sub or 'none'}"
        yield "ledger", escape(known if row.was_here else "no row")
        for name, reason in sorted(row.skipped.items()):
            yield "not held", escape(f"{name}: {reason}")
    if side.sign_in is not None:
        yield "gets in", way_in(side.sign_in)
    for conflict in side.conflicts:
        fields = ", ".join(sorted(conflict.fields))
        yield "conflict", escape(f"{conflict.kind.value}: {fields}")
    for part, why in side.unknown.items():
        yield "unknown", escape(f"{part}: {why}")


def _user(label: str, claimant: Claimant | None, shown: Shown) -> Iterator[tuple[str, str]]:
    if claimant is None:
        yield label, "none in this pool"
        return
    seen, user = claimant.seen, claimant.seen.user
    enabled = "enabled" if user.enabled else "[red]disabled[/]"
    yield label, f"{escape(user.sub)}, {user.status.value}, {enabled}"
    yield "", f"username {escape(shown.value(USERNAME, user.username))}"
    factors = ", ".join(sorted(each.value for each in seen.factors))
    if factors or seen.identities:
        providers = ", ".join(seen.identities)
        yield "", escape(f"factors: {factors or 'none'}; providers: {providers or 'none'}")
    if claimant.doubt is not None:
        yield "", f"[yellow]{claimant.doubt.value}[/]: {_DOUBTS[claimant.doubt]}"


def _record(record: Record | None) -> str:
    if record is None:
        return "none written here"
    kind = "deleted" if record.deleted else "living"
    seen = utc(record.observed_at)
    return escape(f"revision {record.revision}, epoch {record.epoch_number}, {kind}, {seen}")


def _lines(pairs: Iterator[tuple[str, str]]) -> Table:
    table = Table.grid(padding=(0, 2, 0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in pairs:
        table.add_row(label, text)
    return table


def _fields(person: Person, shown: Shown) -> RenderableType:
    """What differs, or everything where that is asked for."""
    differences = {each.field: each for each in person.differences}
    states = {side.region: side.state for side in person.sides if side.state is not None}
    winner = person.winner
    wanted = dict(winner.state) if winner else {}
    names = list(differences)
    if shown.attributes:
        names = sorted({*wanted, *(name for state in states.values() for name in state)})
    if not names:
        return "record and pools agree" if states else "no pool could be compared"
    table = Table(title="fields" if shown.attributes else "what differs", title_justify="left")
    for column in ("field", "record", *states):
        table.add_column(column, overflow="fold")
    for name in names:
        values = (wanted.get(name, ""), *(state.get(name, "") for state in states.values()))
        style = "yellow" if name in differences else ""
        cells = [escape(shown.value(name, value)) or "[dim]absent[/]" for value in values]
        table.add_row(escape(name), *cells, style=style)
    return table


def _history(side: Side) -> Iterator[str]:
    if side.events:
        yield f"[bold]history in {side.region}[/]"
    for event in side.events:
        yield escape(f"  {utc(event.at) if event.at else 'now'}  {event.what}")
