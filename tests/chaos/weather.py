"""The faults of a run, all drawn from its seed."""

from __future__ import annotations

from local.faults import Fault, FaultKind, How

_EACH_CALL = (
    {"code": "internal", "rate": 0.08},
    {"code": "throttled", "rate": 0.08},
    {"code": "cut", "rate": 0.03},
    {"code": "internal", "rate": 0.03, "after": True},
)
"""Together 20 % of every attempt of every call that the functions make."""

_PERMANENT = (
    {"service": "cognito-idp", "code": "InvalidParameterException", "rate": 0.002},
    {"service": "dynamodb", "code": "AccessDeniedException", "rate": 0.002},
)
"""What no machine retries: it fails in place, leaves its lease and becomes a dead letter."""

_KILLED_AFTER = (0.02, 0.08, 0.2)
STEPS = ("*_sync", "*_record", "*_failure*", "*_members")
"""The machines' functions, and no trigger: a person would see its death, whatever we do."""


def weather(seed: int) -> list[Fault]:
    """What is wrong from the beginning to the end of the faults."""
    calls = [Fault(FaultKind.ERROR, seed=seed + n, **each) for n, each in enumerate(_EACH_CALL)]  # type: ignore[arg-type]
    refusals = [Fault(FaultKind.ERROR, seed=seed, **each) for each in _PERMANENT]  # type: ignore[arg-type]
    kills = [
        Fault(FaultKind.KILL, function=steps, rate=0.01, seconds=seconds, seed=seed + n)
        for n, seconds in enumerate(_KILLED_AFTER)
        for steps in STEPS
    ]
    streams = [
        Fault(FaultKind.DUPLICATE, rate=0.2, seconds=0.7, seed=seed),
        Fault(FaultKind.REORDER, rate=0.2, seconds=1.2, seed=seed),
    ]
    edges = [
        Fault(FaultKind.EDGE, edge="rule->machine", rate=0.1, seed=seed),
        Fault(FaultKind.EDGE, edge="pipe->machine", rate=0.1, seed=seed),
        Fault(FaultKind.EDGE, edge="machine->lambda", rate=0.03, seed=seed),
        Fault(FaultKind.EDGE, edge="machine->lambda", rate=0.02, code="throttled", seed=seed + 1),
        Fault(FaultKind.EDGE, edge="machine->[ds]*", rate=0.1, seed=seed + 2),
    ]
    return [*calls, *refusals, *kills, *streams, *edges]


def darkness(region: str) -> Fault:
    """A Region that does not answer."""
    return Fault(FaultKind.DARK, region=region, how=How.REFUSE)
