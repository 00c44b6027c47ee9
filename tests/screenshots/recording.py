"""`python -m tests.screenshots.recording`: what `make demo` says and when, as docs/demo.svg.

A picture that moves by CSS alone, so that it plays where scripts do not, as in a README.
"""

from __future__ import annotations

import io
import time
from pathlib import Path

from rich.console import Console

from local.demo.command import demo
from tests.screenshots.moving import Written, moving

PICTURE = Path(__file__).parents[2] / "docs" / "demo.svg"
_PEOPLE, _WIDTH = 12, 92


class Timed(io.StringIO):
    """Knows when how many rows were there."""

    def __init__(self) -> None:
        super().__init__()
        self._began, self._rows, self.written = time.monotonic(), 0, list[Written]()

    def write(self, text: str) -> int:
        """Of a console, which writes once a print."""
        self._rows += text.count("\n")
        self.written.append(Written(time.monotonic() - self._began, self._rows))
        return len(text)


def main() -> int:
    """Play it and write it. The exit code is the demo's; one that failed leaves no picture."""
    told, out = Timed(), Console()
    recorded = Console(record=True, width=_WIDTH, file=told)
    if not demo(recorded, "username", _PEOPLE):
        out.print("the pools do not agree: nothing was drawn", recorded.export_text())
        return 1
    PICTURE.write_text(moving(recorded, told.written))
    out.print(f"wrote docs/{PICTURE.name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
