"""`standby resend-events`: replay a bus's archive. Hints only say who may have changed, so that
replaying them once more changes nothing: each execution finds the subject in sync and ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cognito_standby.core.domain.errors import StandbyError
from cognito_standby.operator.ports import ReplayProgress, ReplayState
from cognito_standby.operator.services.context import OperatorContext, told

_POLL_SECONDS = 1.0
_NAME = "standby-resend-%Y%m%dT%H%M%S%f"


@dataclass(frozen=True)
class Resent:
    """What came of one Region's replay. `name` is the replay's, "" when none was started."""

    region: str
    name: str
    state: str
    reason: str = ""

    @property
    def completed(self) -> bool:
        """Whether every event of the time was sent again."""
        return self.state == ReplayState.COMPLETED


def resend(
    ctx: OperatorContext,
    since: datetime,
    until: datetime,
    wait_seconds: float,
    progress: Callable[[float], None] = lambda _share: None,
) -> Resent:
    """Start a replay and follow it. `progress` is told the share done, 0 to 1."""
    if ctx.archive is None:
        reason = "the installation has no archive (no stack output ArchiveName): deploy it anew"
        return Resent(ctx.region, "", "not started", reason)
    name = ctx.clock.now().strftime(_NAME)[:64]
    try:
        ctx.archive.start(name, since, until)
    except StandbyError as error:
        return Resent(ctx.region, "", "not started", told(error))
    deadline = ctx.clock.now() + timedelta(seconds=wait_seconds)
    try:
        while (seen := ctx.archive.progress(name)).state not in ReplayState.ENDS:
            progress(_share(seen, since, until))
            if ctx.clock.now() >= deadline:
                reason = f"still running after {wait_seconds:.0f} s; it goes on by itself"
                return Resent(ctx.region, name, seen.state, reason)
            ctx.pause(_POLL_SECONDS)
    except StandbyError as error:
        reason = f"not followed any more ({told(error)}); it goes on by itself"
        return Resent(ctx.region, name, "unknown", reason)
    progress(1.0)
    return Resent(ctx.region, name, seen.state, seen.reason)


def exit_code(results: list[Resent]) -> int:
    """0: all completed; 1: some did not; 2: nothing was started."""
    if not any(result.name for result in results):
        return 2
    return 0 if all(result.completed for result in results) else 1


def _share(seen: ReplayProgress, since: datetime, until: datetime) -> float:
    if seen.reached is None or until <= since:
        return 0.0
    return min(1.0, max(0.0, (seen.reached - since) / (until - since)))
