"""Both Regions as an operator meets them, on the twins of replication: pools, records, ledgers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cognito_standby.operator.domain.person import Person, Side
from cognito_standby.operator.domain.person_search import Search, Verdict, merged, verdict
from cognito_standby.operator.services.context import OperatorContext, Unreachable
from cognito_standby.operator.services.person import Opened, look, search
from tests.twins.operator.operations import Switch
from tests.twins.operator.people import InMemoryPeople
from tests.twins.stores.changes import InMemoryChangeStore
from tests.twins.stores.names import InMemoryNames
from tests.unit.operator.operator_world import OperatorWorld
from tests.unit.world import BACKUP, PRIMARY, World

ANNS = {"email": "ann@example.org", "email_verified": "true"}


@dataclass
class TwoRegions:
    """`dark`: Regions that do not answer; `without_people`: those whose pool cannot be asked."""

    world: World = field(default_factory=World)
    dark: set[str] = field(default_factory=set)
    without_people: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.desks = {PRIMARY: OperatorWorld(), BACKUP: OperatorWorld()}
        self.sides = {PRIMARY: self.world.primary, BACKUP: self.world.backup}
        self.people = {
            region: InMemoryPeople(side.pool, Switch()) for region, side in self.sides.items()
        }
        self.changes = {
            region: InMemoryChangeStore(desk.clock) for region, desk in self.desks.items()
        }

    def sign_up(self, name: str = "ann", **attributes: str) -> str:
        """Somebody who is in sync in both Regions; the origin sub."""
        told = attributes or {"email": f"{name}@example.org", "email_verified": "true"}
        sub = self.world.sign_up(name, told)
        self.world.carry(sub)
        return sub

    def local_sub(self, sub: str) -> str:
        """Their sub in the standby."""
        (row,) = (row for row in self.world.backup.ledger.rows() if row.subject.id == sub)
        return row.local_sub

    def open(self, region: str) -> Opened:
        """A Region's context, or why there is none."""
        if region in self.dark:
            return Unreachable(region, "ServiceUnavailableError: ConnectTimeoutError")
        side = self.sides[region]
        context: OperatorContext = replace(
            self.desks[region].context,
            region=region,
            records=side.context.records,
            ledger=side.ledger,
            people=None if region in self.without_people else self.people[region],
            changes=self.changes[region],
            names=InMemoryNames(self.world.table, region),
        )
        return context

    def search(self, asked: str) -> tuple[Verdict, list[Search], list[Person]]:
        """As the command does."""
        opened = [self.open(region) for region in (PRIMARY, BACKUP)]
        searches = [search(each, asked) for each in opened]
        people = [
            Person(key, tuple(look(each, key) for each in opened))
            for key in sorted(merged(searches))
        ]
        people = [person for person in people if person.known]
        return verdict(people, searches), searches, people

    def find(self, asked: str) -> Person:
        """The only one."""
        decided, _, people = self.search(asked)
        assert decided is Verdict.FOUND, (decided, people)
        (person,) = people
        return person


def side_of(person: Person, region: str) -> Side:
    """One Region's."""
    (side,) = (each for each in person.sides if each.region == region)
    return side
