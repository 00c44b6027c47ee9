"""Workers tell what somebody reads: two messages of a test, not six.

Of nine thousand tests a worker sends the beginning, the end and three reports each, and the process
that hears them spends as much time on it as a small test takes. It shows, and counts, the report of
the test itself, and what went wrong before or after it.
"""

from __future__ import annotations

from typing import Any

_READ_BY_NOBODY = {"logstart", "logfinish"}


def pytest_plugin_registered(plugin: Any) -> None:
    """The one that talks to the controlling process: the only plugin of a worker that is known by
    its name alone, as xdist runs its module from the source."""
    if type(plugin).__name__ != "WorkerInteractor":
        return
    asked = plugin.config.option
    if (
        asked.durations is not None or asked.xmlpath
    ):  # then somebody reads what a fixture took, or noted
        return
    send = plugin.sendevent

    def send_what_is_read(name: str, **told: Any) -> None:
        if name in _READ_BY_NOBODY or (name == "testreport" and _is_plain(told["data"])):
            return
        send(name, **told)

    plugin.sendevent = send_what_is_read


def _is_plain(report: dict[str, Any]) -> bool:
    """A fixture that was made, or removed, as it should be."""
    return bool(report["when"] != "call" and report["outcome"] == "passed")
