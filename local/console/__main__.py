"""`python -m local.console --outputs FILE`: the console of a running local AWS, its page included.
`local up` starts it, a process of its own: the emulator's has patches in it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cognito_standby.cli.commands.console import serve
from cognito_standby.cli.locate import LocationOptions, locate
from cognito_standby.console.web.app import More
from local.console.beside import DEMO, DemoPages
from local.console.demo import Demo
from local.remote import RemoteStage


def main(
    outputs: Annotated[Path, typer.Option(help="What `up` wrote.")],
    port: Annotated[int, typer.Option(help="On 127.0.0.1; 0: any.")] = 0,
) -> None:
    """Serve until it is ended; the address is the first line of the output."""
    options = LocationOptions(outputs=outputs)
    demo = Demo(RemoteStage(outputs))

    def tell(address: str) -> None:
        sys.stdout.write(f"{address}\n")
        sys.stdout.flush()

    serve(
        locate(options, outputs.parent, {}),
        options,
        port=port,
        actions=True,
        more=More(lambda site: DemoPages(site, demo).routes, (DEMO,), ("local.console",)),
        tell=tell,
    )


if __name__ == "__main__":
    typer.run(main)
