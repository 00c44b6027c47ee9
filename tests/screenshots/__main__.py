"""`python -m tests.screenshots`: the console's pages as docs/console shows them, drawn by the
Chromium of this machine from the tests' twins, so that they are the same each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console

from cognito_standby.console.web.app import Server, bound
from tests.browser import SIZES, enter, running_browser
from tests.unit.console.console_world import ConsoleWorld
from tests.unit.console.furnished import ARN, furnish
from tests.unit.operator.operator_world import OTHER

FOLDER = Path(__file__).parents[2] / "docs" / "console"
PICTURES = {
    "overview-desk": ("/", "desk", "light"),
    "overview-phone": ("/", "phone", "dark"),
    "execution-desk": (f"/execution?region={OTHER}&arn={ARN}", "desk", "light"),
    "failover-desk": (f"/do/failover?to={OTHER}&mode=planned&accept=letters", "desk", "dark"),
}
"""Name -> page, size, colours."""
_TALLEST = 1290
"""Pixels: the lower end of a long page shows nothing that its upper end does not promise."""


def main() -> None:
    """Write all of them."""
    FOLDER.mkdir(exist_ok=True)
    listening = bound(0)
    world = ConsoleWorld(port=listening.getsockname()[1])
    furnish(world)
    server = Server(world.app, listening)
    thread = server.start()
    with running_browser() as browser:
        page = browser.new_page()
        enter(page, world.keys.address)
        page.wait_for_selector("dl")
        for name, (path, size, colours) in PICTURES.items():
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme="dark" if colours == "dark" else "light")
            page.goto(f"http://127.0.0.1:{world.keys.port}{path}")
            if path == "/":
                page.wait_for_selector("dl")
            page.locator("h1").wait_for()
            whole = int(page.evaluate("document.documentElement.scrollHeight"))
            shown = min(whole, _TALLEST) if size == "desk" else height
            part: Any = {"x": 0, "y": 0, "width": width, "height": shown}
            page.screenshot(path=FOLDER / f"{name}.png", full_page=True, clip=part, scale="css")
    server.stop()
    thread.join(10)
    Console().print(f"wrote {len(PICTURES)} pictures to docs/console/")


if __name__ == "__main__":
    main()
