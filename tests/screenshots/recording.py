"""`python -m tests.screenshots.recording`: what `make demo` says and when, as docs/demo.svg, and
the console beside `make up`, from a sign-up to a failover, as docs/console/recording.svg.

Pictures that move by CSS alone, so that they play where scripts do not, as in a README.
"""

from __future__ import annotations

import io
import tempfile
import time
from pathlib import Path

from rich.console import Console

from local.demo.command import demo
from tests.browser import running_browser
from tests.e2e.console_window import window_of
from tests.e2e.local_stage import deployed
from tests.screenshots.frames import HEIGHT, WIDTH, film
from tests.screenshots.moving import Written, moving
from tests.screenshots.story import Story

DOCS = Path(__file__).parents[2] / "docs"
DEMO, CONSOLE = DOCS / "demo.svg", DOCS / "console" / "recording.svg"
_PEOPLE, _WIDTH = 12, 92
_TITLE = (
    "A recording of the console: somebody signs up and arrives in the other Region, a change fails "
    "and is redriven, a Region goes dark and the other one takes over"
)


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
    """Play both and write them. The exit code is the demo's; one that failed leaves no picture."""
    told, out = Timed(), Console()
    recorded = Console(record=True, width=_WIDTH, file=told)
    if not demo(recorded, "username", _PEOPLE):
        out.print("the pools do not agree: nothing was drawn", recorded.export_text())
        return 1
    DEMO.write_text(moving(recorded, told.written))
    out.print(f"wrote docs/{DEMO.name}; now the console, some minutes")
    CONSOLE.write_text(_console())
    out.print(f"wrote docs/console/{CONSOLE.name}")
    return 0


def _console() -> str:
    """On a stage of its own, with waits as they are."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_browser() as browser,
        deployed("username", Path(scratch)) as stage,
        window_of(browser, stage, Path(scratch), "standby") as window,
    ):
        window.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        story = Story(stage, window)
        story.prepare()
        story.play()
        return film(story.frames, _TITLE, still=0)


if __name__ == "__main__":
    raise SystemExit(main())
