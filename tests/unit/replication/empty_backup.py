"""A backup that is filled on demand, and somebody who is awaited there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cognito_standby.core.domain.pools import PoolUser
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.replication.domain.on_demand import (
    Comer,
    Coming,
    Made,
    Refusal,
)
from cognito_standby.replication.services import on_demand
from cognito_standby.replication.services.context import SyncContext
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.stores.password_notes import SharedPasswordNotes
from tests.unit.world import BACKUP, PRIMARY, Side, World

ADDRESS = "ann@example.org"
VERIFIED = {"email": ADDRESS, "email_verified": "true", "name": "Ann"}
ATTRIBUTES = {"custom:origin_sub": AttributeSpec()}
VOUCHED = Comer("ann", Coming.VOUCHED)


class Empty(World):
    """A backup that is filled on demand, and active once it has claimed."""

    notes: SharedPasswordNotes
    ann = ""
    """Whom the former pool, the primary's, lets in."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.notes = SharedPasswordNotes()
        self.backup.context = on_demand_in(self.backup, self.notes)

    def fail_over(self) -> None:
        self.backup.context.records.put_claim(2)

    def meet(self, comer: Comer = VOUCHED, question: str = "q") -> Made | Refusal:
        return on_demand.meet(self.backup.context, self.let_in(comer), question)

    def let_in(self, comer: Comer) -> Comer:
        """With whom the former pool lets in, unless the comer says another."""
        if comer.coming is not Coming.VOUCHED:
            return comer
        return replace(comer, origin=comer.origin or self.ann, region=comer.region or PRIMARY)

    def row(self, sub: str) -> Any:
        return self.backup.ledger.read(Subject.user(sub))


def world(**settings: Any) -> tuple[Empty, str]:
    """Ann is at home, and awaited in the backup, which is active."""
    configs = {
        region: PoolConfig(pool_id=f"{region}_Pool", attributes=ATTRIBUTES, **settings)
        for region in (PRIMARY, BACKUP)
    }
    made = Empty(configs=configs)
    name = ADDRESS if settings.get("username_attributes") else "ann"
    sub = made.sign_up(name, VERIFIED)
    made.carry(sub)
    made.fail_over()
    made.ann = sub
    return made, sub


def on_demand_in(side: Side, notes: SharedPasswordNotes) -> SyncContext:
    """The context of a pool that is filled on demand."""
    return replace(side.context, on_demand=True, password_notes=notes.store(side.region))


def home_again(made: Empty, _: str) -> None:
    made.primary.context.records.put_claim(3)
    made.replicate()


def came(made: Empty, sub: str) -> PoolUser:
    answer = made.meet()
    assert isinstance(answer, Made)
    user = made.backup.pool.admin_create_user("ann", answer.attributes)
    assert on_demand.bind(made.backup.context, user) == sub
    return user
