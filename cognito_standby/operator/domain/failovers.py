"""A failover that failed, as an operator meets it among other failures. Pure.

Redriven by its ARN it would go on alone. The command looks again, has both machines go on, and
follows them.
"""

from __future__ import annotations

import re

from cognito_standby.failures.domain.executions import Execution, object_in

_FAILOVER = re.compile(r":execution:[^:]*-(fail_over|stand_down):")


def is_failover(arn: str) -> bool:
    """Whether an execution is of one of the two machines."""
    return _FAILOVER.search(arn) is not None


def command_of(execution: Execution, region: str) -> str:
    """The command that goes on with it; "": it is no failover, or was started by hand without
    saying how. `region`: where it ran."""
    found, given = _FAILOVER.search(execution.arn), object_in(execution.input)
    if found is None:
        return ""
    if found[1] == "fail_over":
        to, how = region, str(given.get("mode", ""))
    else:
        to, how = str(given.get("target", "")), "abort" if given.get("abort") else "planned"
    return f"standby failover --to {to} --{how}" if to and how else ""
