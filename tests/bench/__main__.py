"""Prints cold start, package size, calls and transitions for each change, how reconciliation does
with pools of up to 5 million users, how long a restore of everybody takes, and how many a second
get in after a failover. Writes nothing, but a picture with `--chart`."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
import zipfile
from io import BytesIO
from pathlib import Path

from rich.console import Console
from rich.table import Table

from cognito_standby.reconciliation.settings import RunConfig
from stacks.config.replay import QUOTA_SHARE
from tests.bench.backlog import Backlog
from tests.bench.calls import Counts, count_calls
from tests.bench.life.__main__ import report as life
from tests.bench.reconcile.__main__ import PICTURE, bench
from tests.bench.restore import SAMPLE, USERS, report

ROOT = Path(__file__).resolve().parents[2]
_RUNS = 15
_TRIGGERS = (
    *("post_confirmation", "pre_sign_up", "pre_token_generation"),
    *("pre_authentication", "custom_message", "user_migration"),
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chart", action="store_true", help=f"write docs/{PICTURE.name}")
    arguments = parser.parse_args()
    console = Console()
    imports = [f"import tasks.{name}" for name in _TRIGGERS]
    *triggers, boto3, bare = _start_seconds(*imports, "import boto3", "")
    table = Table(title="Triggers")
    table.add_column("figure")
    table.add_column("value", justify="right")
    for name, seconds in zip(_TRIGGERS, triggers, strict=True):
        ratio = (seconds - bare) / (boto3 - bare)
        table.add_row(f"import of {name}, median", f"{(seconds - bare) * 1000:.0f} ms")
        table.add_row("ratio to a bare `import boto3`, same run", f"{ratio:.2f}")
    table.add_row("bare `import boto3`, median", f"{(boto3 - bare) * 1000:.0f} ms")
    table.add_row("our code, zipped", f"{_zipped('cognito_standby', 'tasks') / 1024:.0f} KiB")
    table.add_row("dependency layer, zipped", f"{_zipped('build/layer') / 1024 / 1024:.1f} MiB")
    console.print(table)
    console.print(_calls_table(count_calls()))
    console.print(f"A backlog: {Backlog(100_000, QUOTA_SHARE).run()}")
    console.print(f"After a failover: {life()}")
    console.print(f"A restore: {report(USERS, SAMPLE, RunConfig().concurrency)}")
    bench(console, draw=arguments.chart, large=True)


def _calls_table(steps: list[Counts]) -> Table:
    table = Table(title="One replicated change (moto, counted at the SDK)")
    for title in ("change", "step", "AWS calls", "of these Cognito", "transitions"):
        table.add_column(title, justify="left" if title in ("change", "step") else "right")
    for step in steps:
        table.add_row(
            step.change,
            step.step,
            str(sum(step.calls.values())),
            str(step.cognito),
            str(step.transitions),
        )
    return table


def _start_seconds(*codes: str) -> list[float]:
    """Medians; the candidates take turns, so that a busy machine is busy for all of them."""
    runs: dict[str, list[float]] = {code: [] for code in codes}
    for _ in range(_RUNS):
        for code, seconds in runs.items():
            started = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
            seconds.append(time.perf_counter() - started)
    return [statistics.median(seconds) for seconds in runs.values()]


def _zipped(*folders: str) -> int:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for folder in folders:
            for path in sorted((ROOT / folder).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    archive.write(path, path.relative_to(ROOT))
    return buffer.tell()


if __name__ == "__main__":
    main()
