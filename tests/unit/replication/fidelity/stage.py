"""Both Regions with pools of any kind, run until nothing moves any more, as the machines do.

Every hint that somebody publishes and every record that arrives is an execution: what may succeed
later is tried again, and what gives up is kept with its error, as a dead letter would be.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cognito_standby.core.domain.errors import PermanentError, RetryableError, StandbyError
from cognito_standby.core.domain.groups import Roles
from cognito_standby.core.domain.pools import ORIGIN_SUB_ATTRIBUTE, PoolUser
from cognito_standby.core.domain.records import Record
from cognito_standby.core.domain.subjects import CLAIM_KEY, Subject
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.unit.world import BACKUP, PRIMARY, Side, World

TRIES = 6
LEASE = 200
"""Seconds after which every lease has run out."""

MODES: Mapping[str, PoolConfig] = {
    "username": PoolConfig(),
    "username, case-sensitive": PoolConfig(case_sensitive=True),
    "e-mail": PoolConfig(username_attributes=("email",)),
    "phone": PoolConfig(username_attributes=("phone_number",), auto_verified=("phone_number",)),
    "e-mail or phone": PoolConfig(username_attributes=("email", "phone_number")),
    "aliases": PoolConfig(alias_attributes=("email", "phone_number", "preferred_username")),
    "aliases, case-sensitive": PoolConfig(
        alias_attributes=("email", "phone_number", "preferred_username"), case_sensitive=True
    ),
    "aliases that move": PoolConfig(
        alias_attributes=("email", "phone_number"), alias_moves_on_update=True
    ),
}
"""The ways in which a pool can know its people (developer guide, "Customizing sign-in
attributes")."""


@dataclass
class Stage:
    """The world, and what waits to be run in it."""

    world: World
    failed: list[tuple[str, StandbyError]] = field(default_factory=list)
    """Region and error of what gave up."""
    outcomes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def active(self) -> Side:
        """Where people are."""
        return self.world.primary

    @property
    def standby(self) -> Side:
        """Where they would be."""
        return self.world.backup

    def settle(self, *changed: str) -> None:
        """Run hints about these people of the active pool, and whatever follows from them."""
        waiting = deque[tuple[Side, dict[str, Any], int]]()
        waiting.extend((self.active, {"local_sub": sub}, 0) for sub in changed)
        for _ in range(500):
            waiting.extend((side, hint, 0) for side, hint in self._arrived())
            if not waiting:
                return
            side, hint, tried = waiting.popleft()
            try:
                self.outcomes.append(side.run(hint, f"execution-{len(self.outcomes)}-{tried}#0"))
            except RetryableError as error:
                if tried < TRIES:
                    waiting.append((side, hint, tried + 1))
                    self._pass_time()
                else:
                    self.failed.append((side.region, error))
            except PermanentError as error:
                self.failed.append((side.region, error))
        raise AssertionError("it never comes to rest")

    def group(self, name: str) -> None:
        """A group of the active pool was made or changed."""
        self.active.run({"group": name})
        self.settle()

    def fail_over(self) -> None:
        """The Region that stood by claims, and both know."""
        claims = self.standby.context.records.read_claims()
        self.standby.context.records.put_claim(claims.next_number())
        self.settle()

    def claim_home(self) -> None:
        """The Region that was active first claims again; nothing has followed from it yet."""
        claims = self.active.context.records.read_claims()
        self.active.context.records.put_claim(claims.next_number())

    def twin(self, sub: str) -> PoolUser | None:
        """Somebody's user in the standby pool, by our ledger."""
        row = self.standby.ledger.read(Subject.user(sub))
        return self.standby.context.directory.get_user_by_sub(row.local_sub or "nobody")

    def shown(self, sub: str) -> dict[str, str]:
        """The attributes of somebody's user in the standby pool, but for Cognito's and ours."""
        twin = self.twin(sub)
        assert twin is not None
        own = ("sub", ORIGIN_SUB_ATTRIBUTE)
        return {name: value for name, value in twin.attributes.items() if name not in own}

    def not_held(self, sub: str) -> Mapping[str, str]:
        """What the standby's ledger says of the fields that its pool does not hold."""
        return self.standby.ledger.read(Subject.user(sub)).skipped

    def _arrived(self) -> list[tuple[Side, dict[str, Any]]]:
        found: list[tuple[Side, dict[str, Any]]] = []
        for side in (self.active, self.standby):
            for hint in side.bus.hints:
                side.bus.take(hint)
                found.append((side, hint.to_dict()))
        self.world.table.replicate_all()
        for side in (self.active, self.standby):
            for record in self.world.table.stream(side.region):
                self.world.table.take(side.region, record)
                if record.key.partition != CLAIM_KEY:
                    found.append((side, {"origin_sub": record.key.partition}))
        return found

    def _pass_time(self) -> None:
        for side in (self.active, self.standby):
            side.clock.advance(LEASE)


def stage(
    active: PoolConfig | None = None,
    standby: PoolConfig | None = None,
    roles: Mapping[str, Roles] | None = None,
) -> Stage:
    """Two pools; the standby's like the active one's, if nothing else is said."""
    active = active or PoolConfig()
    configs = {
        PRIMARY: pool_in(PRIMARY, active),
        BACKUP: pool_in(BACKUP, standby or active),
    }
    return Stage(World(configs=configs, roles=roles or {}))


def pool_with(**specs: AttributeSpec) -> PoolConfig:
    """A pool with these attributes besides the standard ones; `__` stands for a colon."""
    return PoolConfig(attributes={name.replace("__", ":"): spec for name, spec in specs.items()})


def pool_in(region: str, config: PoolConfig) -> PoolConfig:
    """The pool as one of ours: with our attribute."""
    attributes = {ORIGIN_SUB_ATTRIBUTE: AttributeSpec(), **config.attributes}
    return replace(config, pool_id=f"{region}_Pool", attributes=attributes)


def own_record(side: Side, sub: str) -> Record:
    """A Region's own record of somebody."""
    own = side.context.records.read(Subject.user(sub))[0].own
    assert own is not None
    return own
