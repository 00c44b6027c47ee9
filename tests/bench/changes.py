"""How long a change takes over the Admin API of the local AWS, from the request to its answer.

`python -m tests.bench.changes --changes 60`
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Annotated

import typer

from tests.e2e.admin_client import AdminClient
from tests.e2e.local_stage import deployed


def main(
    changes: Annotated[int, typer.Option(help="How many, one after another.")] = 60,
    warm: Annotated[int, typer.Option(help="Before that, unmeasured.")] = 5,
) -> None:
    """Deploy, change one user over and over, and tell the quantiles."""
    with (
        tempfile.TemporaryDirectory() as folder,
        deployed("username", Path(folder)) as stage,
    ):
        api = AdminClient(stage, stage.outputs.primary)
        api.call("POST", "/users", {"username": "bench"})
        took, accepted = [], 0
        for number in range(changes + warm):
            began = time.perf_counter()
            answer = api.call("PATCH", "/users/bench", {"attributes": {"nickname": f"n{number}"}})
            if number >= warm:
                took.append(time.perf_counter() - began)
                accepted += answer.status == 202
        cuts = quantiles(took, n=100)
        typer.echo(
            f"{changes} changes: p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s, 202: {accepted}"
        )


if __name__ == "__main__":
    typer.run(main)
