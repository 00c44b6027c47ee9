"""Twins of what the publication of the active pool needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cognito_standby.core.domain.epochs import Installation
from cognito_standby.core.domain.errors import LeaseHeldError, RefusedByPoolError, StandbyError
from cognito_standby.core.domain.roles import Active, active_of
from cognito_standby.recovery.domain.active_pool import ActivePool, Pool
from cognito_standby.recovery.ports import PublicationNote
from tests.twins.clock import ManualClock


@dataclass
class InMemoryClaimsAndPools:
    """ClaimsAndPools."""

    installation: Installation
    claims: dict[str, int] = field(default_factory=dict)
    stood_down: dict[str, str] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)

    def read(self) -> tuple[Active, Mapping[str, Pool]]:
        """What stands there now."""
        claims = self.installation.claims(self.claims)
        return active_of(claims, self.stood_down), dict(self.pools)


@dataclass
class InMemoryPublicationNotes:
    """PublicationNotes. `held_seconds`: how long the right lasts."""

    clock: ManualClock
    held_seconds: float
    note: PublicationNote = field(default_factory=PublicationNote)
    holder: str = ""
    until: float = 0.0

    def take(self, holder: str) -> PublicationNote:
        """The right, if nobody has it."""
        now = self.clock.now().timestamp()
        if self.holder and self.until >= now:
            raise LeaseHeldError("another run")
        self.holder, self.until = holder, now + self.held_seconds
        return self.note

    def keep(self, holder: str, note: PublicationNote) -> None:
        """Write it."""
        if self.holder != holder:
            raise LeaseHeldError("another run by now")
        self.note = note

    def give_back(self, holder: str) -> None:
        """Free again."""
        if self.holder == holder:
            self.holder = ""


@dataclass
class InMemoryPlace:
    """Place. `parameter`: which of the two texts it holds; `before_writing`: what happens then."""

    name: str
    parameter: bool
    text: str | None = None
    before_writing: Callable[[], None] = lambda: None
    history: list[str] = field(default_factory=list)

    def text_of(self, pool: ActivePool) -> str:
        """Its own text."""
        return pool.parameter if self.parameter else pool.document

    def read(self) -> str | None:
        """What is there."""
        return self.text

    def write(self, text: str) -> None:
        """Replace it."""
        self.before_writing()
        self.text = text
        self.history.append(text)


@dataclass
class InMemoryLimit:
    """SignInLimit: between the default and what Service Quotas allows."""

    default: int = 120
    most: int = 1200
    value: int = 120
    fails: StandbyError | None = None

    def now(self) -> int:
        """As it is."""
        if self.fails:
            raise self.fails
        return self.value

    def set(self, to: int) -> None:
        """Within the limits of the limit."""
        if not self.default <= to <= self.most:
            raise RefusedByPoolError("UpdateProvisionedLimit: out of range")
        self.value = to


@dataclass
class InMemoryNotices:
    """Notices."""

    told: list[tuple[str, str]] = field(default_factory=list)
    fails: StandbyError | None = None

    def tell(self, subject: str, text: str) -> None:
        """Remember it."""
        if self.fails:
            raise self.fails
        self.told.append((subject, text))
