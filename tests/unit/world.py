"""Both Regions on the in-memory twins, driven through the tasks' handlers as the machine does."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from unittest.mock import patch

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import PlanStaleError
from cognito_standby.core.domain.groups import Roles
from cognito_standby.replication.services.context import SyncContext
from tasks import capture_record, plan_sync, replay_record
from tests.twins.clock import ManualClock, NumberedPasswords
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.pool import StrictPool
from tests.twins.pool.user_directory import InMemoryUserDirectory
from tests.twins.stores.erasures import ErasureNotes, InMemoryErasureList
from tests.twins.stores.events import InMemoryHintBus
from tests.twins.stores.ledger import InMemoryLedger
from tests.twins.stores.records import GlobalTable

PRIMARY, BACKUP = "us-east-1", "ap-northeast-1"
INSTALLATION = Installation(PRIMARY, BACKUP)
CUSTOM = [f"custom:field_{number:02d}" for number in range(49)]
"""With `custom:origin_sub` the 50 custom attributes that a pool can have."""

STEPS: dict[str, list[Callable[..., dict[str, Any]]]] = {
    "capture": [capture_record.handler],
    "apply": [replay_record.handler],
    "done": [],
}


def pool_config(region: str) -> PoolConfig:
    names = ["custom:origin_sub", *CUSTOM]
    return PoolConfig(
        pool_id=f"{region}_Pool", attributes={name: AttributeSpec() for name in names}
    )


class Side:
    """One Region."""

    def __init__(
        self,
        region: str,
        table: GlobalTable,
        config: PoolConfig | None = None,
        roles: Roles | None = None,
        erasures: ErasureNotes | None = None,
    ) -> None:
        self.region, self.clock = region, ManualClock()
        clock = self.clock
        self.pool = StrictPool(config or pool_config(region), clock)
        self.bus = InMemoryHintBus()
        self.erasure_notes = ErasureNotes() if erasures is None else erasures
        self.ledger = InMemoryLedger(clock, user_pool_id=self.pool.config.pool_id)
        self.context = SyncContext(
            region=region,
            user_pool_id=self.pool.config.pool_id,
            directory=InMemoryUserDirectory(self.pool, roles),
            records=table.store(region),
            ledger=self.ledger,
            bus=self.bus,
            clock=clock,
            passwords=NumberedPasswords(),
            erasures=InMemoryErasureList(region, self.erasure_notes),
        )

    def run(self, hint: Any, holder: str = "execution") -> dict[str, Any]:
        """What `sync_user` does with an input; raises what the execution would fail with."""
        with self.handlers():
            for replanned in count():
                planned = {"hint": _json(hint), "holder": holder, "replanned": replanned}
                answer = plan_sync.handler(planned, None)
                step = {"subject": answer["subject"], "change_id": answer["change_id"]}
                try:
                    for handler in STEPS[answer["decision"]]:
                        answer = handler(_json({**step, "holder": holder}), None)
                except PlanStaleError:
                    continue
                return answer
        raise AssertionError("unreachable: Plan Sync bounds the rounds")

    @contextmanager
    def handlers(self) -> Iterator[None]:
        """The tasks' handlers in this Region."""
        modules = ("plan_sync", "capture_record", "sync_step")
        targets = [f"tasks.{name}.context" for name in modules]
        patches = [patch(target, lambda: self.context) for target in targets]
        for each in patches:
            each.start()
        try:
            yield
        finally:
            for each in patches:
                each.stop()


@dataclass
class World:
    """Both Regions and the table between them."""

    table: GlobalTable = field(default_factory=lambda: GlobalTable(INSTALLATION))
    configs: Mapping[str, PoolConfig] = field(default_factory=dict)
    """Region -> its pool, where it is not an ordinary one; `roles`: IAM roles of its groups."""
    roles: Mapping[str, Roles] = field(default_factory=dict)

    def __post_init__(self) -> None:
        noted = ErasureNotes()
        self.primary, self.backup = (
            Side(region, self.table, self.configs.get(region), self.roles.get(region), noted)
            for region in (PRIMARY, BACKUP)
        )

    def replicate(self) -> list[str]:
        """Let everything arrive; the keys that the standby's stream shows."""
        self.table.replicate_all()
        arrived = list(self.table.stream(BACKUP))
        for record in arrived:
            self.table.take(BACKUP, record)
        return [record.key.partition for record in arrived]

    def sign_up(self, username: str, attributes: dict[str, str]) -> str:
        """A person in the primary pool, confirmed; returns the sub."""
        account = self.primary.pool.admin_create_user(username, attributes)
        self.primary.pool.admin_set_user_password(username, "Aa1!aaaaaa", permanent=True)
        return account.sub

    def carry(self, sub: str) -> None:
        """A hint about a user of the primary pool, through both Regions."""
        self.primary.run({"local_sub": sub, "user_pool_id": self.primary.pool.config.pool_id})
        for key in self.replicate():
            self.backup.run([{"origin_sub": key, "cause": "replica_stream"}][0])

    def twin_of(self, sub: str) -> dict[str, str] | None:
        """The attributes of a user's twin in the standby pool, by our ledger; None: no twin. A
        flag that is false is left out, for it says what its absence says."""
        row = next((row for row in self.backup.ledger.rows() if row.subject.id == sub), None)
        user = self.backup.context.directory.get_user_by_sub(row.local_sub) if row else None
        if user is None:
            return None
        own = ("sub", "custom:origin_sub")
        flags = {f"{name}_verified": "false" for name in ("email", "phone_number")}
        told = user.attributes.items()
        return {n: v for n, v in told if n not in own and flags.get(n) != v}


def _json(value: Any) -> Any:
    """As it travels through Step Functions."""
    return json.loads(json.dumps(value))
