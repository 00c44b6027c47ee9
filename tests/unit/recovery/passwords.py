"""Both Regions, one of which is about to open, with people who set passwords."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from cognito_standby.core.domain.changed_passwords import AfterFailback
from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.core.domain.subjects import Subject
from cognito_standby.recovery.domain.changed_passwords import Outcome, Progress
from cognito_standby.recovery.services.changed_passwords import begin, reset_changed
from cognito_standby.recovery.services.password_ports import ResetContext
from tests.twins.clock import NumberedPasswords
from tests.twins.pacing import VirtualPacer
from tests.twins.pool.config import AttributeSpec, PoolConfig
from tests.twins.pool.errors import CognitoError
from tests.twins.stores.password_notes import InMemoryResetNotes, SharedPasswordNotes
from tests.unit.world import BACKUP, PRIMARY, World

HOLDER = "fail_over#0"


class Sessions:
    """Sessions of a pool; `fail` makes calls die before their effect."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.fail = 0

    def end_all(self, username: str) -> None:
        """Sign somebody out."""
        if self.fail:
            self.fail -= 1
            raise StandbyError("died")
        self.ended.append(username)


def _config(region: str) -> PoolConfig:
    return PoolConfig(pool_id=f"{region}_Pool", attributes={"custom:origin_sub": AttributeSpec()})


@dataclass
class Passwords:
    """The world, and what the resets of each Region did."""

    policy: AfterFailback = AfterFailback.RESET_CHANGED
    world: World = field(
        default_factory=lambda: World(configs={each: _config(each) for each in (PRIMARY, BACKUP)})
    )
    told: dict[str, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.notes = SharedPasswordNotes(page=1)
        self.sides = {side.region: side for side in (self.world.primary, self.world.backup)}
        self.sessions = {region: Sessions() for region in self.sides}
        self.resets = {
            region: InMemoryResetNotes(side.ledger) for region, side in self.sides.items()
        }
        for region, side in self.sides.items():
            side.context = replace(side.context, password_notes=self.notes.store(region))
        self.numbers = {PRIMARY: 1, BACKUP: 0}
        self.given = 0
        self.unknown = {region: NumberedPasswords(7_000) for region in self.sides}

    def person(self, name: str, born: str = PRIMARY) -> str:
        """Somebody who signed up in a Region and is in both pools; the origin sub."""
        pool = self.sides[born].pool
        account = pool.admin_create_user(name, {"email": f"{name}@example.com"})
        pool.admin_set_user_password(name, first_password(name), permanent=True)
        self.hint(born, account.sub, "PostConfirmation_ConfirmSignUp")
        self.settle()
        return account.sub

    def settle(self) -> None:
        """Let everything arrive and be replayed."""
        table = self.world.table
        table.replicate_all()
        for region, side in self.sides.items():
            for record in table.stream(region):
                table.take(region, record)
                if record.subject is not None:
                    side.run({"origin_sub": record.key.partition, "cause": "replica_stream"})

    def local_sub(self, region: str, sub: str) -> str:
        """Somebody's sub in a Region's pool."""
        return self.sides[region].ledger.read(Subject.user(sub)).local_sub

    def hint(self, region: str, sub: str, cause: str, at: str = "") -> None:
        """What says that somebody may have changed."""
        side = self.sides[region]
        at = at or side.clock.now().isoformat()
        pool = side.pool.config.pool_id
        side.run({"local_sub": sub, "cause": cause, "hinted_at": at, "user_pool_id": pool})

    def set(self, region: str, sub: str, *, noted: bool = True) -> str:
        """Somebody sets a password in a Region; the password. Not `noted`: the hint is late."""
        self.given += 1
        password = f"Bb2!{self.given:08d}"
        local = self.local_sub(region, sub)
        self.sides[region].clock.advance(60)
        self.sides[region].pool.admin_set_user_password(local, password, permanent=True)
        if noted:
            self.hint(region, local, "PostConfirmation_ConfirmForgotPassword")
            self.settle()
        return password

    def context(self, region: str, seconds: float = 240.0) -> ResetContext:
        """For one attempt, whose time begins now."""
        side = self.sides[region]
        return ResetContext(
            region=region,
            policy=self.policy,
            directory=side.context.directory,
            sessions=self.sessions[region],
            records=side.context.records,
            passwords_set=self.notes.store(region),
            ledger=side.ledger,
            resets=self.resets[region],
            passwords=self.unknown[region],
            pacer=VirtualPacer(side.clock, {}, seconds),
        )

    def reset(
        self,
        region: str,
        since: int | None = None,
        seconds: float = 240.0,
        at: Progress | None = None,
    ) -> Progress:
        """One attempt, from the beginning or from where another one came to."""
        self.told.clear()
        ctx = self.context(region, seconds)
        return reset_changed(ctx, at or begin(ctx, since), HOLDER, self._tell)

    def _tell(self, subject: Subject, outcome: Outcome) -> None:
        assert subject.key not in self.told, "an outcome for each person, once"
        self.told[subject.key] = outcome

    def claim(self, region: str) -> None:
        """A Region opens."""
        self.numbers[region] = 1 + max(self.numbers.values())
        self.sides[region].context.records.put_claim(self.numbers[region])
        self.settle()

    def opens(self, region: str, sub: str, password: str) -> bool:
        """Whether a password opens a Region's pool."""
        try:
            self.sides[region].pool.sign_in(self.local_sub(region, sub), password)
        except CognitoError:
            return False
        return True


def first_password(name: str) -> str:
    """With what somebody signed up."""
    return f"Aa1!{name}aaaaaa"
