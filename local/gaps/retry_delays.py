"""Gap: state machines ignore `MaxDelaySeconds` and `JitterStrategy`.

AWS waits `IntervalSeconds * BackoffRate ** attempt`, at most `MaxDelaySeconds`, and with
`JitterStrategy: FULL` a random time between zero and that (AWS Step Functions developer guide,
"Retrying after an error"). The emulator computes the delay from the first two fields alone.

Limits: the emulator still caps one delay at 60 seconds.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from local.patching import replace


def delay(retrier: dict[str, Any], attempt: int, draw: Callable[[float, float], float]) -> float:
    """Seconds before retry number `attempt` (from 0)."""
    seconds = float(retrier.get("IntervalSeconds", 1)) * (
        float(retrier.get("BackoffRate", 2.0)) ** attempt
    )
    seconds = min(seconds, float(retrier.get("MaxDelaySeconds", seconds)))
    return draw(0.0, seconds) if retrier.get("JitterStrategy") == "FULL" else seconds


def install() -> None:
    """Hand the emulator a retrier whose interval is the delay AWS would take."""
    from ministack.services import stepfunctions  # noqa: PLC0415

    draw = random.Random().uniform  # noqa: S311 - jitter, not a secret

    def wrap(find: Callable[..., Any]) -> Callable[..., Any]:
        def found(retriers: Any, error: str, counts: dict[int, int]) -> Any:
            retrier, index = find(retriers, error, counts)
            if retrier is None:
                return retrier, index
            seconds = delay(retrier, counts.get(index, 0), draw)
            return {**retrier, "IntervalSeconds": seconds, "BackoffRate": 1.0}, index

        return found

    replace(stepfunctions, "_find_matching_retrier", wrap)
