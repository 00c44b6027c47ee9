"""Changes a pool's triggers and nothing else, and looks afterwards.

UpdateUserPool knows no condition: whoever changes the pool between our look and our call loses
their change. So a second look comes right before the call, and whatever differs from the first
ends it; what is left of the gap is one request long.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from cognito_standby.adoption.domain.attachment import (
    OF_THE_FENCE,
    SLOTS,
    Attachment,
    Ours,
    as_meant,
    attach,
    detach,
    turned,
)
from cognito_standby.adoption.domain.pool_update import (
    PoolSettings,
    UnknownFieldError,
    changed_besides,
    update_of,
)
from cognito_standby.adoption.ports import Functions, NotSeenError, SettingsOfPool


class NotAttachedError(Exception):
    """Nothing was changed; the text says why."""


class NotComparedError(Exception):
    """The triggers may have been changed, and what else was is not known; the text says why."""


class DisturbedError(Exception):
    """The triggers were changed, and something else with them, or they are not as was meant."""

    def __init__(self, settings: tuple[str, ...], before: PoolSettings) -> None:
        super().__init__(", ".join(settings))
        self.settings = settings
        self.before = before


@dataclass(frozen=True)
class Installed:
    """A Region's side: its pool, our functions by task, and whether it has a fence."""

    region: str
    pool_id: str
    functions: Mapping[str, str]
    fenced: bool

    @property
    def useful(self) -> tuple[str, ...]:
        """The triggers that do something here."""
        there = (task for task in SLOTS if task in self.functions)
        return tuple(task for task in there if self.fenced or task not in OF_THE_FENCE)


@dataclass(frozen=True)
class Planned:
    """What is to be done to a pool, as it was seen."""

    side: Installed
    seen: PoolSettings
    attachment: Attachment


def plan_attach(
    side: Installed, pools: SettingsOfPool, functions: Functions, wanted: Collection[str]
) -> Planned:
    """NotAttachedError: a function is not there, may not be asked, or the pool cannot be changed
    without harm."""
    if missing := sorted(set(wanted) - side.functions.keys()):
        raise NotAttachedError(
            f"the stack has no function for {', '.join(missing)}: switch it on in cdk.json and "
            "deploy first"
        )
    seen, ours = pools.described(), _ours(side, functions)
    for task in wanted:
        if (asks := ours[task].asks) and functions.is_gone(asks):
            raise NotAttachedError(
                f"{task} asks {asks}, which is not there: put it right in cdk.json "
                f"(triggers.{task}) and deploy first"
            )
        if not functions.lets_in(side.functions[task], str(seen.fields["Arn"])):
            raise NotAttachedError(
                f"Cognito may not call {side.functions[task]} for the pool {side.pool_id}: deploy "
                "for this pool first"
            )
    planned = Planned(side, seen, attach(seen.triggers, ours, wanted))
    _require_known(planned)
    return planned


def plan_detach(side: Installed, pools: SettingsOfPool, functions: Functions) -> Planned:
    """NotAttachedError: as above. The pool as it is now, whoever changed it since."""
    seen = pools.described()
    planned = Planned(side, seen, detach(seen.triggers, _ours(side, functions)))
    _require_known(planned)
    return planned


def _ours(side: Installed, functions: Functions) -> dict[str, Ours]:
    return {task: Ours(arn, functions.asked_by(arn)) for task, arn in side.functions.items()}


def _require_known(planned: Planned) -> None:
    try:
        update_of(planned.seen, planned.seen.triggers)
    except UnknownFieldError as error:
        raise NotAttachedError(
            f"the pool has settings that this release does not know and would set back: {error}. "
            "Nothing was changed. Set the triggers in the console, or install a newer release"
        ) from None


def carry_out(planned: Planned, pools: SettingsOfPool) -> None:
    """NotAttachedError: the pool was changed meanwhile, or the call was refused. DisturbedError,
    NotComparedError."""
    if not planned.attachment.turns:
        return
    seen, now = planned.seen, pools.described()
    if changed_besides(seen, now) or seen.triggers != now.triggers:
        raise NotAttachedError(
            "somebody changed the pool meanwhile. Nothing was changed: run it again"
        )
    meant = turned(now.triggers, planned.attachment.turns)
    refused = _updated(pools, update_of(now, meant))
    after = _compared(pools)
    if refused and after.triggers == now.triggers and not changed_besides(now, after):
        raise NotAttachedError(f"{refused}: nothing was changed")
    if after.mfa != now.mfa:
        after = _with_factors(pools, now, after)
    wrong = changed_besides(now, after)
    if not as_meant(after.triggers, meant):
        wrong = ("LambdaConfig", *wrong)
    if wrong:
        raise DisturbedError(wrong, now)


def _updated(pools: SettingsOfPool, request: Mapping[str, Any]) -> str:
    """Why it was refused; or no answer came, and it may have been done all the same."""
    try:
        pools.update(request)
    except NotSeenError as error:
        return str(error)
    return ""


def _compared(pools: SettingsOfPool) -> PoolSettings:
    try:
        return pools.described()
    except NotSeenError as error:
        raise NotComparedError(str(error)) from None


def _with_factors(pools: SettingsOfPool, now: PoolSettings, after: PoolSettings) -> PoolSettings:
    """With the second factors as they were, if they can be set."""
    try:
        pools.set_mfa(now.mfa)
    except NotSeenError:
        return after
    return _compared(pools)
