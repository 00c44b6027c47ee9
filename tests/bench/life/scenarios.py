"""What is played, each with the default quotas of an account and what is reserved by default."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_standby.replication.domain.trigger_load import (
    account_concurrency,
    message_concurrency,
    sign_up_concurrency,
    trigger_concurrency,
)
from tests.bench.life.flows import BY_CODE, BY_RECOVERY, Step
from tests.bench.life.region import LivingRegion, Offered, Outcome
from tests.unit.world import BACKUP, PRIMARY

RESERVED = {
    "post_confirmation": trigger_concurrency(),
    "pre_sign_up": sign_up_concurrency(),
    "custom_message": message_concurrency(),
}
ACCOUNT = 1000
"""Invocations at once: Lambda's default; `account_concurrency` is what an installation needs."""
CODE, RECOVERY, FIRST = "by code", "by password", "first"
CODES_A_SECOND, RECOVERIES_A_SECOND = 120.0, 15.0

assert account_concurrency(sum(RESERVED.values())) <= ACCOUNT


@dataclass(frozen=True)
class Rush:
    """People a second, for so many seconds, after some in which a few have come."""

    codes: float = 0.0
    recoveries: float = 0.0
    seconds: float = 40.0
    warm: bool = True

    @property
    def begins(self) -> float:
        """When it does."""
        return sum(seconds for _, seconds in _RISE) if self.warm else 0.0

    def offered(self) -> list[Offered]:
        """All of it; who comes first to warm the processes is counted apart."""
        told: list[Offered] = []
        for name, flow, rate in self._flows():
            at = 0.0
            for share, seconds in _RISE if self.warm else ():
                told.append(Offered(f"{FIRST} {name}", flow, share * rate, seconds, at))
                at += seconds
            told.append(Offered(name, flow, rate, self.seconds, self.begins))
        return told

    def people(self) -> int:
        """Somebody recovers once; who comes by code can come again."""
        flows = self.offered()
        once = sum(round(each.rate * each.seconds) for each in flows)
        return once if self.recoveries else min(once, 200)

    def _flows(self) -> list[tuple[str, tuple[Step, ...], float]]:
        flows = ((CODE, BY_CODE, self.codes), (RECOVERY, BY_RECOVERY, self.recoveries))
        return [each for each in flows if each[2]]


_RISE = ((0.1, 5.0), (0.2, 5.0), (0.4, 5.0), (0.7, 5.0))
"""(share of the rate, seconds): how a rush begins where apps turn one after the other."""


def play(
    rush: Rush,
    *,
    limit: int = ACCOUNT,
    reserved: dict[str, int] | None = None,
    hangs: bool = False,
    parameter_hangs: bool = False,
) -> Outcome:
    """In the Region that took over."""
    region = LivingRegion(
        rush.people(),
        limit=limit,
        reserved=RESERVED if reserved is None else reserved,
        hangs=hangs,
        parameter_hangs=parameter_hangs,
    )
    return region.play(*rush.offered())


def turning(region: str, *, warm: bool, seconds: float = 20.0) -> tuple[Outcome, float]:
    """A failover in the midst of 120 sign-ins a second, in the Region that takes over or in the one
    from before; and when the claim was made.

    Warm: for as long before, processes have seen the role of before. Cold: nobody came until then.
    """
    rush = Rush(codes=CODES_A_SECOND, seconds=2 * seconds if warm else seconds, warm=warm)
    turns_at = rush.begins + (seconds if warm else 0.0)
    living = LivingRegion(
        rush.people(),
        limit=ACCOUNT,
        reserved=RESERVED,
        region=region,
        claims=((-1.0, PRIMARY, 1), (turns_at, BACKUP, 2)),
    )
    return living.play(*rush.offered()), turns_at


def needed(rush: Rush) -> Outcome:
    """Where nothing is reserved and nobody is refused by Lambda: `peak` and `peaks` are what that
    takes."""
    return play(rush, limit=_ENDLESS, reserved={})


_ENDLESS = 1_000_000
