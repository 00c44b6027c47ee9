"""What a synthesis is told of the deployment it is for, by the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping

UNPROTECTED = "COGNITO_STANDBY_UNPROTECTED"
"""Parts whose stacks do not stand yet, separated by commas: "data" or a Region."""

STREAMS = "COGNITO_STANDBY_STREAMS"
"""JSON: Region -> ARN of the records table's stream as it is now."""


def deployment(environ: Mapping[str, str]) -> tuple[frozenset[str], dict[str, str]]:
    """Unprotected parts and streams; nothing told: everything is protected, no stream seen."""
    parts = frozenset(part for part in environ.get(UNPROTECTED, "").split(",") if part)
    streams = json.loads(environ.get(STREAMS) or "{}")
    return parts, {str(region): str(arn) for region, arn in streams.items()}


def variables(unprotected: frozenset[str], streams: Mapping[str, str]) -> dict[str, str]:
    """The environment that `deployment` reads."""
    told = {UNPROTECTED: ",".join(sorted(unprotected))}
    return {**told, STREAMS: json.dumps(dict(sorted(streams.items())))}
