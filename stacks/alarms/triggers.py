"""Alarms of the triggers that are asked while somebody signs up or in, but for PostConfirmation."""

from __future__ import annotations

from collections.abc import Iterator

from cognito_standby.core.domain.metrics import Metric
from stacks.alarms.construct import AlarmSpec
from stacks.config.model import Config
from stacks.config.triggers import SLOTS
from stacks.constructs.monitoring import metrics
from stacks.names import Names

RUNBOOK = "sign-in-triggers"
SLOW_MS = 4000
"""Cognito gives up at 5,000 ms, and the person sees an error."""
_TOLD = {
    "pre_sign_up": "People who sign up see an error: the PreSignUp trigger",
    "pre_token_generation": "People who sign in see an error: the PreTokenGeneration trigger",
    "pre_authentication": "People who sign in see an error: the PreAuthentication trigger",
    "custom_message": "People who wait for a code see an error: the CustomMessage trigger",
}
_REFUSED = {
    "pre_sign_up": Metric.SIGN_UPS_REFUSED,
    "pre_token_generation": Metric.TOKENS_REFUSED,
    "pre_authentication": Metric.SIGN_INS_REFUSED,
    "custom_message": Metric.MESSAGES_REFUSED,
}
"""Refusals of ours. Cognito is told of one by an error, so Lambda counts them all as errors."""


def held_up(task: str, runbook: str, told: str, function: str) -> Iterator[AlarmSpec]:
    """Lambda does not start it, or it takes nearly as long as Cognito waits. `told`: who suffers,
    and by which trigger."""
    yield AlarmSpec(
        f"{task}-throttles",
        runbook,
        f"{told} is throttled by Lambda.",
        metrics.function(function, "Throttles"),
    )
    yield AlarmSpec(
        f"{task}-slow",
        runbook,
        f"{told} takes nearly Cognito's 5 s.",
        metrics.function(function, "Duration", "Maximum"),
        threshold=SLOW_MS,
        periods=5,
        points=2,
    )


def alarms(names: Names, config: Config) -> Iterator[AlarmSpec]:
    """For each trigger, for the fence and for the claim.

    Where an owner's function is asked, its refusals are errors of ours, too, and nothing to wake
    anybody for.
    """
    for slot in SLOTS:
        function = names.function(slot)
        if config.triggers.owners[slot].primary_function is None:
            errors = metrics.function(function, "Errors")
            yield AlarmSpec(
                f"{slot}-errors",
                RUNBOOK,
                f"{_TOLD[slot]} fails.",
                metrics.but_for(errors, metrics.own(names, _REFUSED[slot], "Sum")),
                periods=3,
                points=2,
            )
        yield from held_up(slot, RUNBOOK, _TOLD[slot], function)
    yield AlarmSpec(
        "roles-unread",
        RUNBOOK,
        "The fence goes by what was last known: the claims cannot be read in time.",
        metrics.own(names, Metric.ROLES_UNREAD, "Sum", 300),
        periods=3,
        points=2,
    )
    yield AlarmSpec(
        "claims-unread",
        RUNBOOK,
        "Tokens go without their origin sub: the ledger cannot be read in time.",
        metrics.own(names, Metric.CLAIMS_UNREAD, "Sum", 300),
        periods=3,
        points=2,
    )
