"""A Region in which rehearsals are played: an account with pools, and records of people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.pools import PoolGroup
from cognito_standby.core.domain.records import Draft
from cognito_standby.core.domain.subjects import ATTRIBUTE, ENABLED, GROUP, PRESENT, TRUE, Subject
from cognito_standby.recovery.domain.rehearsal_cost import RATES
from cognito_standby.recovery.domain.rehearsal_report import People, Report
from cognito_standby.recovery.services.rehearsal_context import RehearsalContext
from cognito_standby.recovery.services.rehearsal_plan import RehearsalOrder, plan_rehearsal
from cognito_standby.recovery.services.rehearse import rehearse
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.pacing import VirtualPacer
from tests.twins.pool.listing import InMemoryPoolListing
from tests.twins.rehearsal_pools import STANDBY, Fuse, PoolsOfAccount
from tests.twins.stores.erasures import InMemoryErasureList
from tests.twins.stores.records import GlobalTable
from tests.twins.stores.run_files import InMemoryRunFiles
from tests.twins.stores.shard_indexes import InMemoryRecordIndex

HOME, REGION = "us-east-1", "us-west-2"
ID = "0123456789ab"


@dataclass
class RehearsalWorld:
    """`standby`: the pool that is copied."""

    standby: Mapping[str, Any] = field(default_factory=lambda: STANDBY)

    def __post_init__(self) -> None:
        self.clock = ManualClock()
        self.account = PoolsOfAccount(self.clock, "alpha")
        self.own = self.account.create(self.standby)
        self.table = GlobalTable(Installation(HOME, REGION))
        self.files = InMemoryRunFiles()
        self.erasures = InMemoryErasureList(REGION)
        for name, precedence in (("admins", 1), ("staff", None)):
            self.account.pools[self.own].strict.create_group(PoolGroup(name, "d", precedence))

    @property
    def context(self) -> RehearsalContext:
        """Of a process of its own."""
        return RehearsalContext(
            installation="alpha",
            region=REGION,
            other=HOME,
            user_pool_id=self.own,
            pools=self.account,
            standby=InMemoryPoolListing(self.account.pools[self.own].strict),
            directory=self.account.directory,
            records=self.table.store(REGION),
            index=InMemoryRecordIndex(self.table, REGION),
            erasures=self.erasures,
            files=self.files,
            pacer=VirtualPacer(self.clock, RATES),
            clock=self.clock,
            passwords=NumberedPasswords(),
            seconds=lambda: self.clock.now().timestamp(),
            pause=self.clock.advance,
        )

    def mortal(self, fuse: Fuse) -> RehearsalContext:
        """The same, of a process that dies when the fuse says so."""
        whole = self.context
        return replace(
            whole,
            pools=fuse.wrap(whole.pools),
            files=fuse.wrap(whole.files),
            directory=lambda pool: fuse.wrap(self.account.directory(pool)),
        )

    def person(self, sub: str, **attributes: str) -> None:
        """Somebody whose record is the other Region's."""
        told = {ATTRIBUTE + name.replace("__", ":"): v for name, v in attributes.items()}
        fields = {PRESENT: TRUE, ENABLED: TRUE, "username": sub, GROUP + "staff": TRUE, **told}
        draft = Draft(Subject.user(sub), 1, fields, False, None)
        self.table.store(HOME).put(draft, self.clock.now())
        self.table.replicate_all()

    def play(self, people: People = People.INVENTED, count: int = 12, **more: Any) -> Report:
        """A whole rehearsal."""
        context = self.context
        plan = plan_rehearsal(context, RehearsalOrder(ID, people, count, **more))
        return rehearse(context, plan, lambda _: None)
