"""`standby undelete`: somebody deleted comes back, while their tombstone is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from cognito_standby.cli.arguments import Region, Yes, chosen, located, refuse, sure
from cognito_standby.cli.commands.user import find, refuse_nobody
from cognito_standby.cli.locate import Location
from cognito_standby.cli.regions import Opened, in_each
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.moments import utc
from cognito_standby.operator.domain.person import Person
from cognito_standby.operator.domain.person_search import Search
from cognito_standby.operator.services import undelete as service
from cognito_standby.operator.services.asking import is_active_here
from cognito_standby.operator.services.context import OperatorContext, Unreachable, told
from cognito_standby.operator.services.undelete import Deleted, deleted_among, left_out

BY_THEMSELVES = "No password comes back: they choose one by 'forgot password'."
BY_HAND = "No password comes back, and no code can reach them: set one with AdminSetUserPassword."


def undelete(
    ctx: typer.Context,
    who: Annotated[str, typer.Argument(help="Username, address, phone number, or either sub.")],
    region: Region = "",
    yes: Yes = False,
) -> None:
    """Bring a deleted user back, as the tombstone knows them, in the active Region.

    Whoever is not deleted (any more) is left alone, and that is success. Exit code: 0 they are
    there, 1 not undeleted, 2 nothing could be done.
    """
    asked = who.strip()
    if not asked:
        refuse("say who: a username, an address, a phone number or a sub")
    location = located(ctx)
    regions = chosen(location, region)
    searches, people = find(location, asked, regions)
    deleted = _the_one(searches, people)
    active = _active(location, regions)
    _tell(deleted)
    if not yes and not sure("undelete them?"):
        refuse("not undeleted; nothing was changed")
    try:
        outcome = service.undelete(active, deleted)
        missing = left_out(active, deleted) if outcome.done else ()
    except StandbyError as error:
        refuse(told(error))
    if not outcome.done:
        Console().print(f"[red]not undeleted:[/] {escape(outcome.why)}")
        raise typer.Exit(1)
    Console().print(f"[green]undeleted in {active.region}[/]")
    if missing:
        Console().print(f"not a member again, for these groups are gone: {', '.join(missing)}")


def _the_one(searches: Sequence[Search], people: Sequence[Person]) -> Deleted:
    """Exits where it is nobody, or not only one."""
    deleted = deleted_among(people)
    if not deleted and people:
        Console().print("whoever that is, is not deleted; nothing was changed")
        raise typer.Exit(0)
    if not deleted:
        refuse_nobody(searches)
    if len(deleted) > 1:
        subs = ", ".join(f"{each.origin_sub} (deleted {_at(each)})" for each in deleted)
        refuse(f"more than one was deleted; name one by the origin sub: {subs}")
    return deleted[0]


def _active(location: Location, regions: Sequence[str]) -> OperatorContext:
    """Where changes are asked for; exits where it is not reached."""

    def ask(opened: Opened) -> OperatorContext | str:
        if isinstance(opened, Unreachable):
            return f"{opened.region}: {opened.reason}"
        try:
            return opened if is_active_here(opened) else f"{opened.region} stands by"
        except StandbyError as error:
            return f"{opened.region}: {told(error)}"

    answers = in_each(location, regions, ask)
    active = next((each for each in answers if isinstance(each, OperatorContext)), None)
    if active is None:
        alone = "; without --region the other one is asked, too" if len(regions) == 1 else ""
        refuse(f"the active Region was not reached: {'; '.join(map(str, answers))}{alone}")
    return active


def _tell(deleted: Deleted) -> None:
    """Ids and names of groups, no value of theirs."""
    console, record = Console(), deleted.record
    console.print(f"{deleted.origin_sub}, deleted {_at(deleted)} (seen in {record.region})")
    console.print(f"groups: {', '.join(deleted.groups) or 'none'}")
    console.print(BY_THEMSELVES if deleted.recoverable else BY_HAND)


def _at(deleted: Deleted) -> str:
    at = deleted.record.observed_at
    return utc(at) if at else "at an unknown time"
